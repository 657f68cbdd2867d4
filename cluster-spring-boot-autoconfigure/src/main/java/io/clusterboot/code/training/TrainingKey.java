package io.clusterboot.code.training;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;

import io.clusterboot.code.CodeCopy;
import io.clusterboot.code.HiddenFiles;
import io.clusterboot.command.JvmCommand;
import io.clusterboot.command.WorkerCommand;
import io.clusterboot.command.WorkerLaunch;

/**
 * All that decides whether workers can use an archive, and nothing else: with another
 * configuration, generation or number of workers it is the same.
 */
final class TrainingKey {

	// Of what is in an entry, and of how it is made
	private static final String FORMAT = "1";

	// The share of the heap does not matter to an archive
	private static final int WORKERS = 1;

	private final MessageDigest digest = digest();

	private TrainingKey() {
	}

	/**
	 * Make the key.
	 * @param copy what is trained
	 * @param command how its workers are started
	 * @param cache where the archive is kept: the class path names it
	 * @return 64 hexadecimal digits
	 * @throws IOException if the jar or the JDK cannot be read
	 */
	static String of(CodeCopy copy, WorkerCommand command, Path cache) throws IOException {
		TrainingKey key = new TrainingKey();
		key.add(FORMAT);
		Path jar = Path.of(copy.command().main().get(1));
		// The JVM compares class paths as they are written
		key.add((HiddenFiles.isHidden(jar)) ? HiddenFiles.extracted(jar, "").toString() : jar.getFileName());
		key.add(cache);
		key.addContent(jar);
		key.addCommand(copy.command(), command);
		key.addJdk(Path.of(copy.command().executable()).toRealPath().getParent().getParent());
		return HexFormat.of().formatHex(key.digest.digest());
	}

	private static MessageDigest digest() {
		try {
			return MessageDigest.getInstance("SHA-256");
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException("Every JDK has SHA-256", ex);
		}
	}

	private void addContent(Path jar) throws IOException {
		try (JarFile archive = new JarFile(jar.toFile(), false)) {
			for (JarEntry entry : Collections.list(archive.entries())) {
				add("%s %d %08x".formatted(entry.getName(), entry.getSize(), entry.getCrc()));
			}
		}
	}

	private void addCommand(JvmCommand code, WorkerCommand command) {
		WorkerLaunch launch = command.training(
				new JvmCommand(code.executable(), code.options(), List.of("-jar"), List.of()), List.of(), WORKERS);
		launch.command().forEach(this::add);
		new TreeMap<>(launch.variables()).forEach((name, value) -> add(name + "=" + value));
	}

	private void addJdk(Path home) throws IOException {
		add(home);
		for (String name : List.of("release", "lib/modules", "lib/server/libjvm.so")) {
			Path file = home.resolve(name);
			if (Files.exists(file)) {
				add("%s %d %s".formatted(name, Files.size(file), Files.getLastModifiedTime(file)));
			}
		}
	}

	private void add(Object part) {
		this.digest.update(part.toString().getBytes(StandardCharsets.UTF_8));
		this.digest.update((byte) 0);
	}

}
