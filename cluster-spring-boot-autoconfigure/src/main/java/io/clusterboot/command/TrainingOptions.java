package io.clusterboot.command;

import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * Which of a worker's options a training start has: all that decide whether the archive
 * fits a worker, none with which it would be in a worker's way.
 */
public final class TrainingOptions {

	private static final Pattern AGENT = Pattern.compile("-(?:javaagent:|agentlib:|agentpath:|Xrun).*");

	private static final Pattern OWN_ARCHIVE = Pattern
		.compile("-Xshare:(?!auto).*|-XX:SharedArchiveFile=.*|-XX:AOT(?:Cache|Mode|Configuration)=.*"
				+ "|-XX:[+-]AutoCreateSharedArchive");

	// CDSConfig::check_internal_module_property in HotSpot's cdsConfig.cpp
	private static final Pattern NO_ARCHIVE = Pattern
		.compile("--(?:limit-modules|patch-module|upgrade-module-path)(?:=.*)?");

	private static final Pattern ARCHIVE_LOG = Pattern.compile("-Xlog(?::(?:.*\\b(?:all|aot|cds|disable)\\b.*)?)?");

	private static final String RECORDING = "-XX:StartFlightRecording";

	private static final List<String> DROPPED = List.of("-Xlog", "-verbose", "-XX:FlightRecorderOptions",
			"-XX:ErrorFile=", "-XX:LogFile=", "-XX:+LogVMOutput", "-XX:+HeapDumpOnOutOfMemoryError",
			"-XX:HeapDumpPath=", "-XX:OnOutOfMemoryError=", "-XX:OnError=", "-Dcom.sun.management.jmxremote",
			"-Djava.io.tmpdir=", "-Dspring.context.exit=", "-Dspring.context.checkpoint=", "-XX:CRaCCheckpointTo=");

	private TrainingOptions() {
	}

	/**
	 * Return why workers with such options cannot use an archive.
	 * @param options all options of a worker, wherever they come from
	 * @return the reason or {@code null} if they can
	 */
	public static @Nullable String reasonAgainst(Collection<String> options) {
		return options.stream().map(TrainingOptions::reasonAgainst).filter(Objects::nonNull).findFirst().orElse(null);
	}

	public static boolean hasOwnArchive(Collection<String> options) {
		return options.stream().anyMatch((option) -> OWN_ARCHIVE.matcher(option).matches());
	}

	/**
	 * Return whether the user has said what a JVM prints about its archive.
	 * @param options all options of a worker, wherever they come from
	 * @return whether that should be left alone
	 */
	public static boolean hasArchiveLog(Collection<String> options) {
		return options.stream().anyMatch((option) -> ARCHIVE_LOG.matcher(option).matches());
	}

	private static @Nullable String reasonAgainst(String option) {
		if (AGENT.matcher(option).matches()) {
			return "workers have an agent or a debugger (%s)".formatted(option);
		}
		if (OWN_ARCHIVE.matcher(option).matches()) {
			return "workers have an option for an archive of their own (%s)".formatted(option);
		}
		return NO_ARCHIVE.matcher(option).matches() ? "the JVM uses no archive with " + option : null;
	}

	/**
	 * Translate a worker's option.
	 * @param option an option or the separate value of one
	 * @return the option of the training start, {@code null} for none
	 */
	static @Nullable String translate(String option) {
		if (option.startsWith(RECORDING)) {
			// It makes the module part of the boot layer, which is in the archive
			return "--add-modules=jdk.jfr";
		}
		return DROPPED.stream().anyMatch(option::startsWith) ? null : option;
	}

}
