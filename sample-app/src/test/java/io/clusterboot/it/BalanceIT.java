package io.clusterboot.it;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Who gets which connection when it is not the kernel that decides.
 */
@Tag("alone")
class BalanceIT {

	private static final int ADDRESSES = 50;

	@Test
	void clientsStayWithTheirSlotOverAReloadAndComeBackAfterACrash(TestInfo test) throws Exception {
		try (ClusterProcess cluster = new ClusterLauncher(test).workers("3")
			.arguments("--cluster.balance=source-ip")
			.start()) {
			cluster.awaitSettled();
			Map<String, String> slots = slots(cluster);
			assertThat(slots).hasSize(ADDRESSES + 1);
			assertThat(slots.values()).contains("0", "1", "2");
			int id = cluster.reload("").id();
			List<Map<String, String>> seen = new ArrayList<>();
			cluster.await("end of reload", () -> {
				seen.add(slots(cluster));
				return !cluster.status().lastReload().isRunning();
			});
			assertThat(seen.stream().filter((now) -> !now.equals(slots)).findFirst()).isEmpty();
			ClusterStatus reloaded = cluster.awaitReload(id);
			assertThat(reloaded.lastReload().status()).isEqualTo("succeeded");
			assertThat(slots(cluster)).isEqualTo(slots);
			ClusterProcess.signal(reloaded.worker(1).pid(), "KILL");
			cluster.awaitOutput("Slot 1 lost worker " + reloaded.worker(1).id());
			slots(cluster).forEach((address, slot) -> {
				if (!slots.get(address).equals("1")) {
					assertThat(slot).as(address).isEqualTo(slots.get(address));
				}
			});
			cluster.await("slot 1 again")
				.until(cluster::status,
						(status) -> status.isSettled() && status.worker(1).id() > reloaded.worker(1).id());
			assertThat(slots(cluster)).isEqualTo(slots);
		}
	}

	@Test
	void slowWorkerGetsLessThanItsShareWhenLoadCounts(TestInfo test) throws Exception {
		try (ClusterProcess cluster = new ClusterLauncher(test).workers("3")
			.arguments("--cluster.balance=least-loaded", "--sample.faults=true")
			.start()) {
			ClusterStatus before = cluster.awaitSettled();
			cluster.exchange(before.worker(2).pid(), "POST", "/faults/slow?millis=200");
			try (Load load = Load.connecting(cluster.port()).concurrency(30).start()) {
				// Once the weights have followed the load
				cluster.await("load", () -> requests(cluster.status()).get(0) > 1000);
				Map<Integer, Long> start = requests(cluster.status());
				cluster.await("more load", () -> requests(cluster.status()).get(0) > start.get(0) + 3000);
				Map<Integer, Long> end = requests(cluster.status());
				Load.Result result = load.stop();
				assertThat(result.failed()).as(result.output()).isZero();
				long all = end.keySet().stream().mapToLong((slot) -> end.get(slot) - start.get(slot)).sum();
				assertThat((double) (end.get(2) - start.get(2)) / all).isLessThan(0.25);
				assertThat(end.get(2)).isGreaterThan(start.get(2));
			}
			assertThat(cluster.awaitSettled().pids()).isEqualTo(before.pids());
		}
	}

	private Map<Integer, Long> requests(ClusterStatus status) {
		return status.workers()
			.stream()
			.collect(Collectors.toMap(ClusterStatus.Worker::slot, ClusterStatus.Worker::requests));
	}

	// Which slot answers whom
	private Map<String, String> slots(ClusterProcess cluster) throws IOException {
		Map<String, String> slots = new HashMap<>();
		for (int i = 1; i <= ADDRESSES; i++) {
			slots.put("127.0.0." + i, slot(cluster, "127.0.0.1", "127.0.0." + i));
		}
		slots.put("::1", slot(cluster, "::1", "::1"));
		return slots;
	}

	private String slot(ClusterProcess cluster, String target, String source) throws IOException {
		InetSocketAddress address = new InetSocketAddress(target, cluster.port());
		return HttpReply.get(address, InetAddress.getByName(source), "/").said("slot");
	}

}
