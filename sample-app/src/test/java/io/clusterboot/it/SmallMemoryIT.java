package io.clusterboot.it;

import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

/**
 * A cluster in a container that has less memory than the machine.
 */
class SmallMemoryIT {

	private static final int MEGABYTES = 700;

	private static final Pattern MAX_HEAP = Pattern.compile("-XX:MaxHeapSize=(\\d+)");

	@Test
	void workersShareTheMemoryOfTheContainer(TestInfo test) throws Exception {
		try (ControlGroup memory = ControlGroup.ofMemory(MEGABYTES);
				ClusterProcess cluster = new ClusterLauncher(test).prefix(memory.prefix())
					.jvmOptions("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")
					.workers("3")
					.start()) {
			long heaps = cluster.awaitSettled().pids().stream().mapToLong(this::maxHeapMegabytes).sum();
			assertThat(heaps).isBetween(MEGABYTES * 60L / 100, MEGABYTES * 65L / 100);
		}
	}

	@Test
	void workerThatTheKernelKillsForWantOfMemoryIsReplaced(TestInfo test) throws Exception {
		try (ControlGroup memory = ControlGroup.ofMemory(MEGABYTES);
				ClusterProcess cluster = new ClusterLauncher(test).prefix(memory.prefix())
					.moreJvmOptions("-XX:MaxDirectMemorySize=1g")
					.arguments("--sample.faults=true")
					.start()) {
			ClusterStatus before = cluster.awaitSettled();
			ClusterStatus.Worker victim = before.worker(1);
			assertThatIOException()
				.isThrownBy(() -> cluster.exchange(victim.pid(), "POST", "/faults/leak?megabytes=700"));
			Incident incident = cluster.awaitIncident(victim.id());
			assertThat(incident.cause()).isEqualTo("kernel-oom-kill");
			assertThat(incident.exit()).contains("SIGKILL");
			assertThat(incident.heartbeat()).isNotNull();
			ClusterStatus after = cluster.awaitSettled();
			assertThat(after.worker(1).id()).isGreaterThan(victim.id());
			assertThat(after.worker(0).pid()).isEqualTo(before.worker(0).pid());
			assertThat(cluster.get("/").status()).isEqualTo(200);
		}
	}

	private long maxHeapMegabytes(long pid) {
		String flags = Tool
			.run(Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(), Long.toString(pid), "VM.flags")
			.output();
		Matcher matcher = MAX_HEAP.matcher(flags);
		assertThat(matcher.find()).as(flags).isTrue();
		return Long.parseLong(matcher.group(1)) / 1024 / 1024;
	}

}
