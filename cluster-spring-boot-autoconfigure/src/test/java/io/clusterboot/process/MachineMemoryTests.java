package io.clusterboot.process;

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
	private Path root;

	@BeforeEach
	void createMachine() throws IOException {
		write("proc/meminfo", "MemTotal:        2048 kB\nMemFree:         1024 kB\n");
	}

	@Test
	void sizeWhenNothingIsLimitedIsThatOfTheMachine() throws IOException {
		assertThat(size()).isEqualTo(MACHINE);
		write("proc/self/cgroup", "0::/\n");
		assertThat(size()).isEqualTo(MACHINE);
		write("sys/fs/cgroup/memory.max", "max\n");
		assertThat(size()).isEqualTo(MACHINE);
	}

	@Test
	void sizeWhenContainerIsLimitedIsTheLimit() throws IOException {
		write("proc/self/cgroup", "0::/\n");
		write("sys/fs/cgroup/memory.max", "1048576\n");
		assertThat(size()).isEqualTo(1048576);
	}

	@Test
	void sizeWhenServiceOrWhatIsAroundItIsLimitedIsTheLowestLimit() throws IOException {
		write("proc/self/cgroup", "0::/system.slice/app.service\n");
		write("sys/fs/cgroup/system.slice/app.service/memory.max", "1000000\n");
		write("sys/fs/cgroup/system.slice/memory.max", "900000\n");
		assertThat(size()).isEqualTo(900000);
		write("sys/fs/cgroup/system.slice/memory.max", "max\n");
		assertThat(size()).isEqualTo(1000000);
	}

	@Test
	void sizeWhenControlGroupsAreOfTheFirstVersionIsTheLimit() throws IOException {
		write("proc/self/cgroup", "7:cpu,cpuacct:/docker/1\n4:hugetlb,memory:/docker/1\n0::/\n");
		// Not the path on the host, but that in the container
		write("sys/fs/cgroup/memory/memory.limit_in_bytes", "1048576\n");
		assertThat(size()).isEqualTo(1048576);
		write("sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n");
		assertThat(size()).isEqualTo(MACHINE);
	}

	@Test
	void sizeWhenLimitExceedsTheMachineIsThatOfTheMachine() throws IOException {
		write("proc/self/cgroup", "0::/\n");
		write("sys/fs/cgroup/memory.max", "1073741824\n");
		assertThat(size()).isEqualTo(MACHINE);
	}

	@Test
	void sizeWhenNothingCanBeReadIsUnknown() throws IOException {
		Files.delete(this.root.resolve("proc/meminfo"));
		assertThat(size()).isEqualTo(Long.MAX_VALUE);
	}

	@Test
	void sizeOfThisMachineIsKnown() {
		assertThat(new MachineMemory().size()).isBetween(Runtime.getRuntime().maxMemory(), 1L << 50);
	}

	private long size() {
		return new MachineMemory(this.root).size();
	}

	private void write(String name, String content) throws IOException {
		Path file = this.root.resolve(name);
		Files.createDirectories(file.getParent());
		Files.writeString(file, content);
	}

}
