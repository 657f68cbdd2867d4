package io.clusterboot.machine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link MemoryGroup}.
 */
class MemoryGroupTests {

	private static final String ROOT = "27 1 254:0 / / rw,relatime - ext4 /dev/vda rw";

	private static final String VERSION_2 = "31 23 0:28 / /sys/fs/cgroup rw,nosuid shared:9 - cgroup2 cgroup2 rw";

	private static final String TMPFS = "31 23 0:28 / /sys/fs/cgroup rw,relatime - tmpfs tmpfs rw,mode=755";

	private static final String CPU = "32 31 0:29 / /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu,cpuacct";

	@TempDir
	private Path top;

	@Test
	void findWhenServiceOfAMachine() {
		assertThat(events(List.of("0::/system.slice/app.service"), List.of(ROOT, VERSION_2)))
			.hasToString("/sys/fs/cgroup/system.slice/app.service/memory.events");
	}

	@Test
	void findWhenContainerWithANamespaceOfItsOwn() {
		assertThat(events(List.of("0::/"), List.of(ROOT, VERSION_2))).hasToString("/sys/fs/cgroup/memory.events");
	}

	@Test
	void findWhenContainerWithTheNamespaceOfTheMachine() {
		String mount = "31 23 0:28 /docker/0123 /sys/fs/cgroup ro - cgroup2 cgroup rw";
		assertThat(events(List.of("0::/docker/0123"), List.of(ROOT, mount)))
			.hasToString("/sys/fs/cgroup/memory.events");
		assertThat(events(List.of("0::/docker/0123/app"), List.of(ROOT, mount)))
			.hasToString("/sys/fs/cgroup/app/memory.events");
		assertThat(events(List.of("0::/elsewhere"), List.of(ROOT, mount))).hasToString("/sys/fs/cgroup/memory.events");
	}

	@Test
	void findWhenMemoryIsInAHierarchyOfVersion1() {
		String mount = "35 31 0:32 /docker/0123 /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory";
		List<String> groups = List.of("8:pids:/", "4:memory:/docker/0123", "2:cpu,cpuacct:/x", "0::/");
		assertThat(events(groups,
				List.of(ROOT, TMPFS, CPU, mount, VERSION_2.replace("/sys/fs/cgroup", "/sys/fs/cgroup/unified"))))
			.hasToString("/sys/fs/cgroup/memory/memory.oom_control");
	}

	@Test
	void limitIsTheLowestOfTheGroupAndThoseAroundIt() throws IOException {
		Path group = Files.createDirectories(this.top.resolve("system.slice/app.service"));
		Files.writeString(group.resolve("memory.max"), "1000000\n");
		Files.writeString(group.resolveSibling("memory.max"), "900000\n");
		assertThat(limit(group, MemoryGroup.Version.SECOND)).isEqualTo(900000);
		Files.writeString(group.resolveSibling("memory.max"), "max\n");
		assertThat(limit(group, MemoryGroup.Version.SECOND)).isEqualTo(1000000);
		Files.writeString(this.top.resolve("memory.max"), "800000\n");
		assertThat(limit(group, MemoryGroup.Version.SECOND)).isEqualTo(800000);
		assertThat(limit(group.resolve("not-there"), MemoryGroup.Version.SECOND)).isEqualTo(800000);
	}

	@Test
	void limitWhenOfVersion1() throws IOException {
		Files.writeString(this.top.resolve("memory.limit_in_bytes"), "1048576\n");
		assertThat(limit(this.top, MemoryGroup.Version.FIRST)).isEqualTo(1048576);
		assertThat(limit(this.top, MemoryGroup.Version.SECOND)).isEqualTo(Long.MAX_VALUE);
	}

	@Test
	void findWhenNothingIsMountedIsNull() {
		assertThat(MemoryGroup.find(List.of("0::/"), List.of(ROOT, TMPFS, CPU))).isNull();
		assertThat(MemoryGroup.find(List.of("4:memory:/"), List.of(ROOT, TMPFS, CPU, VERSION_2))).isNull();
		assertThat(MemoryGroup.find(List.of(), List.of(ROOT, VERSION_2))).isNull();
		assertThat(MemoryGroup.find(List.of("", "0"), List.of("", "x - cgroup2", VERSION_2))).isNull();
	}

	private static Path events(List<String> groups, List<String> mounts) {
		MemoryGroup group = MemoryGroup.find(groups, mounts);
		assertThat(group).isNotNull();
		return group.events();
	}

	private long limit(Path directory, MemoryGroup.Version version) {
		return new MemoryGroup(directory, this.top, version).limit();
	}

}
