package io.clusterboot.worker.messages;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;

import io.clusterboot.ClusterAnswers;
import io.clusterboot.MessageException;
import io.clusterboot.channel.Letter;
import io.clusterboot.channel.Mail;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.context.ConfigurableApplicationContext;

/**
 * What this worker says to others and hears from them. May be used by any thread.
 */
public final class Messages {

	private static final Log logger = LogFactory.getLog(Messages.class);

	private static final Duration TIMEOUT = Duration.ofSeconds(5);

	private static final Duration CATCH_UP = Duration.ofSeconds(20);

	private static final JsonMapper OWN = new JsonMapper();

	// What the primary has not confirmed yet
	private static final int MOST_UNCONFIRMED = 4 * 1024 * 1024;

	private final Consumer<Mail.Outgoing> send;

	private final Receipts receipts;

	private final Inbox inbox;

	// For what must be heard although a listener keeps the inbox waiting
	private final Lanes lanes;

	private final Letters letters = Letters.of(() -> this.context);

	// In no form that an application has chosen: workers of two generations must agree
	private final Letters own = new Letters(() -> OWN, () -> Letters.LARGEST, Lanes.PREFIX);

	private final Replies replies;

	private final AtomicBoolean begun = new AtomicBoolean();

	private final Map<Long, Outcome> outcomes = new ConcurrentHashMap<>();

	private final AtomicLong lastId = new AtomicLong();

	private final Semaphore unconfirmed = new Semaphore(MOST_UNCONFIRMED);

	// What waits for an answer may go on for long when it is there
	private final ExecutorService executor = Executors.newCachedThreadPool((task) -> {
		Thread thread = new Thread(task, "cluster-answers");
		thread.setDaemon(true);
		return thread;
	});

	private volatile @Nullable ConfigurableApplicationContext context;

	/**
	 * Create the messages of a worker.
	 * @param send sends mail to the primary
	 */
	public Messages(Consumer<Mail.Outgoing> send) {
		this.send = send;
		this.receipts = new Receipts(send);
		this.inbox = new Inbox(this.receipts);
		this.lanes = new Lanes(this.receipts);
		this.replies = new Replies(this.letters, send);
	}

	/**
	 * Say which application this is.
	 * @param context its context, which need not have begun
	 */
	public void belongTo(ConfigurableApplicationContext context) {
		this.context = context;
	}

	/**
	 * Begin to read what has arrived. Returns when all has been read that was retained.
	 * @param application the context of the application, which has begun
	 */
	public void begin(ConfigurableApplicationContext application) {
		this.context = application;
		if (!this.begun.compareAndSet(false, true)) {
			return;
		}
		Reader reader = new Reader(application, this.letters, this.replies);
		this.lanes.complete(reader);
		this.inbox.begin("cluster-messages", reader);
		this.send.accept(new Mail.Reads());
		if (!this.inbox.awaitCaughtUp(CATCH_UP)) {
			logger.warn("The retained messages have not been read yet: the primary does not send them, or a listener "
					+ "takes its time");
		}
	}

	/**
	 * Have messages of a kind handled by the cluster itself, beside those of the
	 * application. What has come already is handled then.
	 * @param <T> the type of the payload
	 * @param thread the name of the thread
	 * @param type the type of the payload
	 * @param handler handles a message, and must not wait for another
	 */
	public <T> void handle(String thread, Class<T> type, Consumer<T> handler) {
		Replies confirmations = new Replies(this.own, this.send);
		this.lanes.handle(Lanes.PREFIX + Letters.nameOf(type), thread, (delivery) -> {
			try {
				handler.accept(Objects.requireNonNull(this.own.read(delivery.letter(), type)));
				confirmations.answer(delivery, null);
			}
			catch (RuntimeException | Error ex) {
				confirmations.fail(delivery, ex.toString());
			}
		});
	}

	/**
	 * Send a message to those who {@link #handle} it, in all workers whose application
	 * has started, and wait until they have.
	 * @param topic what it is the last word on, for workers that start later, or
	 * {@code null}
	 * @param payload what to send
	 * @param timeout how long to wait
	 * @return who has done so
	 * @throws MessageException if it is refused or not confirmed
	 */
	public ClusterAnswers<Void> askAllHandlers(@Nullable String topic, Object payload, Duration timeout) {
		try {
			return this
				.<ClusterAnswers<Void>>post(Mail.Post.ALL, true, this.own.write(payload, topic), timeout,
						(outcome) -> answers(outcome, Void.class))
				.join();
		}
		catch (CompletionException ex) {
			throw (ex.getCause() instanceof MessageException refused) ? refused : ex;
		}
	}

	/**
	 * Read nothing any more.
	 */
	public void end() {
		this.inbox.end();
		this.lanes.end();
		this.executor.shutdown();
	}

