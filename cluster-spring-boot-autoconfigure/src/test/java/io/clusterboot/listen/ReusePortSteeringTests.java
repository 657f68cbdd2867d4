package io.clusterboot.listen;

import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import io.clusterboot.contract.Steering;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the shares that {@link ReusePortGroup} gives to slots, and for clients that
 * stay with one, with real sockets.
 */
class ReusePortSteeringTests {

	private static final int BACKLOG = 64;

	private static final int CLIENTS = 50;

	private final List<AutoCloseable> opened = new ArrayList<>();

	@AfterEach
	void close() throws Exception {
		for (AutoCloseable closeable : this.opened) {
			closeable.close();
		}
	}

	@Test
	void steerToSpreadsConnectionsByWeight() throws IOException {
		ReusePortGroup group = listen("127.0.0.1", 4);
		group.steerTo(new Steering(Map.of(0, 1, 1, 3, 3, 6), false));
		List<Integer> counts = count(group, 3000);
		// Six standard deviations around 300, 900 and 1800
		assertThat(counts.get(0)).isBetween(200, 400);
		assertThat(counts.get(1)).isBetween(750, 1050);
		assertThat(counts.get(2)).isZero();
		assertThat(counts.get(3)).isBetween(1640, 1960);
	}

	@Test
	void steerToAllByWeightIsNotLeftToTheKernel() throws IOException {
		ReusePortGroup group = listen("127.0.0.1", 2);
		group.steerTo(new Steering(Map.of(0, 1, 1, 99), false));
		assertThat(count(group, 500).get(0)).isLessThan(50);
		group.steerTo(new Steering(Map.of(0, 99, 1, 1), false));
		assertThat(count(group, 500).get(1)).isLessThan(50);
		group.steerTo(new Steering(Map.of(0, 99, 1, 99), false));
		assertThat(count(group, 500)).allMatch((count) -> count > 150);
	}

	@Test
	void steerToIgnoresSlotsThatAreNotThere() throws IOException {
		ReusePortGroup group = listen("127.0.0.1", 2);
		group.steerTo(new Steering(Map.of(1, 1, 2, 1000), false));
		assertThat(count(group, 100)).containsExactly(0, 100);
		group.steerTo(new Steering(Map.of(2, 1000), false));
		assertThat(count(group, 200)).allMatch((count) -> count > 50);
	}

	@Test
	void growAndShrinkKeepTheWeights() throws IOException {
		ReusePortGroup group = listen("127.0.0.1", 2);
		group.steerTo(new Steering(Map.of(0, 1, 1, 99), false));
		group.grow(3);
		List<Integer> grown = count(group, 500);
		assertThat(grown.get(0)).isLessThan(50);
		assertThat(grown.get(2)).isZero();
		group.steerTo(new Steering(Map.of(0, 99, 1, 1, 2, 100), false));
		group.shrink(2);
		assertThat(count(group, 500).get(1)).isLessThan(50);
	}

	@ParameterizedTest
	@ValueSource(strings = { "127.0.0.1", "any" })
	void steerToBySourceSendsEachClientAlwaysToTheSameSlot(String host) throws IOException {
		ReusePortGroup group = listen(host, 4);
		group.steerTo(bySource(0, 1, 2, 3));
		Map<InetAddress, Integer> first = reached(group);
		assertThat(first.values()).contains(0, 1, 2, 3);
		assertThat(reached(group)).isEqualTo(first);
		group.steerTo(bySource(0, 1, 3));
		Map<InetAddress, Integer> without = reached(group);
		first.forEach((client, slot) -> {
			if (slot == 2) {
				assertThat(without.get(client)).isIn(0, 1, 3);
			}
			else {
				assertThat(without).containsEntry(client, slot);
			}
		});
		group.steerTo(bySource(0, 1, 2, 3));
		assertThat(reached(group)).isEqualTo(first);
	}

	@Test
	void steerToBySourceKeepsAnIpv4ClientInItsSlotWhateverTheFamilyOfTheSocket() throws IOException {
		ReusePortGroup ipv4 = listen("127.0.0.1", 4);
		ReusePortGroup dualStack = listen("any", 4);
		ipv4.steerTo(bySource(0, 1, 2, 3));
		dualStack.steerTo(bySource(0, 1, 2, 3));
		assertThat(reached(dualStack)).isEqualTo(reached(ipv4));
	}

