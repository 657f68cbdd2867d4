package io.clusterboot.worker;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

import io.clusterboot.channel.Message;
import io.clusterboot.channel.Numbers;
import io.clusterboot.numbers.Ledger;
import io.clusterboot.numbers.Series;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Tells the primary the application's metrics: at once, as whoever has never reported is
 * not asked, once a second, whenever it wants to know, and before this worker ends. A
 * report waits until the one before was heard, so no more than one waits for a primary
 * that is stopped.
 */
public final class Reporting {

	private static final Log logger = LogFactory.getLog(Reporting.class);

	private static final Duration PERIOD = Duration.ofSeconds(1);

	// Of the end of this worker, which a primary that does not answer must not prevent
	private static final Duration PATIENCE = Duration.ofSeconds(1);

	private final Consumer<Message> send;

	private final Duration period;

	private final Ledger ledger = new Ledger();

	private boolean begun;

	private long pause;

	private boolean unheard;

	// Reports that were asked for, by number: all, those in the current one, those heard
	private long wanted;

	private long current;

	private long heard;

	private long round;

	Reporting(Consumer<Message> send) {
		this(send, PERIOD);
	}

	Reporting(Consumer<Message> send, Duration period) {
		this.send = send;
		this.period = period;
	}

	/**
	 * Begin to report.
	 * @param numbers the numbers as they are when it is asked
	 */
	public synchronized void begin(Supplier<Map<Series, Double>> numbers) {
		if (!this.begun) {
			this.begun = true;
			Thread thread = new Thread(() -> run(numbers), "cluster-numbers");
			thread.setDaemon(true);
			thread.start();
		}
	}

	/**
	 * Report once more, and wait until that was heard, but not for long. Does nothing
	 * where nobody reports.
	 */
	void last() {
		try {
			awaitHeard(PATIENCE.toNanos());
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private synchronized void awaitHeard(long patience) throws InterruptedException {
		if (!this.begun) {
			return;
		}
		long mine = want();
		long deadline = System.nanoTime() + patience;
		while (this.heard < mine && deadline > System.nanoTime()) {
			TimeUnit.NANOSECONDS.timedWait(this, deadline - System.nanoTime());
		}
	}

	synchronized void received(Message message) {
		if (message instanceof Numbers.Wanted now) {
			this.round = now.round();
			want();
		}
		else if (message instanceof Numbers.Heard) {
			this.unheard = false;
			this.heard = this.current;
			notifyAll();
		}
	}

	private long want() {
		this.wanted++;
		notifyAll();
		return this.wanted;
	}

	private void run(Supplier<Map<Series, Double>> numbers) {
		while (true) {
			try {
				long round = awaitTurn();
				report(numbers.get(), round);
			}
			catch (InterruptedException | RuntimeException ex) {
				// Nobody is to end this thread, and what an application measures may fail
				logger.debug("A report was missed", ex);
				missed();
			}
		}
	}

	private synchronized void missed() {
		this.unheard = false;
		this.heard = this.current;
		notifyAll();
	}

	private synchronized long awaitTurn() throws InterruptedException {
		long due = System.nanoTime() + this.pause;
		this.pause = this.period.toNanos();
		while (this.unheard || (this.wanted == this.current && System.nanoTime() < due)) {
			if (this.unheard) {
				wait();
			}
			else {
				TimeUnit.NANOSECONDS.timedWait(this, due - System.nanoTime());
			}
		}
		this.unheard = true;
		this.current = this.wanted;
		return this.round;
	}

	private void report(Map<Series, Double> numbers, long round) {
		List<ByteBuffer> frames = this.ledger.changes(numbers);
		for (int i = 0; i < frames.size(); i++) {
			boolean last = i == frames.size() - 1;
			this.send.accept(new Numbers.Report(frames.get(i), last, round, this.ledger.dropped()));
		}
	}

}
