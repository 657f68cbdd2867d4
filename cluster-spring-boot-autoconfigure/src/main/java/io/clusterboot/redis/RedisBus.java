package io.clusterboot.redis;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.IntSupplier;

import io.clusterboot.PrimaryUnavailableException;
import io.clusterboot.channel.Mail;
import io.clusterboot.channel.Message;
import io.clusterboot.contract.BusState;
import io.clusterboot.contract.NamedLock;
import io.clusterboot.event.MessagesMissed;
import io.clusterboot.lead.WorkerLeader;
import io.clusterboot.store.ClusterStore;
import io.clusterboot.worker.Bus;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/**
 * What the workers of all machines share, on Redis. What is said before it is connected
 * waits until it is; everything else is refused.
 */
public final class RedisBus implements Bus, AutoCloseable {

	private static final Log logger = LogFactory.getLog(RedisBus.class);

	private static final Duration BEAT = Duration.ofSeconds(1);

	private final BusSettings settings;

	private final BusKeys keys;

	private final BusLocks locks;

	private final BusCounters counters;

	private final BusStore store;

	private final WorkerLeader candidate;

	private final Consumer<Mail.Incoming> inbox;

	private final Consumer<Object> events;

	private final Presence presence;

	private final List<Mail.Outgoing> unconnected = new ArrayList<>();

	private final List<Thread> threads = new ArrayList<>();

	private final WorkerLeader leader = new WorkerLeader(this::leads);

	private final AtomicLong missed = new AtomicLong();

	private volatile @Nullable Parts parts;

	private volatile boolean ended;

	/**
	 * Create a bus that is not connected yet.
	 * @param settings what it must know
	 * @param id the id of this worker on its machine
	 * @param candidate leads where this worker may stand for its machine
	 * @param inbox hears what comes for this worker
	 * @param events hears what the application may want to know
	 */
	public RedisBus(BusSettings settings, IntSupplier id, WorkerLeader candidate, Consumer<Mail.Incoming> inbox,
			Consumer<Object> events) {
		this.settings = settings;
		this.keys = BusKeys.of(settings.prefix(), settings.name());
		this.locks = new BusLocks(this.keys, () -> require().client);
		this.counters = new BusCounters(this.keys, () -> require().client);
		this.store = new BusStore(this.keys, () -> require().client);
		this.candidate = candidate;
		this.inbox = inbox;
		this.events = events;
		this.presence = new Presence(this.keys, settings.machine(), id);
	}

	/**
	 * Connect to Redis, and try again and again where it is not there. Does nothing where
	 * that was done.
	 * @param application what the application connects by
	 */
	public synchronized void connect(LettuceConnectionFactory application) {
		if (this.parts == null) {
			Parts parts = new Parts(new BusClient(BusConnections.like(application)));
			beat(parts);
			this.unconnected.forEach(parts.mail::post);
			this.parts = parts;
			start("cluster-redis-beat", () -> beatOn(parts));
			start("cluster-redis-mail", parts.mail);
			start("cluster-redis-lead", parts.leadership::follow);
		}
	}

	private synchronized Thread start(String name, Runnable task) {
		Thread thread = new Thread(task, name);
		thread.setDaemon(true);
		this.threads.add(thread);
		thread.start();
		return thread;
	}

	private void beatOn(Parts parts) {
		while (!this.ended) {
			LockSupport.parkNanos(BEAT.toNanos());
			if (!this.ended) {
				beat(parts);
			}
		}
	}

	private void beat(Parts parts) {
		try {
			tell(parts);
			parts.reader.check();
			this.locks.renew();
			parts.leadership.advance();
		}
		catch (PrimaryUnavailableException ex) {
			logger.debug("No beat", ex);
		}
		catch (RuntimeException | Error ex) {
			// Without beats nothing else works
			logger.warn("A beat failed", ex);
		}
	}

	private void tell(Parts parts) {
		parts.client.probe((connection) -> {
			this.presence.beat(connection, parts::joined,
					(left) -> this.inbox.accept(new Mail.Left(left.seenFrom(this.presence.machine()))));
			return "";
		});
	}

