package io.clusterboot.machine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link MachineMemory}.
 */
class MachineMemoryTests {

	private static final long MACHINE = 2048L * 1024;

	@TempDir
	private Path directory;

	private Path meminfo;

	@BeforeEach
	void createMachine() throws IOException {
		this.meminfo = this.directory.resolve("meminfo");
		Files.writeString(this.meminfo, "MemTotal:        2048 kB\nMemFree:         1024 kB\n");
	}

	@Test
	void sizeWhenNothingIsLimitedIsThatOfTheMachine() throws IOException {
		assertThat(new MachineMemory(this.meminfo, null).size()).isEqualTo(MACHINE);
		assertThat(sizeWithLimit("max")).isEqualTo(MACHINE);
	}

	@Test
	void sizeWhenContainerIsLimitedIsTheLimit() throws IOException {
		assertThat(sizeWithLimit("1048576")).isEqualTo(1048576);
	}

	@Test
	void sizeWhenLimitExceedsTheMachineIsThatOfTheMachine() throws IOException {
		assertThat(sizeWithLimit("9223372036854771712")).isEqualTo(MACHINE);
	}

	@Test
	void sizeWhenNothingCanBeReadIsUnknown() throws IOException {
		Files.delete(this.meminfo);
		assertThat(new MachineMemory(this.meminfo, null).size()).isEqualTo(Long.MAX_VALUE);
	}

	@Test
	void sizeOfThisMachineIsKnown() {
		assertThat(new MachineMemory().size()).isBetween(Runtime.getRuntime().maxMemory(), 1L << 50);
	}

	private long sizeWithLimit(String limit) throws IOException {
		Files.writeString(this.directory.resolve("memory.max"), limit + "\n");
		return new MachineMemory(this.meminfo,
				new MemoryGroup(this.directory, this.directory, MemoryGroup.Version.SECOND))
			.size();
	}

}
