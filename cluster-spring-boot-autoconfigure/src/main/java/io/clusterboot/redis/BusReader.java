package io.clusterboot.redis;

import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

import io.clusterboot.channel.Letter;
import io.clusterboot.channel.Mail;
import io.clusterboot.event.MessagesMissed;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.core.log.LogMessage;
import org.springframework.dao.DataAccessException;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.stream.ByteRecord;
import org.springframework.data.redis.connection.stream.ReadOffset;
import org.springframework.data.redis.connection.stream.StreamOffset;
import org.springframework.data.redis.connection.stream.StreamReadOptions;

/**
 * Reads what has come for this worker, over a connection of its own, and goes on behind
 * the last that it has read whatever becomes of connections. It reads no faster than the
 * listeners of this worker do.
 */
final class BusReader implements Runnable {

	private static final Log logger = LogFactory.getLog(BusReader.class);

	private static final Duration BLOCK = Duration.ofMillis(500);

	private static final Duration PAUSE = Duration.ofMillis(200);

	// As a primary has for each worker
	private static final int WINDOW = 4 * 1024 * 1024;

	private static final int MUCH = 64 * 1024;

	private static final int MOST_AT_ONCE = 32;

	private static final long SILENCE = TimeUnit.SECONDS.toNanos(5);

	private final BusKeys keys;

	private final BusClient client;

	private final Presence presence;

	private final Consumer<Mail.Incoming> inbox;

	private final Consumer<Mail.Answered> answers;

	private final Consumer<MessagesMissed> missed;

	private final AtomicLong waiting = new AtomicLong();

	private final Sequences sequences = new Sequences();

	private volatile long heardItself = System.nanoTime() - SILENCE;

	private volatile boolean stale;

	private volatile boolean ended;

	private volatile boolean versionTold;

	// Of letters for all, and of those for this worker
	private @Nullable StreamId last;

	private StreamId lastOwn = StreamId.NONE;

	private int readBytes;

	BusReader(BusKeys keys, BusClient client, Presence presence, Consumer<Mail.Incoming> inbox,
			Consumer<Mail.Answered> answers, Consumer<MessagesMissed> missed) {
		this.keys = keys;
		this.client = client;
		this.presence = presence;
		this.inbox = inbox;
		this.answers = answers;
		this.missed = missed;
	}

	/**
	 * This worker is there, for the first time or again.
	 * @param end where letters for all end
	 * @param topics what is retained
	 */
	synchronized void joined(String end, List<byte[]> topics) {
		StreamId id = StreamId.parse(end);
		if (this.last == null) {
			deliver(topics, StreamId.NONE, StreamId.LAST);
			this.last = id;
		}
		// As it is where Redis is empty, and perhaps its clock another
		else if (id.compareTo(this.last) < 0) {
			this.last = StreamId.NONE;
			this.lastOwn = StreamId.NONE;
		}
	}

	// Those that were retained in between
	private void deliver(List<byte[]> topics, StreamId after, StreamId before) {
		topics.stream()
			.map(Retained::of)
			.filter((word) -> word.id().compareTo(after) > 0 && word.id().compareTo(before) < 0)
			.sorted(Comparator.comparing(Retained::id))
			.forEach((word) -> read(word.letter(), null));
	}

	/**
	 * The listeners of this worker have done with something.
	 * @param bytes how much
	 */
	void taken(int bytes) {
		this.waiting.addAndGet(-bytes);
	}

	/**
	 * Return whether this worker hears what it says to itself.
	 * @return whether it has lately
	 */
	boolean isConfirmed() {
		return System.nanoTime() - this.heardItself < SILENCE;
	}

	/**
	 * Take another connection if this one has gone silent.
	 */
	void check() {
		this.stale = !isConfirmed() && !isFull(2);
	}

	void end() {
		this.ended = true;
	}

	@Override
	public void run() {
		while (!this.ended) {
			try (RedisConnection connection = this.client.connect()) {
				this.stale = false;
				while (!this.ended && !this.stale) {
					read(connection);
				}
			}
			catch (DataAccessException | IllegalStateException ex) {
				logger.debug("Letters cannot be read", ex);
			}
			if (!this.ended) {
				LockSupport.parkNanos(PAUSE.toNanos());
			}
		}
	}

