package io.clusterboot.it;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Users of the form login, each with a connection that is kept alive as a browser does.
 * They read and write their sessions in the background until they are stopped, and
 * remember what went wrong, and on a connection to whom.
 */
final class LoggedIn implements AutoCloseable {

	private static final Pattern TOKEN = Pattern.compile("name=\"_csrf\"[^>]*value=\"([^\"]+)\"");

	private static final Duration PAUSE = Duration.ofMillis(200);

	private static final int WRITE = 3;

	private final int port;

	private final AtomicInteger answered = new AtomicInteger();

	private final Queue<Failure> failures = new ConcurrentLinkedQueue<>();

	private final Queue<String> lost = new ConcurrentLinkedQueue<>();

	private final CountDownLatch in;

	private final List<User> users = new ArrayList<>();

	private volatile boolean stopped;

	private LoggedIn(int port, int count) {
		this.port = port;
		this.in = new CountDownLatch(count);
		for (int i = 0; i < count; i++) {
			User user = new User("user" + i);
			this.users.add(user);
			user.start();
		}
	}

	static LoggedIn users(int port, int count) throws InterruptedException {
		LoggedIn users = new LoggedIn(port, count);
		assertThat(users.in.await(60, TimeUnit.SECONDS)).as("all have logged in").isTrue();
		return users;
	}

	int answered() {
		return this.answered.get();
	}

	/**
	 * Return which requests found no login, or not what was in the session.
	 * @return the requests
	 */
	List<String> lost() {
		return List.copyOf(this.lost);
	}

	/**
	 * Send no more requests, and wait for the answers to those that were sent.
	 * @return what had no answer that would do
	 */
	List<Failure> stop() {
		this.stopped = true;
		for (User user : this.users) {
			try {
				user.join(TimeUnit.SECONDS.toMillis(70));
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
				throw new IllegalStateException(ex);
			}
			assertThat(user.isAlive()).as(user.getName() + " waits").isFalse();
		}
		return List.copyOf(this.failures);
	}

	@Override
	public void close() {
		stop();
	}

	/**
	 * A request without an answer that would do.
	 *
	 * @param time when
	 * @param pid who had answered on this connection before, or 0
	 * @param what what happened
	 */
	record Failure(Instant time, long pid, String what) {

	}

	/**
	 * One user.
	 */
	private final class User extends Thread {

		private @Nullable HttpConnection connection;

		private long pid;

		private String cookie = "none=none";

		private int balance;

		User(String name) {
			super(name);
			setDaemon(true);
		}

		@Override
		public void run() {
			boolean loggedIn = false;
			for (int turn = 0; !LoggedIn.this.stopped; turn++) {
				try {
					if (!loggedIn) {
						logIn();
						loggedIn = true;
						LoggedIn.this.in.countDown();
					}
					loggedIn = (turn % WRITE == 0) ? write(turn) : read();
				}
				catch (IOException | RuntimeException | AssertionError ex) {
					LoggedIn.this.failures.add(new Failure(Instant.now(), this.pid, ex.toString()));
					disconnect();
				}
				LockSupport.parkNanos(PAUSE.toNanos());
			}
			disconnect();
		}

		// As a browser: asked for something else, sent to the page, and back
		private void logIn() throws IOException {
			assertThat(exchange("GET", "/account").status()).isEqualTo(302);
			HttpReply page = exchange("GET", "/login");
			Matcher token = TOKEN.matcher(page.body());
			assertThat(token.find()).as(page.body()).isTrue();
			String before = this.cookie;
			HttpReply in = exchange("POST",
					"/login?username=%s&password=secret&_csrf=%s".formatted(getName(), token.group(1)));
			assertThat(in.status()).as(in.body()).isEqualTo(302);
			assertThat(in.headers().get("Location")).contains("/account");
			assertThat(this.cookie).isNotEqualTo(before);
			this.balance = 0;
		}

		// Whether a write without an answer was done nobody knows
		private boolean write(int turn) throws IOException {
			int before = this.balance;
			this.balance = -1;
			boolean done = check(exchange("POST", "/account?balance=" + turn), turn);
			this.balance = (done) ? turn : before;
			return done;
		}

		private boolean read() throws IOException {
			return check(exchange("GET", "/account"), this.balance);
		}

		private boolean check(HttpReply reply, int expected) {
			if (reply.status() == 302) {
				LoggedIn.this.lost.add(getName() + " is not logged in at " + Instant.now());
				return false;
			}
			if (reply.status() != 200) {
				throw new IllegalStateException("status " + reply.status());
			}
			this.pid = reply.pid();
			LoggedIn.this.answered.incrementAndGet();
			if (!reply.said("user").equals(getName())
					|| (expected > 0 && !reply.said("balance").equals(String.valueOf(expected)))) {
				LoggedIn.this.lost.add("%s with %d got %s".formatted(getName(), expected, reply.body()));
			}
			return true;
		}

		private HttpReply exchange(String method, String path) throws IOException {
			HttpConnection used = this.connection;
			if (used == null) {
				this.pid = 0;
				used = new HttpConnection(LoggedIn.this.port);
				this.connection = used;
			}
			HttpReply reply = used.exchange(method, path, "", "Cookie: " + this.cookie);
			String set = reply.headers().get("Set-Cookie");
			if (set != null) {
				this.cookie = set.split(";")[0];
			}
			if ("close".equalsIgnoreCase(reply.headers().get("Connection"))) {
				disconnect();
			}
			return reply;
		}

		private void disconnect() {
			HttpConnection used = this.connection;
			this.connection = null;
			try {
				if (used != null) {
					used.close();
				}
			}
			catch (IOException ex) {
				// It is gone either way
			}
		}

	}

}
