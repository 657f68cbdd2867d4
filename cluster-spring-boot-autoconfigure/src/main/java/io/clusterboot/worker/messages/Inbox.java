package io.clusterboot.worker.messages;

import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

import io.clusterboot.channel.Mail;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.core.log.LogMessage;

/**
 * The letters that nobody has read yet, from before the application is there. One after
 * the other is read on a thread that may be kept waiting; how many there can be is up to
 * the primary, which hears now and then how much is done with.
 */
final class Inbox {

	private static final Log logger = LogFactory.getLog(Inbox.class);

	private final BlockingQueue<Mail.Incoming> letters = new LinkedBlockingQueue<>();

	private final CountDownLatch caughtUp = new CountDownLatch(1);

	private final Receipts receipts;

	private final AtomicBoolean taken = new AtomicBoolean();

	private final AtomicReference<@Nullable Runnable> atFirst = new AtomicReference<>();

	private volatile @Nullable Thread thread;

	private volatile boolean ended;

	Inbox(Receipts receipts) {
		this.receipts = receipts;
	}

	void add(Mail.Incoming mail) {
		this.letters.add(mail);
		beginIfThereIsSomething();
	}

	/**
	 * Begin to read when there is something, so that there is no thread where there never
	 * is. Does nothing where somebody reads already.
	 * @param name the name of the thread
	 * @param reader gets the letters
	 */
	void beginAtFirst(String name, Consumer<Mail.Delivery> reader) {
		if (this.taken.compareAndSet(false, true)) {
			this.atFirst.set(() -> begin(name, reader));
			beginIfThereIsSomething();
		}
	}

	private void beginIfThereIsSomething() {
		Runnable begin = (!this.letters.isEmpty()) ? this.atFirst.getAndSet(null) : null;
		if (begin != null) {
			begin.run();
		}
	}

	/**
	 * Begin to read.
	 * @param name the name of the thread
	 * @param reader gets the letters
	 */
	void begin(String name, Consumer<Mail.Delivery> reader) {
		Thread thread = new Thread(() -> read(reader), name);
		thread.setDaemon(true);
		this.thread = thread;
		thread.start();
	}

	void end() {
		this.ended = true;
		Thread reading = this.thread;
		if (reading != null) {
			reading.interrupt();
		}
	}

	/**
	 * Wait until the letters have been read that were kept for this worker.
	 * @param timeout how long to wait
	 * @return whether they have
	 */
	boolean awaitCaughtUp(Duration timeout) {
		try {
			return this.caughtUp.await(timeout.toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return false;
		}
	}

	private void read(Consumer<Mail.Delivery> reader) {
		try {
			while (!this.ended) {
				Mail.Incoming mail = this.letters.take();
				if (mail instanceof Mail.Delivery delivery) {
					read(delivery, reader);
					this.receipts.taken(delivery.letter().size());
				}
				else if (mail instanceof Mail.CaughtUp) {
					this.caughtUp.countDown();
				}
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	// Whatever it does, the next is read too
	private static void read(Mail.Delivery delivery, Consumer<Mail.Delivery> reader) {
		try {
			reader.accept(delivery);
		}
		catch (RuntimeException | Error ex) {
			logger.error(LogMessage.format("A message of worker %d could not be read", delivery.sender()), ex);
		}
	}

}
