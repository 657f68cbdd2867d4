package io.clusterboot.posix;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import io.clusterboot.contract.Steering;
import io.clusterboot.listen.ReusePortGroup;
import io.clusterboot.listen.SlotSockets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ClassicBpf}: what the programs compute. That the kernel computes the
 * same is shown with the sockets that they steer to.
 */
class ClassicBpfTests {

	private static final int MANY = 20_000;

	private static final ByteBuffer NO_PACKET = ByteBuffer.allocate(0);

	private final Random random = new Random(20261120);

	@Test
	void weightedGivesEachItsShare() {
		BpfMachine machine = new BpfMachine(ClassicBpf.weighted(List.of(0, 2, 5), List.of(1, 3, 6)));
		int[] counts = new int[6];
		for (int i = 0; i < 1000; i++) {
			counts[machine.run(NO_PACKET, i)]++;
		}
		assertThat(counts).containsExactly(100, 0, 300, 0, 0, 600);
	}

	@Test
	void weightedTakesTheRandomNumberAsUnsigned() {
		BpfMachine machine = new BpfMachine(ClassicBpf.weighted(List.of(3, 4), List.of(1, 1)));
		assertThat(machine.run(NO_PACKET, -1)).isEqualTo(4);
		assertThat(machine.run(NO_PACKET, -2)).isEqualTo(3);
	}

	@Test
	void weightedOfOneAlwaysPicksIt() {
		BpfMachine machine = new BpfMachine(ClassicBpf.weighted(List.of(7), List.of(1000)));
		assertThat(machine.run(NO_PACKET, 0)).isEqualTo(7);
		assertThat(machine.run(NO_PACKET, -1)).isEqualTo(7);
	}

	@Test
	void weightedReachesEveryOneOfManySockets() {
		List<Integer> indexes = IntStream.range(0, 300).boxed().toList();
		BpfMachine machine = new BpfMachine(ClassicBpf.weighted(indexes, Collections.nCopies(300, 1000)));
		for (int index : indexes) {
			assertThat(machine.run(NO_PACKET, 1000 * index)).isEqualTo(index);
			assertThat(machine.run(NO_PACKET, 1000 * index + 999)).isEqualTo(index);
		}
	}

	@ParameterizedTest
	@EnumSource
	void bySourceGivesEachAboutTheSame(Clients clients) {
		for (int size : new int[] { 2, 3, 4, 7, 16, 64 }) {
			BpfMachine machine = bySource(IntStream.range(0, size).boxed().toList());
			int[] counts = new int[size];
			for (int i = 0; i < MANY; i++) {
				counts[machine.run(clients.packet(i, this.random), 0)]++;
			}
			double share = (double) MANY / size;
			// Six standard deviations, that is never if addresses were drawn by lot
			double tolerance = 6 * Math.sqrt(share);
			for (int count : counts) {
				assertThat((double) count).isBetween(share - tolerance, share + tolerance);
			}
		}
	}

	@ParameterizedTest
	@EnumSource
	void bySourceWhenASocketIsGoneMovesOnlyItsClients(Clients clients) {
		BpfMachine all = bySource(List.of(0, 1, 2, 3, 4));
		BpfMachine oneGone = bySource(List.of(0, 1, 3, 4));
		BpfMachine twoGone = bySource(List.of(1, 3, 4));
		int[] moved = new int[5];
		for (int i = 0; i < MANY; i++) {
			ByteBuffer packet = clients.packet(i, this.random);
			int before = all.run(packet, 0);
			int after = oneGone.run(packet, 0);
			if (before == 2) {
				moved[after]++;
			}
			else {
				assertThat(after).isEqualTo(before);
			}
			assertThat(twoGone.run(packet, 0)).satisfies((last) -> assertThat(last == after || after == 0).isTrue());
		}
		assertThat(moved[2]).isZero();
		assertThat(List.of(moved[0], moved[1], moved[3], moved[4]))
			.allSatisfy((count) -> assertThat(count).isBetween(MANY / 30, MANY / 15));
	}

	@ParameterizedTest
	@EnumSource
	void bySourceWhenASocketIsAddedMovesOnlyItsClients(Clients clients) {
		BpfMachine before = bySource(List.of(0, 1, 2));
		BpfMachine after = bySource(List.of(0, 1, 2, 3));
		int moved = 0;
		for (int i = 0; i < MANY; i++) {
			ByteBuffer packet = clients.packet(i, this.random);
			int index = after.run(packet, 0);
			if (index == 3) {
				moved++;
			}
			else {
				assertThat(index).isEqualTo(before.run(packet, 0));
			}
		}
		assertThat(moved).isBetween(MANY / 5, MANY * 3 / 10);
	}

