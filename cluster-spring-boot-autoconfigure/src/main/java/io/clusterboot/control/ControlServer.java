package io.clusterboot.control;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BiConsumer;

import io.clusterboot.channel.ByteBudget;
import io.clusterboot.channel.Control;
import io.clusterboot.channel.Reply;
import io.clusterboot.channel.Request;
import io.clusterboot.output.PrimaryLog;
import jdk.net.ExtendedSocketOptions;

/**
 * The primary's end of the control socket. One thread speaks with all operators, and none
 * of them can cost it more than a bounded buffer and a place, which who has been silent
 * longest loses to the next one. Only the primary's own user and root are heard.
 */
public final class ControlServer implements AutoCloseable {

	/**
	 * How many operators there can be at the same time.
	 */
	static final int PLACES = 64;

	private static final int BACKLOG = 64;

	// Of answers that have not left this process
	private static final long REPLY_BYTES = 4 * 1024 * 1024;

	private static final Duration LOOK = Duration.ofSeconds(1);

	private static final long THREAD_STACK_SIZE = 256 * 1024;

	private final Path socket;

	private final ServerSocketChannel server;

	private final Selector selector;

	private final List<UserPrincipal> users;

	private final Control.Introduction introduction;

	private final PrimaryLog log;

	private final BiConsumer<Long, Request.OfOperator> questions;

	private final ByteBudget budget = new ByteBudget(REPLY_BYTES);

	private final Map<Long, ControlClient> clients = new HashMap<>();

	private final Queue<Answer> answers = new ConcurrentLinkedQueue<>();

	private long lastClient;

	private volatile boolean followed;

	private volatile boolean closed;

	private ControlServer(Path socket, ServerSocketChannel server, Control.Introduction introduction, PrimaryLog log,
			BiConsumer<Long, Request.OfOperator> questions) throws IOException {
		this.socket = socket;
		this.server = server;
		this.introduction = introduction;
		this.log = log;
		this.questions = questions;
		this.users = List.of(Files.getOwner(socket),
				FileSystems.getDefault().getUserPrincipalLookupService().lookupPrincipalByName("0"));
		this.selector = Selector.open();
		server.configureBlocking(false);
		server.register(this.selector, SelectionKey.OP_ACCEPT);
	}

	/**
	 * Listen on a socket of this process.
	 * @param directory where to make it
	 * @param introduction the first word to everybody
	 * @param log the primary's log, which knows the last lines of all
	 * @param questions hears who asks what; the answer comes by {@link #answer}
	 * @return the server, which runs until it is closed
	 * @throws IOException if that is not possible
	 */
	public static ControlServer start(ControlDirectory directory, Control.Introduction introduction, PrimaryLog log,
			BiConsumer<Long, Request.OfOperator> questions) throws IOException {
		directory.make();
		directory.deleteAbandoned();
		Path socket = directory.socket(introduction.pid());
		Files.deleteIfExists(socket);
		ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
		try {
			server.bind(UnixDomainSocketAddress.of(socket), BACKLOG);
			ControlServer control = new ControlServer(socket, server, introduction, log, questions);
			log.history().listener(control::printed);
			Thread thread = new Thread(null, control::run, "cluster-control", THREAD_STACK_SIZE);
			thread.setDaemon(true);
			thread.start();
			return control;
		}
		catch (IOException | OutOfMemoryError ex) {
			server.close();
			Files.deleteIfExists(socket);
			throw ex;
		}
	}

	/**
	 * Answer a question. May be called by any thread.
	 * @param client who asked
	 * @param reply the answer
	 */
	public void answer(long client, Reply reply) {
		this.answers.add(new Answer(client, reply));
		this.selector.wakeup();
	}

	private void printed() {
		if (this.followed) {
			this.selector.wakeup();
		}
	}

	@Override
	public void close() {
		this.closed = true;
		this.selector.wakeup();
		try {
			Files.deleteIfExists(this.socket);
		}
		catch (IOException ex) {
			// the next primary deletes it
		}
	}

	private void run() {
		try (this.server; this.selector) {
			while (!this.closed) {
				turn();
			}
		}
		catch (IOException | RuntimeException | OutOfMemoryError ex) {
			this.log.warn("The control socket is closed, and the command 'cluster' does not reach this cluster any "
					+ "more: " + ex);
		}
		finally {
			this.clients.values().forEach(ControlClient::close);
		}
	}

	private void turn() throws IOException {
		this.selector.select(LOOK.toMillis());
		for (SelectionKey key : this.selector.selectedKeys()) {
			if (key.channel() == this.server) {
				accept();
			}
			else if (key.attachment() instanceof ControlClient client) {
				client.advance();
			}
		}
		this.selector.selectedKeys().clear();
		for (Answer answer = this.answers.poll(); answer != null; answer = this.answers.poll()) {
			ControlClient client = this.clients.get(answer.client());
			if (client != null) {
				client.answer(answer.reply());
			}
		}
		this.clients.values().forEach(ControlClient::look);
		this.clients.values().removeIf(ControlClient::isClosed);
		this.followed = this.clients.values().stream().anyMatch(ControlClient::follows);
	}

	private void accept() {
		try {
			SocketChannel channel = this.server.accept();
			if (channel != null) {
				welcome(channel);
			}
		}
		catch (IOException ex) {
			// Such as for want of descriptors: who waits is heard at the next turn
		}
	}

	private void welcome(SocketChannel channel) throws IOException {
		try {
			UserPrincipal user = channel.getOption(ExtendedSocketOptions.SO_PEERCRED).user();
			if (!this.users.contains(user)) {
				channel.close();
				return;
			}
			if (this.clients.size() >= PLACES) {
				this.clients.values()
					.stream()
					.min(Comparator.comparingLong(ControlClient::lastHeard))
					.ifPresent((client) -> {
						client.close();
						this.clients.remove(client.id());
					});
			}
			channel.configureBlocking(false);
			long id = ++this.lastClient;
			SelectionKey key = channel.register(this.selector, SelectionKey.OP_READ);
			ControlClient client = new ControlClient(id, key, user.getName(), this.budget, this.log.history(),
					(question) -> this.questions.accept(id, question));
			key.attach(client);
			this.clients.put(id, client);
			client.introduce(this.introduction);
		}
		catch (IOException | RuntimeException ex) {
			channel.close();
		}
	}

	private record Answer(long client, Reply reply) {

	}

}
