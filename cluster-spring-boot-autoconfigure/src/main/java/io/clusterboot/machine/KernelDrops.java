package io.clusterboot.machine;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.clusterboot.DropCounts;
import org.jspecify.annotations.Nullable;

/**
 * Reads what the kernel has dropped: two lines of {@code /proc/net/netstat} that begin
 * with {@code TcpExt:}, the names and, in the same order, their counts. Which names there
 * are depends on the kernel.
 */
public final class KernelDrops {

	private static final Path FILE = Path.of("/proc/net/netstat");

	private static final String PREFIX = "TcpExt: ";

	private KernelDrops() {
	}

	/**
	 * Read the counts as they are now.
	 * @return the counts, or {@code null} where they cannot be read. A count that the
	 * kernel does not keep is 0
	 */
	public static @Nullable DropCounts read() {
		return read(FILE);
	}

	static @Nullable DropCounts read(Path file) {
		try {
			List<String> lines = Files.readAllLines(file, StandardCharsets.ISO_8859_1)
				.stream()
				.filter((line) -> line.startsWith(PREFIX))
				.toList();
			return (lines.size() == 2) ? parse(words(lines.get(0)), words(lines.get(1))) : null;
		}
		catch (IOException | NumberFormatException ex) {
			return null;
		}
	}

	private static String[] words(String line) {
		return line.substring(PREFIX.length()).trim().split(" +");
	}

	private static DropCounts parse(String[] names, String[] counts) {
		Map<String, Long> byName = new HashMap<>();
		for (int i = 0; i < Math.min(names.length, counts.length); i++) {
			byName.put(names[i], Long.parseUnsignedLong(counts[i]));
		}
		return new DropCounts(byName.getOrDefault("ListenDrops", 0L), byName.getOrDefault("ListenOverflows", 0L),
				byName.getOrDefault("TCPReqQFullDrop", 0L));
	}

}
