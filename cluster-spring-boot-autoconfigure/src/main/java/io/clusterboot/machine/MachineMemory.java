package io.clusterboot.machine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * How much memory there is for the cluster. The JVM could be asked for it, but that would
 * cost the primary some MB of its own.
 */
public final class MachineMemory {

	private static final String TOTAL = "MemTotal:";

	private final Path meminfo;

	private final @Nullable MemoryGroup group;

	public MachineMemory() {
		this(Path.of("/proc/meminfo"), MemoryGroup.ofCurrentProcess());
	}

	MachineMemory(Path meminfo, @Nullable MemoryGroup group) {
		this.meminfo = meminfo;
		this.group = group;
	}

	/**
	 * Return the memory of the machine, or of the container if it has less.
	 * @return the memory in bytes, {@link Long#MAX_VALUE} if it is not known
	 */
	public long size() {
		return Math.min(total(), (this.group != null) ? this.group.limit() : Long.MAX_VALUE);
	}

	private long total() {
		try (Stream<String> lines = Files.lines(this.meminfo)) {
			return lines.filter((line) -> line.startsWith(TOTAL))
				.mapToLong((line) -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
				.findFirst()
				.orElse(Long.MAX_VALUE);
		}
		catch (IOException ex) {
			return Long.MAX_VALUE;
		}
	}

}
