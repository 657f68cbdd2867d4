package io.clusterboot.configdata;

import java.io.File;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.Banner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.bootstrap.BootstrapRegistry.InstanceSupplier;
import org.springframework.boot.context.config.ConfigDataNotFoundException;
import org.springframework.boot.origin.OriginLookup;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.io.DefaultResourceLoader;
import org.springframework.core.io.ResourceLoader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Tests for {@link KeptConfiguration} with the config data of Spring Boot.
 */
class KeptConfigurationTests {

	@TempDir
	private Path directory;

	@TempDir
	private Path generations;

	private Path generation;

	private @Nullable ResourceLoader resourceLoader;

	@BeforeEach
	void beginGeneration() throws IOException {
		this.generation = Files.createTempDirectory(this.generations, "generation-");
	}

	@Test
	void laterWorkersFindWhatTheFirstOneFoundInDefaultLocations() throws IOException {
		write("application.yml", "spring.profiles.active: prod\nname: root\nroot: 1");
		write("application-prod.properties", "name=prod\nprod=1");
		write("config/application.yml", "config: 1\nname: config");
		write("config/b/application.yml", "sub: b");
		write("config/a/application.properties", "sub=a\na=1");
		write("config/a/application-prod.yml", "a: prod");
		Map<String, Map<String, Object>> first = worker(defaultLocations());
		assertThat(first).containsExactlyEntriesOf(plain(defaultLocations())).hasSize(6);

		write("application.yml", "name: [unclosed");
		write("application-prod.properties", "name=edited");
		Files.delete(this.directory.resolve("config/application.yml"));
		write("config/application.properties", "config=added");
		write("config/a/application.yml", "sub: added");
		write("config/c/application.yml", "sub: c");
		write("application-prod.yml", "name: added");
		Files.delete(this.directory.resolve("config/b/application.yml"));
		Files.delete(this.directory.resolve("config/b"));
		assertThat(worker(defaultLocations())).containsExactlyEntriesOf(first);
		assertThat(worker(defaultLocations())).containsExactlyEntriesOf(first);

		write("application.yml", "name: whole");
		beginGeneration();
		assertThat(worker(defaultLocations())).isNotEqualTo(first).containsExactlyEntriesOf(plain(defaultLocations()));
	}

	@Test
	void laterWorkersFindWhatWasImported() throws IOException {
		write("main.yml", "spring.config.import: ['./sub/more.yml', 'optional:file:%s']".formatted(path("none.yml")));
		write("sub/more.yml", "more: 1\nspring.config.import: optional:deep/, secret[.properties]");
		write("sub/deep/application.yml", "deep: 1");
		write("sub/secret", "secret=1");
		String[] arguments = { "--spring.config.location=file:" + path("main.yml"),
				"--spring.config.additional-location=optional:file:" + path("additional.properties"),
				"--spring.config.import=file:" + path("imported.properties") };
		write("imported.properties", "imported=1");
		Map<String, Map<String, Object>> first = worker(arguments);
		assertThat(first).containsExactlyEntriesOf(plain(arguments)).hasSize(5);

		write("none.yml", "none: 1");
		write("additional.properties", "additional=1");
		write("sub/more.yml", "more: 2");
		write("sub/deep/application.properties", "deep=2");
		Files.delete(this.directory.resolve("sub/secret"));
		Files.delete(this.directory.resolve("imported.properties"));
		assertThat(worker(arguments)).containsExactlyEntriesOf(first);
	}

	@Test
	void laterWorkersFindTheConfigTreesOfTheFirstOne() throws IOException {
		Path version = write("secrets/..2026/password", "one\n").getParent();
		Files.createSymbolicLink(this.directory.resolve("secrets/..data"), version.getFileName());
		Files.createSymbolicLink(this.directory.resolve("secrets/password"), Path.of("..data/password"));
		write("secrets/spring/data", "nested");
		write("more/a/key", "a");
		write("more/b/key", "b");
		String[] arguments = { "--spring.config.location=optional:configtree:%s/,configtree:%s/,configtree:%s/*/"
			.formatted(path("absent"), path("secrets"), path("more")) };
		Map<String, Object> plain = merged(plain(arguments));
		assertThat(plain).containsEntry("password", "one").containsEntry("spring.data", "nested").containsKey("key");
		assertThat(merged(worker(arguments))).isEqualTo(plain);

		write("secrets/..2026/password", "two\n");
		write("secrets/added", "1");
		write("absent/absent", "1");
		Files.delete(this.directory.resolve("secrets/spring/data"));
		write("more/b/key", "c");
		write("more/c/key", "c");
		assertThat(merged(worker(arguments))).isEqualTo(plain);
	}

	@Test
	void laterWorkersFindWhatWasInDirectoriesOfTheClassPath() throws IOException {
		write("classes/application.properties", "from=classes");
		this.resourceLoader = new DefaultResourceLoader(new URLClassLoader(
				new URL[] { this.directory.resolve("classes").toUri().toURL() }, getClass().getClassLoader()));
		Map<String, Map<String, Object>> first = worker();
		assertThat(first).isEqualTo(plain());
		assertThat(merged(first)).containsEntry("from", "classes");
		write("classes/application.properties", "from=edited");
		write("classes/config/application.properties", "from=added");
		assertThat(worker()).isEqualTo(first);
	}

