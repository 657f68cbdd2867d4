package io.clusterboot.code.training;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

import io.clusterboot.code.CodeCopy;
import io.clusterboot.command.JvmCommand;
import io.clusterboot.command.TrainingOptions;

/**
 * What the workers of a trained generation run, which stays in place until it is closed.
 */
public final class TrainedCode implements AutoCloseable {

	private final CodeCopy copy;

	private final String archive;

	private final long size;

	private final ExtractedJar jar;

	private final CacheEntry entry;

	private TrainedCode(CodeCopy copy, String archive, long size, ExtractedJar jar, CacheEntry entry) {
		this.copy = copy;
		this.archive = archive;
		this.size = size;
		this.jar = jar;
		this.entry = entry;
	}

	static TrainedCode of(CacheEntry entry, ExtractedJar jar, CodeCopy copy, ArchiveKind kind, Collection<String> given)
			throws IOException {
		List<String> options = new ArrayList<>(copy.command().options());
		options.addAll(options(entry, kind, given));
		return new TrainedCode(new CodeCopy(run(copy.command(), jar).withOptions(options), copy.workingDirectory()),
				kind.description(), Files.size(kind.file(entry.path())), jar, entry);
	}

	/**
	 * Return the options of a JVM that uses the archive.
	 * @param entry where it is
	 * @param kind what it is
	 * @param given the options of the user
	 * @return the options
	 */
	static List<String> options(CacheEntry entry, ArchiveKind kind, Collection<String> given) {
		String use = kind.use(entry.path());
		return TrainingOptions.hasArchiveLog(given) ? List.of(use) : List.of(use, kind.quiet());
	}

	static JvmCommand run(JvmCommand command, ExtractedJar jar) {
		return new JvmCommand(command.executable(), command.options(), List.of("-jar", jar.path().toString()),
				command.arguments());
	}

	public CodeCopy copy() {
		return this.copy;
	}

	/**
	 * Return what the training has left behind.
	 * @return the kind of archive, with its article
	 */
	public String archive() {
		return this.archive;
	}

	/**
	 * Return the size of the archive.
	 * @return the size in bytes
	 */
	public long size() {
		return this.size;
	}

	/**
	 * Return whether workers can run it.
	 * @return whether all of it is still there
	 */
	public boolean isIntact() {
		return this.jar.isIntact();
	}

	@Override
	public void close() {
		this.jar.close();
		this.entry.close();
	}

}