	@Test
	void steerToBySourceSendsAnIpv6ClientAlwaysToTheSameSlot() throws IOException {
		InetAddress client = InetAddress.getByName("::1");
		ReusePortGroup group = listen("any", 8);
		SlotSockets slots = slots(group);
		group.steerTo(bySource(0, 1, 2, 3, 4, 5, 6, 7));
		int slot = slots.reachedFrom(client, client);
		for (int i = 0; i < 20; i++) {
			assertThat(slots.reachedFrom(client, client)).isEqualTo(slot);
		}
		Set<Integer> others = IntStream.range(0, 8)
			.filter((other) -> other != slot)
			.boxed()
			.collect(Collectors.toSet());
		group.steerTo(bySource(others.toArray(Integer[]::new)));
		int substitute = slots.reachedFrom(client, client);
		assertThat(substitute).isNotEqualTo(slot);
		for (int i = 0; i < 20; i++) {
			assertThat(slots.reachedFrom(client, client)).isEqualTo(substitute);
		}
	}

	@Test
	void steerToNobodyBySourceLetsClientsWaitInTheirSlots() throws IOException {
		ReusePortGroup group = listen("127.0.0.1", 4);
		group.steerTo(bySource(0, 1, 2, 3));
		Map<InetAddress, Integer> first = reached(group);
		group.steerTo(bySource());
		assertThat(reached(group)).isEqualTo(first);
	}

	@Test
	void growAndShrinkBySourceMoveOnlyClientsOfTheSlotsThatComeAndGo() throws IOException {
		ReusePortGroup group = listen("127.0.0.1", 3);
		group.steerTo(bySource(0, 1, 2));
		Map<InetAddress, Integer> three = reached(group);
		group.grow(4);
		assertThat(reached(group)).isEqualTo(three);
		group.steerTo(bySource(0, 1, 2, 3));
		Map<InetAddress, Integer> four = reached(group);
		assertThat(four.values()).contains(3);
		three.forEach((client, slot) -> assertThat(four.get(client)).isIn(slot, 3));
		group.shrink(3);
		assertThat(reached(group)).isEqualTo(three);
	}

	@Test
	void steerToEvenlyAfterBySourceSpreadsConnectionsOfOneClient() throws IOException {
		ReusePortGroup group = listen("127.0.0.1", 2);
		group.steerTo(bySource(0, 1));
		assertThat(count(group, 50)).contains(0);
		group.steerTo(Steering.evenly(Set.of(0, 1)));
		assertThat(count(group, 100)).doesNotContain(0);
	}

	private static Steering bySource(Integer... slots) {
		return new Steering(Steering.evenly(Set.of(slots)).weights(), true);
	}

	private ReusePortGroup listen(String host, int slots) throws IOException {
		ReusePortGroup group = ReusePortGroup.open(("any".equals(host)) ? null : InetAddress.getByName(host), 0, slots);
		this.opened.add(group::close);
		group.listen(BACKLOG);
		return group;
	}

	private SlotSockets slots(ReusePortGroup group) throws IOException {
		SlotSockets slots = new SlotSockets(group);
		this.opened.add(slots);
		return slots;
	}

	private List<Integer> count(ReusePortGroup group, int connections) throws IOException {
		InetAddress host = InetAddress.getByName("127.0.0.1");
		SlotSockets slots = slots(group);
		int[] counts = new int[group.descriptors().size()];
		for (int i = 0; i < connections; i++) {
			counts[slots.reachedFrom(host, host)]++;
		}
		return IntStream.of(counts).boxed().toList();
	}

	private Map<InetAddress, Integer> reached(ReusePortGroup group) throws IOException {
		InetAddress host = InetAddress.getByName("127.0.0.1");
		SlotSockets slots = slots(group);
		Map<InetAddress, Integer> reached = new LinkedHashMap<>();
		for (int i = 0; i < CLIENTS; i++) {
			InetAddress client = InetAddress.getByAddress(new byte[] { 127, 0, (byte) (i % 3), (byte) (10 + i) });
			reached.put(client, slots.reachedFrom(client, host));
		}
		return reached;
	}

}