	@SuppressWarnings("unchecked")
	private void read(RedisConnection connection) {
		byte[] own = this.keys.letters(this.presence.address());
		if (isFull(2)) {
			LockSupport.parkNanos(PAUSE.toNanos());
			return;
		}
		StreamReadOptions options = StreamReadOptions.empty().block(BLOCK).count(MOST_AT_ONCE);
		StreamOffset<byte[]> mine = StreamOffset.create(own, ReadOffset.from(lastOwn().toString()));
		List<ByteRecord> records = (isFull(1)) ? connection.streamCommands().xRead(options, mine)
				: connection.streamCommands()
					.xRead(options, mine, StreamOffset.create(this.keys.letters(), ReadOffset.from(last().toString())));
		if (records == null) {
			return;
		}
		for (ByteRecord each : records) {
			StreamId id = StreamId.parse(each.getId().getValue());
			byte[] bytes = each.getValue().values().iterator().next();
			if (Arrays.equals(each.getStream(), own)) {
				read(bytes, null);
				passed(id, true);
				this.readBytes += bytes.length;
			}
			else {
				read(bytes, id);
				passed(id, false);
			}
		}
		if (this.readBytes > MUCH) {
			this.readBytes = 0;
			BusClient.run(connection, Script.TAKEN, List.of(own, this.keys.lettersSize(this.presence.address())),
					lastOwn());
		}
	}

	private boolean isFull(int windows) {
		return this.waiting.get() > (long) windows * WINDOW;
	}

	private synchronized StreamId last() {
		return (this.last != null) ? this.last : StreamId.NONE;
	}

	private synchronized StreamId lastOwn() {
		return this.lastOwn;
	}

	private synchronized void passed(StreamId id, boolean own) {
		if (own) {
			this.lastOwn = id;
		}
		else {
			this.last = id;
		}
	}

	// Whatever it is, the next is read too
	private void read(byte[] bytes, @Nullable StreamId id) {
		try {
			int version = Envelope.version(bytes);
			if (version != Envelope.VERSION) {
				tellVersion(version);
				return;
			}
			Envelope envelope = Envelope.read(bytes);
			if (id != null) {
				long missing = this.sequences.missing(envelope.sender() + "/" + envelope.life(), envelope.number());
				if (missing > 0) {
					missed(Address.parse(envelope.sender()), missing, id);
				}
			}
			read(envelope, envelope.letter(bytes));
		}
		catch (RuntimeException ex) {
			logger.warn("A letter could not be read", ex);
		}
	}

	private void tellVersion(int version) {
		if (!this.versionTold) {
			this.versionTold = true;
			logger.warn(LogMessage.format(
					"A letter of version %d cannot be read here, where %d is known: it comes from "
							+ "a worker with another version of the cluster. More will be dropped silently",
					version, Envelope.VERSION));
		}
	}

	private void read(Envelope envelope, Letter letter) {
		if (envelope.kind() == Envelope.Kind.PING) {
			if (envelope.life() == this.presence.life()) {
				this.heardItself = System.nanoTime();
			}
			// Even where nothing else comes, they make room
			this.readBytes += MUCH / 16;
			return;
		}
		int sender = Address.parse(envelope.sender()).seenFrom(this.presence.machine());
		this.waiting.addAndGet(letter.size());
		if (envelope.kind() == Envelope.Kind.ANSWER) {
			this.answers.accept(new Mail.Answered(sender, envelope.question(), envelope.failure(), letter));
		}
		else {
			this.inbox.accept(new Mail.Delivery(sender, envelope.question(), letter));
		}
	}

	private void missed(Address sender, long missing, StreamId id) {
		int worker = sender.seenFrom(this.presence.machine());
		logger.warn(LogMessage.format(
				"%d messages of worker %d have not come: this worker was behind, or Redis has " + "lost them", missing,
				worker));
		this.missed.accept(new MessagesMissed(worker, missing));
		deliver(this.client.ask((connection) -> List.copyOf(connection.hashCommands().hVals(this.keys.topics()))),
				last(), id);
	}

	/**
	 * The last word on a topic.
	 *
	 * @param id of its letter
	 * @param letter the letter
	 */
	private record Retained(StreamId id, byte[] letter) {

		static Retained of(byte[] value) {
			int end = Envelope.end(value, 0);
			return new Retained(StreamId.parse(BusKeys.text(Arrays.copyOf(value, end))),
					Arrays.copyOfRange(value, end + 1, value.length));
		}

	}

}
