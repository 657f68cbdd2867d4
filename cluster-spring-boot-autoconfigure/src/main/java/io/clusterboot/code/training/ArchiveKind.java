package io.clusterboot.code.training;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What a JVM can write about the classes of one start for the sake of later ones.
 */
enum ArchiveKind {

	/**
	 * An archive with the classes that the JDK's own archive does not have: JEP 350.
	 */
	CDS("a CDS archive", "classes.jsa", "cds*=error") {

		@Override
		List<String> record(Path directory) {
			return List.of("-XX:ArchiveClassesAtExit=" + file(directory));
		}

		@Override
		List<String> assemble(Path directory) {
			return List.of();
		}

		@Override
		String use(Path directory) {
			return "-XX:SharedArchiveFile=" + file(directory);
		}

		@Override
		boolean isLoaded(String line) {
			return line.contains("source: shared objects file (top)");
		}

	},

	/**
	 * Classes loaded and linked, with what was learnt about their methods: JEP 483, 515.
	 * In the two steps of JDK 24, which later ones understand too: the single one has a
	 * second JVM started by the first when that is already dying.
	 */
	AOT_CACHE("an AOT cache", "classes.aot", "aot*=error,cds*=error") {

		@Override
		List<String> record(Path directory) {
			return List.of("-XX:AOTMode=record", configuration(directory));
		}

		@Override
		List<String> assemble(Path directory) {
			return List.of("-XX:AOTMode=create", configuration(directory), use(directory));
		}

		@Override
		String use(Path directory) {
			return "-XX:AOTCache=" + file(directory);
		}

		@Override
		boolean isLoaded(String line) {
			return line.contains("source: shared objects file");
		}

	};

	private static final String CONFIGURATION = "classes.aotconf";

	private static final int FIRST_WITH_AOT_CACHE = 24;

	private final String description;

	private final String fileName;

	private final String logTags;

	ArchiveKind(String description, String fileName, String logTags) {
		this.description = description;
		this.fileName = fileName;
		this.logTags = logTags;
	}

	/**
	 * Choose the best that a JDK can do.
	 * @param feature the JDK's feature release, such as 17
	 * @return the kind
	 */
	static ArchiveKind of(int feature) {
		return (feature >= FIRST_WITH_AOT_CACHE) ? AOT_CACHE : CDS;
	}

	String description() {
		return this.description;
	}

	Path file(Path directory) {
		return directory.resolve(this.fileName);
	}

	/**
	 * Return the options of a start that is recorded.
	 * @param directory where the files go
	 * @return the options
	 */
	abstract List<String> record(Path directory);

	/**
	 * Return the options of a JVM that makes the archive of the recording and runs
	 * nothing.
	 * @param directory where the files are
	 * @return the options, none if the recording is an archive already
	 */
	abstract List<String> assemble(Path directory);

	/**
	 * Return the option of a start that uses the archive.
	 * @param directory where the files are
	 * @return the option
	 */
	abstract String use(Path directory);

	/**
	 * Return the option that keeps a JVM from printing what it notices about the archive
	 * and does no harm: it uses what it can. Errors it prints.
	 * @return the option
	 */
	String quiet() {
		return "-Xlog:" + this.logTags;
	}

	/**
	 * Return whether a line of the log of loaded classes tells of one from the archive.
	 * @param line the line
	 * @return whether the class is from the archive
	 */
	abstract boolean isLoaded(String line);

	/**
	 * Delete what is needed only to make the archive.
	 * @param directory where the files are
	 * @throws IOException if that is not possible
	 */
	void clean(Path directory) throws IOException {
		Files.deleteIfExists(directory.resolve(CONFIGURATION));
	}

	static String configuration(Path directory) {
		return "-XX:AOTConfiguration=" + directory.resolve(CONFIGURATION);
	}

}
