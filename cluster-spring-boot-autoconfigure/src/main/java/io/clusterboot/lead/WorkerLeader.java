package io.clusterboot.lead;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

import io.clusterboot.ClusterLeader;
import io.clusterboot.channel.Leading;
import io.clusterboot.channel.Message;
import io.clusterboot.channel.Reply;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.context.ConfigurableApplicationContext;

/**
 * Leads where the primary grants it: asks for one lease after the other on a thread of
 * its own, whatever the application does meanwhile. That thread is there once this worker
 * has to lead, so all others pay nothing.
 */
public final class WorkerLeader implements ClusterLeader {

	private static final Log logger = LogFactory.getLog(WorkerLeader.class);

	private final Consumer<Message> send;

	private final ThreadLocal<Mandate> working = new ThreadLocal<>();

	private final List<Runnable> atFirst = new ArrayList<>();

	private final Jobs jobs;

	private @Nullable ConfigurableApplicationContext context;

	private @Nullable Mandate mandate;

	private boolean first;

	private boolean started;

	// This worker ends
	private boolean resigned;

	/**
	 * Create the leader of a worker that does not lead yet.
	 * @param send tells the primary
	 */
	public WorkerLeader(Consumer<Message> send) {
		this.send = send;
		this.jobs = new Jobs(this, send);
	}

	/**
	 * Say who is to hear of it.
	 * @param context publishes events
	 */
	public synchronized void begins(ConfigurableApplicationContext context) {
		this.context = context;
	}

	/**
	 * Take a message of the primary's.
	 * @param message the message
	 * @return whether it is about who leads
	 */
	public synchronized boolean hears(Message message) {
		if (message instanceof Leading.Grant grant) {
			granted(grant);
		}
		else if (message instanceof Leading.Resign resign) {
			if (this.mandate != null && this.mandate.token() == resign.token()) {
				this.mandate.resign(System.nanoTime());
			}
		}
		else if (message instanceof Reply.Lease answer) {
			if (this.mandate != null) {
				this.mandate.answered(answer, System.nanoTime());
			}
		}
		else if (message instanceof Leading.LastRun run) {
			this.jobs.hears(run);
		}
		else {
			return false;
		}
		notifyAll();
		return true;
	}

	private void granted(Leading.Grant grant) {
		this.first = grant.first();
		this.mandate = new Mandate(grant, System.nanoTime());
		if (this.resigned) {
			this.mandate.resign(System.nanoTime());
		}
		if (!this.started) {
			this.started = start("cluster-lead", this::lead);
			ConfigurableApplicationContext context = this.context;
			if (this.started && context != null) {
				start("cluster-lead-events", new LeaderEvents(this, context));
			}
			this.jobs.begin();
		}
		if (grant.first() && !this.atFirst.isEmpty()) {
			List<Runnable> tasks = List.copyOf(this.atFirst);
			start("cluster-once", () -> runFirst(grant.token(), tasks));
		}
		else if (!grant.first()) {
			this.atFirst.clear();
		}
	}

	// Without a thread nobody asks for a lease, and another worker leads
	static boolean start(String name, Runnable task) {
		Thread thread = new Thread(task, name);
		thread.setDaemon(true);
		try {
			thread.start();
			return true;
		}
		catch (OutOfMemoryError ex) {
			logger.warn("There is no thread to lead with");
			return false;
		}
	}

	Jobs jobs() {
		return this.jobs;
	}

	/**
	 * Begin nothing more, for good. Returns at once.
	 * @param patience how long to wait for what still runs
	 */
	public synchronized void resign(Duration patience) {
		this.resigned = true;
		if (this.mandate != null) {
			this.mandate.resign(patience, System.nanoTime());
			notifyAll();
		}
	}

