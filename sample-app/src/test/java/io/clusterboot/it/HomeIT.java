package io.clusterboot.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

import io.clusterboot.it.variant.HomeAutoConfiguration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Where an application finds itself.
 */
class HomeIT {

	@TempDir
	private Path directory;

	@Test
	void everyWorkerIsAtHomeWhereTheJarIsWhateverIsDeleted(TestInfo test) throws Exception {
		Path dist = Files.createDirectory(this.directory.resolve("dist")).toRealPath();
		Path jar = SampleJar.with(dist.resolve("app.jar"), HomeAutoConfiguration.class);
		try (ClusterProcess cluster = new ClusterLauncher(test).jar(jar)
			.workers("1")
			.arguments("--cluster.reload.train=before")
			.start()) {
			ClusterStatus trained = cluster.awaitSettled();
			assertThat(cluster.get("/home").body()).isEqualTo(dist.toString());
			assertThat(files(dist)).hasSize(4).anyMatch((name) -> name.endsWith(".extracted.jar"));
			Files.delete(jar);
			for (String name : files(dist)) {
				Files.delete(dist.resolve(name));
			}
			ClusterProcess.signal(trained.worker(0).pid(), "KILL");
			cluster.await("replacement")
				.until(cluster::status,
						(status) -> status.isSettled() && status.worker(0).id() > trained.worker(0).id());
			assertThat(cluster.get("/home").body()).isEqualTo(dist.toString());
			assertThat(cluster.output().lines(" WARN .*was gone and was made anew")).hasSize(1);
			cluster.signal("TERM");
			assertThat(cluster.awaitExit(Duration.ofSeconds(20))).isEqualTo(143);
			assertThat(files(dist)).isEmpty();
		}
	}

	private static List<String> files(Path directory) throws IOException {
		try (Stream<Path> files = Files.list(directory)) {
			return files.map((file) -> file.getFileName().toString()).toList();
		}
	}

}
