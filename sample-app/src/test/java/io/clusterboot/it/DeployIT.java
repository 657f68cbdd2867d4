package io.clusterboot.it;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.stream.Stream;

import io.clusterboot.it.variant.FailingAutoConfiguration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Deploys by {@code deploy.sh} and by a push to a repository with its hook.
 */
class DeployIT {

	private static final Path SCRIPT = Path.of("deploy.sh").toAbsolutePath();

	private static final Path COMMAND = Path.of("..", "cluster-cli", "cluster").toAbsolutePath().normalize();

	private static final Path HOOK = Path.of("post-receive").toAbsolutePath();

	@TempDir
	private static Path directory;

	private static Path live;

	private static ClusterProcess shared;

	@BeforeAll
	static void start(TestInfo test) throws Exception {
		live = SampleJar.copy(directory.resolve("live.jar"));
		shared = new ClusterLauncher(test).jar(live).start();
		shared.awaitSettled();
	}

	@AfterAll
	static void stop() {
		if (shared != null) {
			shared.close();
		}
	}

	@Test
	void goodJarIsPutInPlaceAndGoesLive() throws Exception {
		ClusterStatus before = shared.awaitSettled();
		byte[] old = Files.readAllBytes(live);
		Path next = version("scripted");
		Tool deploy = deploy(next, "--rolling");
		assertThat(deploy.exitCode()).as(deploy.output()).isZero();
		assertThat(deploy.output()).containsPattern("reload \\d+: worker \\d+ starts in slot 0\n")
			.containsPattern("slot 1: worker \\d+ ready .*, in the place of worker " + before.worker(1).id())
			.contains(
					"rolling  generation %d to %d  succeeded".formatted(before.generation(), before.generation() + 1));
		assertThat(shared.awaitSettled().lastReload().strategy()).isEqualTo("rolling");
		Tool diff = Tool.tryRun(COMMAND.toString(), "diff", "--cluster", String.valueOf(shared.pid()));
		assertThat(diff.output()).contains("GENERATION " + before.generation(), "start-time", "p99");
		assertThat(shared.get("/").said("version")).isEqualTo("scripted");
		assertThat(live).hasSameBinaryContentAs(next);
		assertThat(Path.of(live + ".previous")).hasBinaryContent(old);
	}

	@Test
	void brokenJarNeverGoesLiveAndIsTakenBack() throws Exception {
		ClusterStatus before = shared.awaitSettled();
		byte[] old = Files.readAllBytes(live);
		Path next = SampleJar.with(directory.resolve("broken.jar"), FailingAutoConfiguration.class);
		Tool deploy = deploy(next, "--parallel");
		assertThat(deploy.exitCode()).as(deploy.output()).isEqualTo(1);
		assertThat(deploy.output()).contains("parallel  generation " + before.generation(), "  failed  ")
			.containsPattern("reason: worker \\d+ of slot \\d .*exit code 1");
		assertThat(live).hasBinaryContent(old);
		assertThat(shared.awaitSettled().pids()).isEqualTo(before.pids());
		assertThat(deploy.output()).contains("This version is broken", live + " is the old jar again");
	}

	@Test
	void halfAJarIsRefusedWithTheReason() throws Exception {
		byte[] old = Files.readAllBytes(live);
		Path half = Files.write(directory.resolve("half.jar"), new byte[1000]);
		Tool deploy = deploy(half);
		assertThat(deploy.exitCode()).as(deploy.output()).isEqualTo(1);
		assertThat(deploy.output()).contains("  failed  ", "is not a complete archive");
		assertThat(live).hasBinaryContent(old);
	}

	@Test
	void pushGoesLiveUnlessItsBuildFails() throws Exception {
		Tool.assumeInstalled("git");
		Path bare = directory.resolve("app.git");
		Path clone = directory.resolve("clone");
		git("init", "--quiet", "--bare", "--initial-branch=main", bare.toString());
		git("init", "--quiet", "--initial-branch=main", clone.toString());
		Files.copy(SCRIPT, bare.resolve("hooks/deploy.sh"), StandardCopyOption.COPY_ATTRIBUTES);
		Files.copy(HOOK, bare.resolve("hooks/post-receive"), StandardCopyOption.COPY_ATTRIBUTES);
		configure(bare, "live", live.toString());
		configure(bare, "cluster", String.valueOf(shared.pid()));
		configure(bare, "command", COMMAND.toString());
		configure(bare, "build", "mkdir -p target && cp \"$(cat jar)\" target/app.jar");

		Path next = version("pushed");
		assertThat(push(bare, clone, next)).containsPattern("remote: \\d+ .* succeeded ");
		assertThat(shared.get("/").said("version")).isEqualTo("pushed");

		ClusterStatus before = shared.awaitSettled();
		assertThat(push(bare, clone, directory.resolve("missing.jar")))
			.contains("remote: deploy: the build failed; what is live stays")
			.doesNotContain("succeeded", "starts in slot");
		assertThat(live).hasSameBinaryContentAs(next);
		assertThat(push(bare, clone, next, "HEAD:other")).doesNotContain("remote:");
		ClusterStatus after = shared.awaitSettled();
		assertThat(after.pids()).isEqualTo(before.pids());
		assertThat(after.lastReload()).isEqualTo(before.lastReload());
	}

	private String push(Path bare, Path clone, Path jar) throws Exception {
		return push(bare, clone, jar, "HEAD:main");
	}

	private String push(Path bare, Path clone, Path jar, String refs) throws Exception {
		Files.writeString(clone.resolve("jar"), jar.toString());
		git("-C", clone.toString(), "add", "jar");
		git("-C", clone.toString(), "-c", "user.name=test", "-c", "user.email=test@localhost", "commit", "--quiet",
				"--message", "Change");
		return git("-C", clone.toString(), "push", bare.toString(), refs).replaceAll(" +\n", "\n");
	}

	private void configure(Path repository, String name, String value) {
		git("-C", repository.toString(), "config", "deploy." + name, value);
	}

	// As a machine without anybody's settings does it
	private String git(String... arguments) {
		String[] command = { "env", "GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_NOSYSTEM=1", "git" };
		return Tool.run(concat(command, arguments)).output();
	}

	private Tool deploy(Path next, String... options) {
		return Tool.tryRun(concat(new String[] { "env", "CLUSTER=" + COMMAND, SCRIPT.toString(), next.toString(),
				live.toString(), "--cluster", String.valueOf(shared.pid()) }, options));
	}

	private Path version(String version) throws Exception {
		return SampleJar.with(directory.resolve(version + ".jar"), "application.properties",
				"sample.version=" + version + "\n", null);
	}

	private String[] concat(String[] first, String... second) {
		return Stream.concat(Stream.of(first), Stream.of(second)).toArray(String[]::new);
	}

}