	@Test
	void whatIsMissingOrWrongIsReportedAsBySpringBootAndNotKept() throws IOException {
		String[] arguments = { "--spring.config.location=file:" + path("mandatory.yml") };
		assertFailsAsPlain(arguments);
		assertFailsAsPlain("--spring.config.location=file:" + path("directory/"));
		assertFailsAsPlain("--spring.config.location=file:" + path("directory/*/"));
		assertFailsAsPlain("--spring.config.location=configtree:" + path("tree/"));
		write("mandatory.yml", "name: [unclosed");
		assertThat(catchThrowable(() -> worker(arguments)))
			.hasMessage(catchThrowable(() -> plain(arguments)).getMessage());
		write("mandatory.yml", "name: right");
		assertThat(merged(worker(arguments))).containsEntry("name", "right");
	}

	@Test
	void valuesComeFromTheFilesThatTheUserKnows() throws IOException {
		write("application.yml", "name: old");
		worker(defaultLocations());
		write("application.yml", "\nname: new");
		ConfigurableEnvironment environment = start(kept(), defaultLocations());
		List<String> origins = environment.getPropertySources()
			.stream()
			.map((source) -> OriginLookup.getOrigin(source, "name"))
			.filter((origin) -> origin != null)
			.map(Object::toString)
			.distinct()
			.toList();
		assertThat(environment.getProperty("name")).isEqualTo("old");
		assertThat(origins).singleElement().asString().contains(path("application.yml")).contains("1:7");
	}

	@Test
	void whatNoWorkerHasLookedAtIsReadAndKeptFromThenOn() throws IOException {
		write("zero.properties", "slot=0");
		write("one.properties", "slot=1");
		assertThat(merged(worker("--spring.config.location=file:" + path("zero.properties")))).containsEntry("slot",
				"0");
		write("zero.properties", "slot=edited");
		assertThat(merged(worker("--spring.config.location=file:" + path("one.properties")))).containsEntry("slot",
				"1");
		write("one.properties", "slot=edited");
		assertThat(merged(worker("--spring.config.location=file:" + path("one.properties")))).containsEntry("slot",
				"1");
		assertThat(merged(worker("--spring.config.location=file:" + path("zero.properties")))).containsEntry("slot",
				"0");
	}

	@Test
	void whatIsReadWhenAllIsPreparedIsAsItIs() throws IOException {
		write("application.yml", "name: old");
		KeptConfiguration kept = kept();
		start(kept, defaultLocations());
		write("application.yml", "name: new");
		assertThat(prepare(kept, defaultLocations()).getProperty("name")).isEqualTo("new");
	}

	@Test
	void parentAndChildHaveOneConfiguration() throws IOException {
		write("application.yml", "name: old");
		KeptConfiguration kept = kept();
		kept.begin();
		prepare(kept, defaultLocations());
		kept.end(false);
		write("application.yml", "name: new");
		assertThat(this.generation.resolve("index")).doesNotExist();
		assertThat(start(kept, defaultLocations()).getProperty("name")).isEqualTo("old");
		assertThat(this.generation.resolve("index")).exists();
	}

	@Test
	void copiesAreForTheirOwnerOnly() throws IOException {
		write("application.yml", "password: secret");
		write("tree/password", "secret");
		worker(defaultLocations()[0], "--spring.config.import=configtree:" + path("tree/"));
		try (Stream<Path> paths = Files.walk(this.generation)) {
			Map<Boolean, List<String>> modes = new TreeMap<>();
			for (Path path : paths.toList()) {
				String mode = PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
				modes.computeIfAbsent(Files.isDirectory(path), (key) -> new ArrayList<>()).add(mode);
			}
			assertThat(modes.get(true)).hasSizeGreaterThan(3).containsOnly("rwx------");
			assertThat(modes.get(false)).hasSizeGreaterThan(3).containsOnly("rw-------");
		}
	}

	@Test
	void whenNothingCanBeKeptFilesAreReadAsTheyAre() throws IOException {
		write("application.yml", "name: old");
		Files.delete(this.generation);
		KeptConfiguration kept = kept();
		assertThat(start(kept, defaultLocations()).getProperty("name")).isEqualTo("old");
		assertThat(kept.takeFailure()).isNotNull();
		assertThat(kept.takeFailure()).isNull();
	}

	@Test
	void whenSomebodyHasDeletedCopiesAllFilesAreReadAsTheyAre() throws IOException {
		write("application.yml", "root: old");
		write("config/application.yml", "config: old");
		worker(defaultLocations());
		Files.delete(this.generation.resolve("file/" + path("application.yml")));
		write("application.yml", "root: new");
		write("config/application.yml", "config: new");
		KeptConfiguration kept = kept();
		assertThat(merged(sources(start(kept, defaultLocations())))).containsEntry("root", "new")
			.containsEntry("config", "new");
		assertThat(kept.takeFailure()).hasMessageEndingWith(path("application.yml"));
	}

