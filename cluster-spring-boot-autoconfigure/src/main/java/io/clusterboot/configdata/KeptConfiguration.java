package io.clusterboot.configdata;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;

import org.jspecify.annotations.Nullable;

import org.springframework.core.io.InputStreamSource;

/**
 * The files in which config data found the configuration of a generation, as its first
 * worker read them. What some worker has looked at is what it was then, the absence of a
 * file too; what nobody has looked at yet is read, and kept from then on.
 * <p>
 * The first worker has a lock until its configuration is complete. Others wait for that,
 * and should it die before, the next one is the first.
 */
public final class KeptConfiguration {

	private static final String CLASS_PATH = "classpath:";

	private final KeptCopies copies;

	private final boolean worker;

	private KeptIndex index = new KeptIndex();

	private final Set<String> imports = new TreeSet<>();

	private @Nullable FileChannel lockOfFirst;

	private @Nullable IOException failure;

	private boolean told;

	private boolean opened;

	private boolean changed;

	private int depth;

	/**
	 * Create it for this process.
	 * @param directory a directory of the generation, which exists
	 * @param worker whether this process is a worker, whose log the user reads
	 */
	public KeptConfiguration(Path directory, boolean worker) {
		this.copies = new KeptCopies(directory);
		this.worker = worker;
	}

	/**
	 * Say that an application begins to prepare its environment. Waits for the first
	 * worker of the generation.
	 */
	public synchronized void begin() {
		this.depth++;
		if (!this.opened) {
			this.opened = true;
			try {
				open();
			}
			catch (IOException ex) {
				fail(ex);
			}
		}
	}

	private void open() throws IOException {
		FileChannel lock = this.copies.lock();
		KeptIndex found = this.copies.readIndex();
		if (found != null) {
			lock.close();
			this.copies.require(found);
			this.index = found;
		}
		else {
			this.lockOfFirst = lock;
			this.copies.clear();
		}
	}

	/**
	 * Say that an application has failed to prepare its environment. Somebody else may be
	 * the first worker then.
	 */
	public synchronized void abandon() {
		this.depth--;
		if (this.depth == 0 && this.lockOfFirst != null) {
			unlock();
			this.index = new KeptIndex();
			this.opened = false;
		}
	}

	/**
	 * Say that an application has prepared its environment.
	 * @param complete whether it is the application that serves
	 */
	public synchronized void end(boolean complete) {
		this.depth--;
		if (this.failure != null) {
			return;
		}
		try {
			if (this.lockOfFirst == null) {
				add();
			}
			else if (complete) {
				this.copies.writeIndex(this.index);
				this.changed = false;
				unlock();
			}
		}
		catch (IOException ex) {
			fail(ex);
		}
	}

	private void add() throws IOException {
		if (!this.changed) {
			return;
		}
		FileChannel lock = this.copies.lock();
		try {
			KeptIndex kept = this.copies.readIndex();
			if (kept != null) {
				this.index.addTo(kept);
				this.copies.writeIndex(kept);
			}
			this.changed = false;
		}
		finally {
			lock.close();
		}
	}

	private void fail(IOException failure) {
		this.failure = failure;
		unlock();
	}

	private void unlock() {
		FileChannel lock = this.lockOfFirst;
		this.lockOfFirst = null;
		try {
			if (lock != null) {
				lock.close();
			}
		}
		catch (IOException ex) {
			// it ends with the process, then
		}
	}

	/**
	 * Return why nothing is kept any more, unless that was told before.
	 * @return the reason or {@code null}
	 */
	public synchronized @Nullable IOException takeFailure() {
		IOException taken = (!this.told) ? this.failure : null;
		this.told = taken != null || this.told;
		return taken;
	}

	/**
	 * Return where else configuration was imported from, unless some worker of the
	 * generation was told so before.
	 * @return the schemes of the locations
	 */
	public synchronized List<String> takeImports() {
		List<String> taken = List.copyOf(this.imports);
		this.imports.clear();
		return taken;
	}

	synchronized void imported(String scheme) {
		if (this.worker && isKeeping() && this.index.kind(scheme) == null) {
			this.imports.add(scheme);
			put(scheme, KeptKind.MISSING);
		}
	}

	synchronized boolean isKeeping() {
		return this.depth > 0 && this.failure == null;
	}

	/**
	 * Return what was at a path.
	 * @param path the path
	 * @return what was there or {@code null} if that is not kept
	 */
	@Nullable KeptKind find(Path path) {
		Path normalized = normalize(path);
		return find(normalized.toString(), () -> Found.at(normalized));
	}

	Path copyOf(Path path) {
		return this.copies.of(normalize(path).toString());
	}

	/**
	 * Return what was on the class path.
	 * @param name the name of the resource
	 * @param exists whether it exists now
	 * @param content its content
	 * @return what was there or {@code null} if that is not kept
	 */
	@Nullable KeptKind findOnClassPath(String name, BooleanSupplier exists, InputStreamSource content) {
		return find(CLASS_PATH + name, () -> (exists.getAsBoolean()) ? Found.file(content) : Found.NOTHING);
	}

	Path copyOfClassPathResource(String name) {
		return this.copies.of(CLASS_PATH + name);
	}

	/**
	 * Return where to read a config tree.
	 * @param path where the user has it
	 * @return its copy, which does not exist if there was no such tree, or the path if it
	 * is not kept or still not there
	 */
	Path tree(Path path) {
		Path normalized = normalize(path);
		String place = LocationScheme.TREE + normalized;
		KeptKind kind = find(place, () -> Found.tree(normalized));
		boolean missing = kind == KeptKind.MISSING && !Files.exists(path);
		return (kind == null || missing) ? path : this.copies.of(place);
	}

	/**
	 * Return what was in a directory.
	 * @param path the directory
	 * @return the names or {@code null} if they are not kept
	 */
	synchronized @Nullable List<String> list(Path path) {
		Path normalized = normalize(path);
		List<String> names = this.index.names(normalized.toString());
		if (names == null && isKeeping()) {
			String[] found = normalized.toFile().list();
			names = (found != null) ? List.of(found) : null;
			if (names != null) {
				this.index.names(normalized.toString(), names);
				this.changed = true;
			}
		}
		return names;
	}

	private synchronized @Nullable KeptKind find(String place, Reading reading) {
		KeptKind kind = this.index.kind(place);
		if (kind != null || !isKeeping()) {
			return kind;
		}
		Found found;
		try {
			found = reading.read();
		}
		catch (IOException | UncheckedIOException ex) {
			// Spring Boot will meet the same and report it
			return null;
		}
		try {
			this.copies.write(found, this.copies.of(place));
		}
		catch (IOException ex) {
			fail(ex);
			return null;
		}
		put(place, found.kind());
		return found.kind();
	}

	private void put(String place, KeptKind kind) {
		this.index.kind(place, kind);
		this.changed = true;
	}

	private static Path normalize(Path path) {
		return path.toAbsolutePath().normalize();
	}

	/**
	 * Looks at a place.
	 */
	@FunctionalInterface
	private interface Reading {

		Found read() throws IOException;

	}

}
