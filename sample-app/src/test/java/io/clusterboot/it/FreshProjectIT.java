package io.clusterboot.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A project that knows nothing but the three steps of {@code README.md}.
 */
class FreshProjectIT {

	private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

	private static final List<String> MODULES = List.of("cluster-spring-boot-autoconfigure",
			"cluster-spring-boot-starter");

	private static final String POM = """
			<project>
				<modelVersion>4.0.0</modelVersion>
				<groupId>com.example</groupId>
				<artifactId>app</artifactId>
				<version>1</version>
				<properties>
					<maven.compiler.release>17</maven.compiler.release>
					<project.build.sourceEncoding>UTF-8</project.build.sourceEncoding>
				</properties>
				<dependencyManagement>
					<dependencies>
						<dependency>
							<groupId>org.springframework.boot</groupId>
							<artifactId>spring-boot-dependencies</artifactId>
							<version>%1$s</version>
							<type>pom</type>
							<scope>import</scope>
						</dependency>
					</dependencies>
				</dependencyManagement>
				<dependencies>
					<dependency>
						<groupId>org.springframework.boot</groupId>
						<artifactId>spring-boot-starter-webmvc</artifactId>
					</dependency>
			%2$s
				</dependencies>
				<build>
					<finalName>app</finalName>
					<plugins>
						%3$s
						<plugin>
							<groupId>org.springframework.boot</groupId>
							<artifactId>spring-boot-maven-plugin</artifactId>
							<version>%1$s</version>
							<executions>
								<execution>
									<goals>
										<goal>repackage</goal>
									</goals>
								</execution>
							</executions>
						</plugin>
					</plugins>
				</build>
			</project>
			""";

	private static final String APPLICATION = """
			package com.example;

			import org.springframework.boot.SpringApplication;
			import org.springframework.boot.autoconfigure.SpringBootApplication;
			import org.springframework.web.bind.annotation.GetMapping;
			import org.springframework.web.bind.annotation.RestController;

			@RestController
			@SpringBootApplication
			public class App {

				public static void main(String[] args) {
					SpringApplication.run(App.class, args);
				}

				@GetMapping("/")
				String hello() {
					return "pid=" + ProcessHandle.current().pid();
				}

			}
			""";

	@TempDir
	private Path project;

	@Test
	void projectThatFollowsTheReadmeIsAClusterThatReloads(TestInfo test) throws IOException {
		ClusterLauncher launcher = new ClusterLauncher(test).jar(build())
			// So that the most there can be are two
			.moreJvmOptions("-XX:ActiveProcessorCount=2")
			.workers("");
		try (ClusterProcess cluster = launcher.start()) {
			ClusterStatus before = cluster.awaitSettled();
			assertThat(before.workers()).hasSize(2);
			awaitAnswersOfAll(cluster, before);
			ClusterStatus after = cluster.awaitReload(cluster.reload("").id());
			assertThat(after.pids()).hasSize(2).doesNotContainAnyElementsOf(before.pids());
			awaitAnswersOfAll(cluster, after);
			if (StatusIT.isRoot()) {
				assertThat(StatusIT.curlAsNobody(cluster.port(), "/reload")).endsWith(" 403");
				assertThat(cluster.awaitSettled().pids()).isEqualTo(after.pids());
			}
		}
	}

	private void awaitAnswersOfAll(ClusterProcess cluster, ClusterStatus status) {
		Set<Long> answered = new HashSet<>();
		cluster.await("answers of both workers", () -> {
			answered.add(cluster.get("/").pid());
			return answered.containsAll(status.pids());
		});
		assertThat(answered).isEqualTo(status.pids());
	}

	private Path build() throws IOException {
		Path maven = Path.of(System.getProperty("maven.home", "/usr/share/maven"), "bin", "mvn");
		Assumptions.assumeTrue(Files.isExecutable(maven), "no Maven in " + maven);
		String readme = Files.readString(ROOT.resolve("README.md"));
		String rootPom = Files.readString(ROOT.resolve("pom.xml"));
		write("pom.xml", POM.formatted(version("spring-boot.version", rootPom), block("xml", readme),
				// What this build has needed itself is there without the network
				Stream.of("resources", "compiler", "surefire", "jar")
					.map((name) -> plugin("maven-%s-plugin".formatted(name), rootPom))
					.reduce("", String::concat)));
		write("src/main/resources/application.properties", block("properties", readme));
		write("src/main/java/com/example/App.java", APPLICATION);
		Tool.run(maven.toString(), "-o", "-q", "-B", "-f", this.project.resolve("pom.xml").toString(),
				"-Dmaven.repo.local=" + repository(), "package");
		return this.project.resolve("target/app.jar");
	}

	private void write(String name, String content) throws IOException {
		Path file = this.project.resolve(name);
		Files.createDirectories(file.getParent());
		Files.writeString(file, content);
	}

	private static String block(String language, String readme) {
		return group("## Quick start.*?```%s\n(.*?)```".formatted(language), readme);
	}

	private static String version(String property, String pom) {
		return group("<%1$s>(.+?)</%1$s>".formatted(property), pom);
	}

	private static String plugin(String name, String pom) {
		return "<plugin><artifactId>%s</artifactId><version>%s</version></plugin>".formatted(name,
				group("<artifactId>%s</artifactId>\\s*<version>(.+?)</version>".formatted(name), pom));
	}

	private static String group(String regex, String text) {
		Matcher matcher = Pattern.compile(regex, Pattern.DOTALL).matcher(text);
		assertThat(matcher.find()).as(regex).isTrue();
		return matcher.group(1);
	}

	/**
	 * Make a local repository that has what the user's has, and the artifacts of this
	 * build.
	 * @return the repository
	 * @throws IOException if it cannot be made
	 */
	private Path repository() throws IOException {
		Path theirs = Path.of(System.getProperty("maven.repo.local"));
		// Not in a directory that JUnit removes: it warns about every link
		Path ours = Path.of("target", "it", "FreshProjectIT", "repository").toAbsolutePath();
		Tool.run("rm", "-rf", ours.toString());
		Files.createDirectories(ours);
		link(theirs, ours, "io");
		link(theirs.resolve("io"), Files.createDirectory(ours.resolve("io")), "clusterboot");
		Path group = Files.createDirectory(ours.resolve("io/clusterboot"));
		String version = group("<version>(.+?)</version>", Files.readString(ROOT.resolve("pom.xml")));
		install(group, "cluster-spring-boot", version, ROOT.resolve("pom.xml"), "pom");
		for (String module : MODULES) {
			Path directory = ROOT.resolve(module);
			install(group, module, version, directory.resolve("pom.xml"), "pom");
			install(group, module, version, directory.resolve("target/%s-%s.jar".formatted(module, version)), "jar");
		}
		return ours;
	}

	private static void link(Path from, Path to, String except) throws IOException {
		try (Stream<Path> all = Files.list(from)) {
			for (Path entry : all.filter((path) -> !path.endsWith(except)).toList()) {
				Files.createSymbolicLink(to.resolve(entry.getFileName()), entry);
			}
		}
	}

	private static void install(Path group, String artifact, String version, Path file, String extension)
			throws IOException {
		Path directory = Files.createDirectories(group.resolve(artifact).resolve(version));
		Files.copy(file, directory.resolve("%s-%s.%s".formatted(artifact, version, extension)));
	}

}
