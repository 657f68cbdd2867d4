package io.clusterboot.it;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import java.util.StringJoiner;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The sample application in the layout that starts fastest: extracted, with an archive of
 * the classes that a worker loads. It is made once per build, whichever test comes first.
 * For what is not about the jar itself.
 */
final class FastSample {

	private static final Path DIRECTORY = Path.of("target", "it", "fast").toAbsolutePath();

	private static final Path ARCHIVE = DIRECTORY.resolve("worker-0.jsa");

	private static final String MAIN = "io.clusterboot.sample.SampleApplication";

	private FastSample() {
	}

	/**
	 * Return the part of the command line that says what is to run.
	 * @return options and the jar
	 */
	static List<String> application() {
		return Nightly.isIt() ? List.of("-jar", SampleJar.original().toString()) : Made.APPLICATION;
	}

	/**
	 * Return the part of the command line that runs an application with one
	 * auto-configuration and the libraries that it needs more.
	 * @param directory where to write what is more
	 * @param autoConfiguration the auto-configuration
	 * @param libraries a class of each library
	 * @return options and the application
	 * @throws IOException if it cannot be written
	 */
	static List<String> with(Path directory, Class<?> autoConfiguration, List<Class<?>> libraries) throws IOException {
		if (Nightly.isIt()) {
			return List.of("-jar",
					SampleJar.with(directory.resolve("app.jar"), autoConfiguration, libraries).toString());
		}
		List<String> fast = application();
		// The archive is good for a class path that begins as its own
		StringJoiner classPath = new StringJoiner(File.pathSeparator);
		classPath.add(fast.get(fast.size() - 1));
		classPath.add(SampleJar.more(directory.resolve("more.jar"), autoConfiguration).toString());
		libraries.forEach((library) -> classPath.add(SampleJar.library(library).toString()));
		return List.of(fast.get(0), "-cp", classPath.toString(), MAIN);
	}

	static boolean isArchived(long worker) throws IOException {
		return Files.readString(Path.of("/proc/" + worker + "/maps")).contains(ARCHIVE.toString());
	}

	private static List<String> make() {
		try {
			Files.createDirectories(DIRECTORY);
			// The tests may run in several JVMs
			try (FileChannel channel = FileChannel.open(DIRECTORY.resolve("lock"), StandardOpenOption.CREATE,
					StandardOpenOption.WRITE); FileLock lock = channel.lock()) {
				assertThat(lock.isValid()).isTrue();
				Path jar = DIRECTORY.resolve("app").resolve(SampleJar.original().getFileName());
				if (!isNewer(ARCHIVE, SampleJar.original())) {
					Files.deleteIfExists(ARCHIVE);
					SampleJar.extract(DIRECTORY.resolve("app"));
					archive(jar);
				}
				return List.of("-XX:SharedArchiveFile=" + ARCHIVE, "-jar", jar.toString());
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	static boolean isNewer(Path file, Path than) throws IOException {
		// A reproducible jar has a made up time of modification
		return Files.exists(file) && Files.getLastModifiedTime(file)
			.toInstant()
			.isAfter(((FileTime) Files.getAttribute(than, "unix:ctime")).toInstant());
	}

	private static void archive(Path jar) throws IOException {
		ClusterLauncher launcher = new ClusterLauncher((name) -> Output.of("fast", "archive")).jar(jar)
			.workers("1")
			.arguments("--cluster.worker.jvm-args=-XX:ArchiveClassesAtExit=" + DIRECTORY.resolve("worker-{slot}.jsa"));
		try (ClusterProcess cluster = launcher.start()) {
			cluster.awaitSettled();
			assertThat(cluster.get("/").status()).isEqualTo(200);
			cluster.signal("TERM");
			cluster.awaitExit(Duration.ofSeconds(60));
		}
		assertThat(ARCHIVE).isNotEmptyFile();
	}

	/**
	 * Holds what is made once.
	 */
	private static final class Made {

		static final List<String> APPLICATION = make();

	}

}