	@ParameterizedTest
	@ValueSource(strings = { "192.0.2.77", "2001:db8:1:2:3:4:5:6" })
	void bySourceDependsOnEveryByteOfTheAddressAndOnNothingElse(String address) throws UnknownHostException {
		BpfMachine machine = bySource(IntStream.range(0, 64).boxed().toList());
		byte[] source = InetAddress.getByName(address).getAddress();
		int index = machine.run(packet(source, 1), 0);
		assertThat(machine.run(packet(source, 2), -1)).isEqualTo(index);
		for (int i = 0; i < source.length; i++) {
			int moved = 0;
			for (int bit = 0; bit < Byte.SIZE; bit++) {
				byte[] other = source.clone();
				other[i] ^= (byte) (1 << bit);
				moved += (machine.run(packet(other, 1), 0) != index) ? 1 : 0;
			}
			// Each of them is among 64 sockets by chance
			assertThat(moved).isGreaterThanOrEqualTo(6);
		}
	}

	@Test
	void kernelComputesTheSame() throws IOException {
		List<Integer> indexes = IntStream.range(0, 32).boxed().toList();
		BpfMachine machine = bySource(indexes);
		ReusePortGroup group = ReusePortGroup.open(null, 0, indexes.size());
		try (SlotSockets slots = new SlotSockets(group)) {
			group.listen(1);
			group.steerTo(new Steering(Steering.evenly(Set.copyOf(indexes)).weights(), true));
			for (InetAddress address : addresses()) {
				assertThat(slots.reachedFrom(address, address)).as(address.toString())
					.isEqualTo(machine.run(packet(address.getAddress(), 0), 0));
			}
		}
		finally {
			group.close();
		}
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 64, 200 })
	void kernelTakesProgramsForManySockets(int size) throws PosixException {
		List<Integer> indexes = IntStream.range(0, size).boxed().toList();
		try (InetSocket socket = InetSocket.create(false)) {
			socket.reusePort(true);
			socket.bind(new InetSocketAddress("127.0.0.1", 0), false);
			socket.listen(1);
			socket.attachReusePortProgram(ClassicBpf.weighted(indexes, Collections.nCopies(size, 1000)));
			socket.attachReusePortProgram(ClassicBpf.bySource(indexes));
			socket.detachReusePortProgram();
		}
	}

	private static BpfMachine bySource(List<Integer> indexes) {
		return new BpfMachine(ClassicBpf.bySource(indexes));
	}

	// Only ::1 is sure to be there of IPv6
	private static List<InetAddress> addresses() throws IOException {
		List<InetAddress> addresses = NetworkInterface.networkInterfaces()
			.flatMap(NetworkInterface::inetAddresses)
			.filter((address) -> !address.isLinkLocalAddress())
			.collect(Collectors.toCollection(ArrayList::new));
		for (int i = 1; i <= 20; i++) {
			addresses.add(InetAddress.getByAddress(new byte[] { 127, (byte) i, 0, 1 }));
		}
		return addresses;
	}

	private static ByteBuffer packet(byte[] source, int filling) {
		ByteBuffer packet = ByteBuffer.allocate(60);
		while (packet.hasRemaining()) {
			packet.put((byte) filling);
		}
		return (source.length == 4) ? packet.put(0, (byte) 0x45).put(12, source)
				: packet.put(0, (byte) 0x6f).put(8, source);
	}

	/**
	 * Kinds of addresses that clients have.
	 */
	enum Clients {

		IPV4_ANYWHERE {

			@Override
			ByteBuffer packet(int number, Random random) {
				return ipv4(random.nextInt());
			}

		},

		IPV4_NEIGHBOURS {

			@Override
			ByteBuffer packet(int number, Random random) {
				return ipv4(0x0a000000 + number);
			}

		},

		IPV6_ANYWHERE {

			@Override
			ByteBuffer packet(int number, Random random) {
				return ipv6(random.nextLong(), random.nextLong());
			}

		},

		IPV6_NEIGHBOURS {

			@Override
			ByteBuffer packet(int number, Random random) {
				return ipv6(0x20010db800010002L, number);
			}

		},

		IPV6_FIRST_OF_A_NETWORK {

			@Override
			ByteBuffer packet(int number, Random random) {
				return ipv6(0x20010db800000000L + ((long) number << 16), 1);
			}

		};

		abstract ByteBuffer packet(int number, Random random);

		private static ByteBuffer ipv4(int address) {
			return ClassicBpfTests.packet(ByteBuffer.allocate(4).putInt(address).array(), 0);
		}

		private static ByteBuffer ipv6(long network, long host) {
			return ClassicBpfTests.packet(ByteBuffer.allocate(16).putLong(network).putLong(host).array(), 0);
		}

	}

}
