package io.clusterboot.command;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Changes what two JVMs must not share in the options of one worker.
 */
final class OptionRewriter {

	// Written when a JVM exits, so by whichever worker is last. AOTConfiguration is
	// refused by a JVM that does not record: CDSConfig::check_aot_flags in HotSpot's
	// cdsConfig.cpp
	private static final List<String> RECORDINGS = List.of("-XX:ArchiveClassesAtExit=", "-XX:AOTCacheOutput=",
			"-XX:AOTMode=record", "-XX:AOTConfiguration=");

	private final int portOffset;

	private final String fileSuffix;

	OptionRewriter(String name, int portOffset) {
		this.portOffset = portOffset;
		this.fileSuffix = "-" + name;
	}

	static boolean isRecording(String option) {
		return RECORDINGS.stream().anyMatch(option::startsWith);
	}

	/**
	 * Rewrite an option.
	 * @param option an option of the JVM or the separate value of one
	 * @return the option for this worker, {@code null} for none
	 */
	@Nullable String rewrite(String option) {
		if (isRecording(option)) {
			return null;
		}
		PortOption port = PortOption.parse(option);
		return (port != null) ? port.movedBy(this.portOffset) : FileOption.withSuffix(option, this.fileSuffix);
	}

}