	@Test
	void importsThatAreNoFilesAreToldOnceInAGeneration() throws IOException {
		String[] arguments = { "--spring.config.import=optional:http://localhost:1/a.yml,optional:file:./none.yml" };
		KeptConfiguration training = new KeptConfiguration(this.generation, false);
		start(training, arguments);
		assertThat(training.takeImports()).isEmpty();
		KeptConfiguration first = kept();
		start(first, arguments);
		assertThat(first.takeImports()).containsExactly("http:");
		KeptConfiguration second = kept();
		start(second, arguments);
		assertThat(second.takeImports()).isEmpty();
	}

	@Test
	void theNextOneIsTheFirstWhenTheFirstOneDies() throws Exception {
		write("application.yml", "name: half");
		Process first = new ProcessBuilder(System.getProperty("java.home") + "/bin/java", "-XX:TieredStopAtLevel=1",
				"-cp", System.getProperty("java.class.path"), KeptConfigurationHolder.class.getName(),
				this.generation.toString(), path("application.yml"))
			.redirectError(new File("/dev/null"))
			.start();
		try {
			assertThat(first.inputReader().readLine()).isEqualTo("FILE");
			write("application.yml", "name: whole");
			CompletableFuture<Map<String, Map<String, Object>>> next = CompletableFuture
				.supplyAsync(() -> worker(defaultLocations()));
			Awaitility.await().during(Duration.ofMillis(500)).until(() -> !next.isDone());
			first.destroyForcibly().waitFor();
			assertThat(next).succeedsWithin(Duration.ofSeconds(20))
				.satisfies((found) -> assertThat(merged(found)).containsEntry("name", "whole"));
		}
		finally {
			first.destroyForcibly();
		}
	}

	private void assertFailsAsPlain(String... arguments) {
		Throwable plain = catchThrowable(() -> plain(arguments));
		assertThat(plain).isInstanceOf(ConfigDataNotFoundException.class);
		assertThat(catchThrowable(() -> worker(arguments))).hasSameClassAs(plain).hasMessage(plain.getMessage());
	}

	private KeptConfiguration kept() {
		return new KeptConfiguration(this.generation, true);
	}

	// Each is another process in the end
	private Map<String, Map<String, Object>> worker(String... arguments) {
		return sources(start(kept(), arguments));
	}

	private Map<String, Map<String, Object>> plain(String... arguments) {
		return sources(prepare(null, arguments));
	}

	private ConfigurableEnvironment start(KeptConfiguration kept, String... arguments) {
		kept.begin();
		try {
			ConfigurableEnvironment environment = prepare(kept, arguments);
			kept.end(true);
			return environment;
		}
		catch (RuntimeException ex) {
			kept.abandon();
			throw ex;
		}
	}

	private ConfigurableEnvironment prepare(@Nullable KeptConfiguration kept, String... arguments) {
		SpringApplication application = new SpringApplication(this.resourceLoader, Nothing.class);
		application.setWebApplicationType(WebApplicationType.NONE);
		application.setBannerMode(Banner.Mode.OFF);
		application.setLogStartupInfo(false);
		if (kept != null) {
			application.addBootstrapRegistryInitializer(
					(registry) -> registry.register(KeptConfiguration.class, InstanceSupplier.of(kept)));
		}
		try (ConfigurableApplicationContext context = application.run(arguments)) {
			return context.getEnvironment();
		}
	}

	// In their order, without what every process has
	private static Map<String, Map<String, Object>> sources(ConfigurableEnvironment environment) {
		Map<String, Map<String, Object>> sources = new LinkedHashMap<>();
		for (PropertySource<?> source : environment.getPropertySources()) {
			if (source instanceof EnumerablePropertySource<?> enumerable && source.getName().startsWith("Config ")) {
				Map<String, Object> values = new TreeMap<>();
				for (String name : enumerable.getPropertyNames()) {
					values.put(name, String.valueOf(enumerable.getProperty(name)));
				}
				sources.put(source.getName(), values);
			}
		}
		return sources;
	}

	private static Map<String, Object> merged(Map<String, Map<String, Object>> sources) {
		Map<String, Object> merged = new TreeMap<>();
		sources.values().forEach((source) -> source.forEach(merged::putIfAbsent));
		return merged;
	}

	private String[] defaultLocations() {
		String location = "optional:file:%1$s/;optional:file:%1$s/config/;optional:file:%1$s/config/*/";
		return new String[] { "--spring.config.location=" + location.formatted(this.directory) };
	}

	private String path(String name) {
		return this.directory + "/" + name;
	}

	private Path write(String name, String content) throws IOException {
		Path file = this.directory.resolve(name);
		Files.createDirectories(file.getParent());
		return Files.writeString(file, content);
	}

	@Configuration(proxyBeanMethods = false)
	static class Nothing {

	}

}