	@Override
	public void post(Mail.Outgoing mail) {
		Parts parts = this.parts;
		if (mail instanceof Mail.Reads) {
			reads(parts);
		}
		else if (mail instanceof Mail.Taken taken) {
			if (parts != null) {
				parts.reader.taken(taken.bytes());
			}
		}
		else if (parts != null || !keep(mail)) {
			require().mail.post(mail);
		}
	}

	private synchronized boolean keep(Mail.Outgoing mail) {
		return this.parts == null && this.unconnected.add(mail);
	}

	// Nobody waits for Redis: what is retained there comes when it does
	private void reads(@Nullable Parts parts) {
		this.presence.reads();
		try {
			if (parts != null && parts.client.answers()) {
				tell(parts);
			}
		}
		catch (PrimaryUnavailableException ex) {
			logger.debug("Questions for all come later", ex);
		}
		this.inbox.accept(new Mail.CaughtUp());
	}

	@Override
	public long add(String counter, long delta) {
		return this.counters.add(counter, delta);
	}

	@Override
	public NamedLock.Keeper locks() {
		return this.locks;
	}

	/**
	 * Return what is kept for the workers of all machines.
	 * @return the store
	 */
	public ClusterStore store() {
		return this.store;
	}

	private Parts require() {
		Parts parts = this.parts;
		if (parts == null) {
			throw new PrimaryUnavailableException("Redis is not connected yet", null);
		}
		return parts;
	}

	@Override
	public WorkerLeader leader() {
		return this.leader;
	}

	private void leads(Message message) {
		require().leadership.hears(message);
	}

	@Override
	public BusState state() {
		Parts parts = this.parts;
		boolean confirmed = parts != null && parts.client.answers() && parts.reader.isConfirmed();
		return new BusState(confirmed, this.missed.get(), this.presence.machine());
	}

	private void missed(MessagesMissed event) {
		this.missed.addAndGet(event.count());
		this.events.accept(event);
	}

	/**
	 * Be silent from now on, as a process that is killed.
	 */
	void vanish() {
		this.ended = true;
		Parts parts = this.parts;
		if (parts != null) {
			parts.reader.end();
			parts.client.close();
		}
		interrupt();
	}

	/**
	 * Leave the bus.
	 */
	@Override
	public void close() {
		this.ended = true;
		Parts parts = this.parts;
		if (parts != null) {
			parts.close();
		}
		interrupt();
	}

	private synchronized void interrupt() {
		this.threads.forEach(Thread::interrupt);
	}

	/**
	 * What there is once it is connected.
	 */
	private final class Parts {

		private final BusClient client;

		private final BusMail mail;

		private final BusReader reader;

		private final BusLeadership leadership;

		private @Nullable Thread reading;

		Parts(BusClient client) {
			RedisBus bus = RedisBus.this;
			this.client = client;
			this.mail = new BusMail(bus.keys, client, bus.presence, bus.inbox);
			this.reader = new BusReader(bus.keys, client, bus.presence, bus.inbox, this.mail::answered, bus::missed);
			this.leadership = new BusLeadership(bus.keys, client, bus.presence, bus.candidate, bus.leader,
					bus.settings.patience());
		}

		// Always by one beat at a time
		private void joined(String end, List<byte[]> topics) {
			this.reader.joined(end, topics);
			if (this.reading == null) {
				this.reading = start("cluster-redis-reader", this.reader);
			}
		}

		private void close() {
			this.reader.end();
			try {
				// Which wakes the reader, that would complain of a connection that is
				// closed
				tell(this);
				awaitReader();
				this.leadership.end();
				RedisBus.this.locks.end();
				RedisBus.this.presence.leave(this.client);
			}
			catch (PrimaryUnavailableException ex) {
				logger.debug("Others will notice", ex);
			}
			this.client.close();
		}

		private void awaitReader() {
			try {
				if (this.reading != null) {
					this.reading.join(BEAT.toMillis());
				}
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		}

	}

}