	/**
	 * Wait until everything has ended that was begun, but not for the caller, and no
	 * longer than it was {@linkplain #resign said}. Returns at once if this worker does
	 * not lead.
	 */
	public synchronized void awaitEnd() {
		try {
			Mandate mandate = this.mandate;
			while (mandate != null && mandate == this.mandate && mandate != this.working.get()
					&& !mandate.isDone(System.nanoTime())) {
				await(mandate.pause(System.nanoTime()));
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	@Override
	public synchronized OptionalLong token() {
		Mandate mandate = this.mandate;
		return (mandate != null && mandate.leads(System.nanoTime())) ? OptionalLong.of(mandate.token())
				: OptionalLong.empty();
	}

	@Override
	public boolean run(LongConsumer work) {
		Mandate outer = this.working.get();
		if (outer != null) {
			// A part of what was begun
			work.accept(outer.token());
			return true;
		}
		Mandate mandate = begin();
		if (mandate == null) {
			return false;
		}
		this.working.set(mandate);
		try {
			work.accept(mandate.token());
		}
		finally {
			this.working.remove();
			end(mandate);
		}
		return true;
	}

	/**
	 * Begin something that ends on whichever thread, as long as this worker leads by a
	 * token. What that takes is waited for as in {@link #run}.
	 * @param token the token
	 * @return says that it has ended, or {@code null} if it must not begin
	 */
	public synchronized @Nullable Runnable begin(long token) {
		Mandate mandate = (token().orElse(0) == token) ? begin() : null;
		return (mandate != null) ? () -> end(mandate) : null;
	}

	/**
	 * Lead no longer, so that another worker does if any can. Returns at once.
	 */
	public synchronized void giveUp() {
		if (this.mandate != null) {
			this.mandate.resign(System.nanoTime());
			notifyAll();
		}
	}

	private synchronized @Nullable Mandate begin() {
		return (this.mandate != null && this.mandate.begin(System.nanoTime())) ? this.mandate : null;
	}

	private synchronized void end(Mandate mandate) {
		mandate.end();
		notifyAll();
	}

	private void lead() {
		while (true) {
			try {
				Message message = next();
				if (message != null) {
					this.send.accept(message);
				}
			}
			catch (InterruptedException ex) {
				// Nobody is to end this thread
				logger.debug("Interrupted", ex);
			}
			catch (RuntimeException | Error ex) {
				// Such as want of memory: a lease that is not asked for is lost
				logger.debug("The primary was not told", ex);
			}
		}
	}

	private synchronized @Nullable Message next() throws InterruptedException {
		Mandate mandate = this.mandate;
		if (mandate == null) {
			wait();
			return null;
		}
		Message message = mandate.next(System.nanoTime());
		if (mandate.isOver()) {
			this.mandate = null;
			notifyAll();
		}
		else if (message == null) {
			await(mandate.pause(System.nanoTime()));
			notifyAll();
		}
		return message;
	}

	private void await(long nanos) throws InterruptedException {
		TimeUnit.NANOSECONDS.timedWait(this, nanos);
	}

	/**
	 * Wait until this worker leads, or no longer, or by another token.
	 * @param token the token that is known, 0 for none
	 * @return the token that is not, 0 for none
	 * @throws InterruptedException if the thread is interrupted
	 */
	public synchronized long awaitChange(long token) throws InterruptedException {
		while (token().orElse(0) == token) {
			wait();
		}
		return token().orElse(0);
	}

	/**
	 * Return whether no other worker of its generation had led when this one was last
	 * granted to.
	 * @return whether it was the first
	 */
	public synchronized boolean isFirst() {
		return this.first;
	}

	/**
	 * Do something when this worker leads before any other of its generation, if it ever
	 * does. That is known when it first leads, so later nothing is kept.
	 * @param task what to do
	 */
	synchronized void whenFirst(Runnable task) {
		if (!this.started) {
			this.atFirst.add(task);
		}
	}

	private void runFirst(long token, List<Runnable> tasks) {
		try {
			if (awaitChange(0) == token) {
				run((ignored) -> tasks.forEach(Runnable::run));
				synchronized (this) {
					this.atFirst.clear();
				}
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
