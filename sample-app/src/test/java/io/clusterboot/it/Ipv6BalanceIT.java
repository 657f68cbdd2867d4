package io.clusterboot.it;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Clients of many IPv6 addresses, which a machine has only in a network of its own.
 */
class Ipv6BalanceIT {

	private static final List<String> ADDRESSES = IntStream.rangeClosed(1, 50)
		.mapToObj((i) -> "2001:db8:%x::%x".formatted(i, i * i))
		.toList();

	private static final String NETWORK = ADDRESSES.stream()
		.map((address) -> "ip -6 addr add %s/128 dev lo nodad && ".formatted(address))
		.collect(Collectors.joining("", "ip link set lo up && ", "exec \"$@\""));

	@Test
	void clientsStayWithTheirSlotOverAReloadAndComeBackAfterACrash(TestInfo test) throws Exception {
		Tool allowed = Tool.tryRun("sh", "-c", "exec unshare -n sh -c '%s' sh true".formatted(NETWORK));
		Assumptions.assumeTrue(allowed.exitCode() == 0, "no network with IPv6 addresses: " + allowed.output().strip());
		try (ClusterProcess cluster = new ClusterLauncher(test).workers("3")
			.prefix("unshare", "-n", "sh", "-c", NETWORK, "sh")
			.arguments("--cluster.balance=source-ip")
			.start()) {
			cluster.await("ready workers", () -> cluster.output().lines(" ready: ").size() == 3);
			Map<String, HttpReply> first = replies(cluster);
			assertThat(slots(first).values()).contains("0", "1", "2");
			cluster.signal("USR2");
			List<Map<String, String>> seen = new ArrayList<>();
			cluster.await("end of reload", () -> {
				seen.add(slots(replies(cluster)));
				return cluster.output().has("Reload 1 succeeded");
			});
			assertThat(seen).allSatisfy((slots) -> assertThat(slots).isEqualTo(slots(first)));
			Map<String, HttpReply> reloaded = replies(cluster);
			assertThat(slots(reloaded)).isEqualTo(slots(first));
			assertThat(reloaded.values()).allSatisfy((reply) -> assertThat(reply.said("generation")).isEqualTo("2"));
			HttpReply victim = reloaded.values()
				.stream()
				.filter((reply) -> reply.said("slot").equals("1"))
				.findFirst()
				.orElseThrow();
			ClusterProcess.signal(victim.pid(), "KILL");
			cluster.awaitOutput("Slot 1 lost worker " + victim.said("worker"));
			slots(replies(cluster)).forEach((address, slot) -> {
				if (!slots(first).get(address).equals("1")) {
					assertThat(slot).as(address).isEqualTo(slots(first).get(address));
				}
			});
			cluster.await("slot 1 again", () -> slots(replies(cluster)).equals(slots(first)));
			assertThat(replies(cluster).values()).noneMatch((reply) -> reply.pid() == victim.pid());
		}
	}

	private Map<String, String> slots(Map<String, HttpReply> replies) {
		return replies.entrySet()
			.stream()
			.collect(Collectors.toMap(Map.Entry::getKey, (reply) -> reply.getValue().said("slot")));
	}

	private Map<String, HttpReply> replies(ClusterProcess cluster) {
		List<String> command = new ArrayList<>(
				List.of("nsenter", "-t", Long.toString(cluster.pid()), "-n", "curl", "-sS"));
		for (String address : ADDRESSES) {
			command.addAll(List.of("--max-time", "10", "--interface", address, "-w", "\\n",
					"http://[%s]:%d/".formatted(ADDRESSES.get(0), cluster.port()), "--next"));
		}
		command.remove(command.size() - 1);
		List<String> bodies = Tool.run(command.toArray(String[]::new)).output().lines().toList();
		assertThat(bodies).hasSameSizeAs(ADDRESSES);
		return IntStream.range(0, bodies.size())
			.boxed()
			.collect(Collectors.toMap(ADDRESSES::get, (i) -> new HttpReply(200, Map.of(), bodies.get(i))));
	}

}
