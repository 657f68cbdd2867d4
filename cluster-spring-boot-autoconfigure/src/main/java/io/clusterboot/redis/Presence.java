package io.clusterboot.redis;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.IntSupplier;

import org.springframework.data.redis.connection.RedisConnection;

/**
 * Who is on the bus: this worker says again and again that it is, and so do the others.
 */
final class Presence {

	/**
	 * How long somebody is there who says nothing.
	 */
	static final Duration TTL = Duration.ofSeconds(6);

	// A few beats
	private static final long SETTLES = TimeUnit.SECONDS.toNanos(3);

	private final BusKeys keys;

	private final String instance;

	private final IntSupplier id;

	// Tells this process from others that have ever had its address
	private final long life = ThreadLocalRandom.current().nextLong(Long.MAX_VALUE);

	private volatile int machine;

	private volatile boolean reads;

	private volatile long forgotten = System.nanoTime() - SETTLES;

	private Set<Address> members = Set.of();

	/**
	 * Create the presence of a worker that is not there yet.
	 * @param keys where it is told
	 * @param instance the name of the machine, which all of its workers have and no other
	 * @param id the id of the worker there
	 */
	Presence(BusKeys keys, String instance, IntSupplier id) {
		this.keys = keys;
		this.instance = instance;
		this.id = id;
	}

	/**
	 * Return the number of this machine.
	 * @return the number, 0 until it is known
	 */
	int machine() {
		return this.machine;
	}

	Address address() {
		return new Address(this.machine, this.id.getAsInt());
	}

	long life() {
		return this.life;
	}

	/**
	 * Return whether Redis knows who is there.
	 * @return {@code false} where it has lately forgotten, so that not all may have told
	 * it again
	 */
	boolean isSettled() {
		return System.nanoTime() - this.forgotten >= SETTLES;
	}

	/**
	 * The application runs and can answer questions that are for all.
	 */
	void reads() {
		this.reads = true;
	}

	/**
	 * Say that this worker is there.
	 * @param connection to Redis
	 * @param joined hears where letters for all end and what is retained, if Redis does
	 * not know this worker
	 * @param left hears who is not there any more
	 */
	synchronized void beat(RedisConnection connection, BiConsumer<String, List<byte[]>> joined,
			Consumer<Address> left) {
		if (this.machine == 0) {
			join(connection, joined);
		}
		List<byte[]> answer = tell(connection);
		if (BusKeys.text(answer.get(0)).equals("unknown") && !this.members.isEmpty()) {
			// Redis is another, or has lost what it knew, or this process was stopped
			this.forgotten = System.nanoTime();
			join(connection, joined);
			answer = tell(connection);
		}
		Set<Address> gone = new HashSet<>(this.members);
		Set<Address> members = new HashSet<>();
		answer.stream().skip(1).map(BusKeys::text).map(Address::parse).forEach(members::add);
		this.members = members;
		gone.removeAll(members);
		gone.forEach(left);
	}

	private void join(RedisConnection connection, BiConsumer<String, List<byte[]>> joined) {
		List<byte[]> answer = BusClient.run(connection, Script.JOIN, List.of(this.keys.machines(),
				this.keys.lastMachine(), this.keys.members(), this.keys.letters(), this.keys.topics()), this.instance,
				this.machine, TTL);
		this.machine = Integer.parseInt(BusKeys.text(answer.get(0)));
		joined.accept(BusKeys.text(answer.get(1)), answer.subList(2, answer.size()));
	}

	private List<byte[]> tell(RedisConnection connection) {
		Address address = address();
		return BusClient.run(connection, Script.BEAT,
				List.of(this.keys.members(), this.keys.readers(), this.keys.letters(address)), address,
				(this.reads) ? 1 : 0, TTL, Envelope.ping(address.toString(), this.life).with(null));
	}

	void leave(BusClient client) {
		Address address = address();
		client.ask(Script.LEAVE, List.of(this.keys.members(), this.keys.readers(), this.keys.letters(address),
				this.keys.lettersSize(address)), address);
	}

}