	/**
	 * Hear what the primary brings.
	 * @param mail the mail
	 */
	public void received(Mail.Incoming mail) {
		if (mail instanceof Mail.Posted posted) {
			Outcome outcome = this.outcomes.get(posted.id());
			if (outcome != null) {
				this.unconfirmed.release(outcome.giveBack());
				outcome.posted(posted);
			}
		}
		else if (mail instanceof Mail.Answered answered) {
			this.receipts.taken(answered.letter().size());
			Outcome outcome = this.outcomes.get(answered.question());
			if (outcome != null) {
				outcome.answered(answered);
			}
		}
		else if (mail instanceof Mail.Left left) {
			this.outcomes.values().forEach((outcome) -> outcome.left(left.worker()));
		}
		else {
			Inbox lane = (mail instanceof Mail.Delivery delivery) ? this.lanes.find(delivery.letter()) : null;
			((lane != null) ? lane : this.inbox).add(mail);
		}
	}

	/**
	 * Send something to all workers, this one among them.
	 * @param payload what to send
	 * @return done when the primary passes it on
	 */
	public CompletableFuture<Void> broadcast(Object payload) {
		return tell(Mail.Post.ALL, this.letters.write(payload, null));
	}

	/**
	 * Send something to all workers, those that start later too.
	 * @param topic what it is the last word on
	 * @param payload what to send
	 * @return done when the primary passes it on
	 */
	public CompletableFuture<Void> retain(String topic, Object payload) {
		if (topic.isEmpty() || topic.length() > Letter.LONGEST_NAME) {
			throw new IllegalArgumentException(
					"A topic has 1 to %d characters, not %d".formatted(Letter.LONGEST_NAME, topic.length()));
		}
		return tell(Mail.Post.ALL, this.letters.write(payload, topic));
	}

	/**
	 * Send something to a worker.
	 * @param worker its id
	 * @param payload what to send
	 * @return done when the primary passes it on
	 */
	public CompletableFuture<Void> send(int worker, Object payload) {
		return tell(requireId(worker), this.letters.write(payload, null));
	}

	/**
	 * Ask a worker.
	 * @param <R> the type of the answer
	 * @param worker its id
	 * @param payload what to send
	 * @param type the type of the answer
	 * @param timeout how long to wait for it
	 * @return the answer
	 */
	public <R> CompletableFuture<@Nullable R> ask(int worker, Object payload, Class<R> type, Duration timeout) {
		Letter letter = this.letters.write(payload, null);
		return post(requireId(worker), true, letter, timeout, (outcome) -> read(outcome.requireAnswer(worker), type));
	}

	/**
	 * Ask all workers whose application has started.
	 * @param <R> the type of an answer
	 * @param payload what to send
	 * @param type the type of an answer
	 * @param timeout how long to wait for answers
	 * @return the answers
	 */
	public <R> CompletableFuture<ClusterAnswers<R>> askAll(Object payload, Class<R> type, Duration timeout) {
		Letter letter = this.letters.write(payload, null);
		return post(Mail.Post.ALL, true, letter, timeout, (outcome) -> answers(outcome, type));
	}

	private static int requireId(int worker) {
		if (worker < 1) {
			throw new IllegalArgumentException("The id of a worker is at least 1, not " + worker);
		}
		return worker;
	}

	private CompletableFuture<Void> tell(int target, Letter letter) {
		return post(target, false, letter, TIMEOUT, (outcome) -> {
			outcome.requireDelivered(target);
			return null;
		});
	}

	private <R> CompletableFuture<R> post(int target, boolean asks, Letter letter, Duration timeout,
			Function<Outcome, R> result) {
		awaitRoom(letter.size());
		long id = this.lastId.incrementAndGet();
		Outcome outcome = new Outcome(target, asks, letter.size());
		this.outcomes.put(id, outcome);
		CompletableFuture<R> future = outcome.done()
			.orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
			.handleAsync((done, failure) -> {
				this.outcomes.remove(id);
				this.unconfirmed.release(outcome.giveBack());
				if (failure instanceof MessageException refused) {
					throw refused;
				}
				outcome.requireConfirmed();
				return result.apply(outcome);
			}, this.executor);
		this.send.accept(new Mail.Post(id, target, asks, letter));
		return future;
	}

	private void awaitRoom(int size) {
		try {
			if (!this.unconfirmed.tryAcquire(size, TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
				throw new MessageException("The primary did not take the messages before this one within 5 s", null);
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new MessageException("Interrupted while waiting for the primary", ex);
		}
	}

	private <R> ClusterAnswers<R> answers(Outcome outcome, Class<R> type) {
		Map<Integer, String> failures = new HashMap<>(outcome.failures());
		Map<Integer, R> answers = new HashMap<>();
		outcome.answers().forEach((worker, letter) -> {
			try {
				R answer = read(letter, type);
				if (answer != null) {
					answers.put(worker, answer);
				}
			}
			catch (MessageException ex) {
				failures.put(worker, String.valueOf(ex.getMessage()));
			}
		});
		return new ClusterAnswers<>(answers, failures, outcome.left(), outcome.silent());
	}

	private <R> @Nullable R read(Letter letter, Class<R> type) {
		try {
			return (type != Void.class) ? this.letters.read(letter, type) : null;
		}
		catch (RuntimeException ex) {
			throw new MessageException("An answer cannot be read: " + ex.getMessage(), ex);
		}
	}

}
