package io.clusterboot.control;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.PrintStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.clusterboot.ClusterSnapshot;
import io.clusterboot.ClusterState;
import io.clusterboot.PrimarySnapshot;
import io.clusterboot.WorkerMetrics;
import io.clusterboot.WorkerSnapshot;
import io.clusterboot.WorkerState;
import io.clusterboot.channel.Control;
import io.clusterboot.channel.Message;
import io.clusterboot.channel.Reply;
import io.clusterboot.channel.Request;
import io.clusterboot.channel.Requester;
import io.clusterboot.output.OutputTarget;
import io.clusterboot.output.PrimaryLog;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link ControlServer} and {@link ControlConnection}, over real sockets.
 */
@Timeout(120)
class ControlServerTests {

	private static final long PID = 4242;

	private static final Duration TIMEOUT = Duration.ofSeconds(20);

	@TempDir
	private Path parent;

	private final PrimaryLog log = new PrimaryLog(new OutputTarget(new PrintStream(new ByteArrayOutputStream())),
			Clock.systemUTC(), PID, "", false);

	private final Queue<Request.OfOperator> questions = new ConcurrentLinkedQueue<>();

	private ClusterSnapshot snapshot = snapshot(2);

	private ControlDirectory directory;

	private ControlServer server;

	@BeforeEach
	void start() throws IOException {
		this.directory = new ControlDirectory(this.parent.resolve("control"));
		this.server = start(Message.Hello.PROTOCOL);
	}

	@AfterEach
	void stop() {
		this.server.close();
	}

	@Test
	void whoConnectsHearsWhoThisIs() throws IOException {
		try (ControlConnection connection = connect()) {
			assertThat(connection.introduction())
				.isEqualTo(new Control.Introduction(Message.Hello.PROTOCOL, "app", PID, 8080));
		}
	}

	@Test
	void questionIsAnsweredAndSignedWithTheUserThatTheKernelKnows() throws IOException {
		try (ControlConnection connection = connect()) {
			assertThat(connection.ask(Request.Snapshot::new, Reply.Snapshot.class).snapshot()).isEqualTo(this.snapshot);
			connection.ask((id) -> new Request.Scale(id, new Requester("forged", "pid 7"), 3), Reply.Scale.class);
			assertThat(this.questions).last()
				.isEqualTo(new Request.Scale(2,
						new Requester("cli", "user %s, pid 7".formatted(Files.getOwner(this.parent).getName())), 3));
			for (Request.OfOperator question : List.of(new Request.Reload(3, new Requester("forged", null), null),
					new Request.Abort(4, new Requester("forged", null), 1),
					new Request.Shutdown(5, new Requester("forged", null)),
					new Request.Disconnect(6, new Requester("forged", null), 1),
					new Request.Kill(7, new Requester("forged", null), 1))) {
				assertThatExceptionOfType(ControlRefusedException.class)
					.isThrownBy(() -> connection.ask((id) -> question, Reply.Shutdown.class))
					.withMessage("not now");
				assertThat(this.questions).last()
					.asString()
					.contains("requester=cli (user " + Files.getOwner(this.parent).getName())
					.doesNotContain("forged");
			}
		}
	}

	@Test
	void whoSpeaksAnotherProtocolIsToldWhichProgramToUse() throws IOException {
		this.server.close();
		this.server = start(Message.Hello.PROTOCOL + 1);
		assertThat(Files.exists(this.directory.socket(PID))).isTrue();
		assertThatExceptionOfType(IOException.class).isThrownBy(this::connect)
			.withMessage("The cluster speaks protocol %d and this program %d: use the one of its version",
					Message.Hello.PROTOCOL + 1, Message.Hello.PROTOCOL);
	}

	@Test
	void logIsReadFromItsEndAndFollowed() throws IOException {
		for (int i = 0; i < 20; i++) {
			this.log.info("before " + i);
		}
		try (ControlConnection connection = connect()) {
			connection.ask(new Control.Logs(Control.Logs.ALL, 2, true));
			List<String> lines = new ArrayList<>();
			read(connection, lines, 2);
			this.log.info("after");
			read(connection, lines, 3);
			assertThat(lines).satisfiesExactly((line) -> assertThat(line).endsWith("before 18"),
					(line) -> assertThat(line).endsWith("before 19"), (line) -> assertThat(line).endsWith("after"));
		}
	}

	@Test
	void whoFollowsAndReadsSlowlyLosesLinesAndIsToldHowMany() throws IOException {
		try (ControlConnection connection = connect()) {
			connection.ask(new Control.Logs(Control.Logs.ALL, 0, true));
			// a question whose answer shows that the log is followed by now
			connection.ask(Request.Snapshot::new, Reply.Snapshot.class);
			int count = 50_000;
			IntStream.range(0, count).forEach((i) -> this.log.info("line " + i));
			this.log.info("the last");
			long seen = 0;
			long lost = 0;
			boolean last = false;
			while (!last) {
				Control.Lines lines = (Control.Lines) connection.receive(TIMEOUT);
				assertThat(lines).isNotNull();
				seen += lines.lines().size();
				lost += lines.lost();
				last = lines.lines().stream().anyMatch((line) -> line.text().endsWith("the last"));
			}
			assertThat(seen + lost).isEqualTo(count + 1);
			assertThat(lost).isPositive();
		}
	}

	@Test
	void thousandThatSayGarbageAndHundredThatNeverReadKeepNobodyOut() throws IOException {
		this.snapshot = snapshot(1000);
		Random random = new Random(7);
		List<SocketChannel> hostile = new ArrayList<>();
		try {
			for (int i = 0; i < 1000; i++) {
				byte[] garbage = new byte[1 + random.nextInt(200)];
				random.nextBytes(garbage);
				try (SocketChannel channel = open()) {
					channel.write(ByteBuffer.wrap(garbage));
				}
			}
			for (int i = 0; i < 100; i++) {
				SocketChannel channel = open();
				hostile.add(channel);
				channel.write(ByteBuffer.wrap(new byte[] { 0, 0, 0, 25, 0, 15, 'S', 'n', 'a', 'p', 's', 'h', 'o', 't',
						'R', 'e', 'q', 'u', 'e', 's', 't', 0, 0, 0, 0, 0, 0, 0, (byte) i }));
			}
			Awaitility.await().atMost(TIMEOUT).ignoreExceptions().untilAsserted(() -> {
				try (ControlConnection connection = connect()) {
					assertThat(connection.ask(Request.Snapshot::new, Reply.Snapshot.class).snapshot())
						.isEqualTo(this.snapshot);
				}
			});
			assertThat(this.questions).hasSizeGreaterThan(ControlServer.PLACES);
		}
		finally {
			for (SocketChannel channel : hostile) {
				channel.close();
			}
		}
	}

	@Test
	void whatOnlyWorkersMaySayEndsTheConnection() throws IOException {
		try (SocketChannel channel = open()) {
			byte[] lock = { 0, 0, 0, 14, 0, 4, 'M', 'o', 'v', 'e', 0, 0, 0, 0, 0, 0, 0, 0 };
			channel.write(ByteBuffer.wrap(lock));
			ByteBuffer answer = ByteBuffer.allocate(1024);
			while (channel.read(answer) >= 0) {
				assertThat(answer.hasRemaining()).isTrue();
			}
			assertThat(this.questions).isEmpty();
		}
	}

	@Test
	void whoeverListensInThePlaceOfSomebodyElseIsNotAsked() throws IOException {
		UserPrincipal other = this.parent.getFileSystem()
			.getUserPrincipalLookupService()
			.lookupPrincipalByName("54321");
		assertThatExceptionOfType(IOException.class)
			.isThrownBy(() -> ControlConnection.open(this.directory.socket(PID), other, TIMEOUT))
			.withMessageContaining("is not 54321");
	}

	@Test
	void endOfThePrimaryIsToldAndItsSocketIsGone() throws IOException {
		try (ControlConnection connection = connect()) {
			this.server.close();
			assertThatExceptionOfType(EOFException.class).isThrownBy(() -> connection.receive(TIMEOUT));
			assertThat(this.directory.primaries()).isEmpty();
		}
	}

	@Test
	void primaryThatDoesNotAnswerIsATimeout() throws IOException {
		this.snapshot = null;
		try (ControlConnection connection = ControlConnection.open(this.directory.socket(PID), this.directory.owner(),
				Duration.ofMillis(200))) {
			assertThatExceptionOfType(ControlTimeoutException.class)
				.isThrownBy(() -> connection.ask(Request.Snapshot::new, Reply.Snapshot.class))
				.withMessageContaining("may be stopped");
		}
	}

	private ControlServer start(int protocol) throws IOException {
		return ControlServer.start(this.directory, new Control.Introduction(protocol, "app", PID, 8080), this.log,
				(client, question) -> {
					this.questions.add(question);
					if (question instanceof Request.Snapshot && this.snapshot == null) {
						return;
					}
					this.server.answer(client, answer(question));
				});
	}

	private Reply answer(Request.OfOperator question) {
		if (question instanceof Request.Snapshot) {
			return new Reply.Snapshot(question.id(), this.snapshot);
		}
		if (question instanceof Request.Scale scale) {
			return new Reply.Scale(scale.id(), scale.workers());
		}
		return new Reply.Refusal(question.id(), "not now");
	}

	private ControlConnection connect() throws IOException {
		return ControlConnection.open(this.directory.socket(PID), this.directory.owner(), TIMEOUT);
	}

	private SocketChannel open() throws IOException {
		SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
		channel.connect(UnixDomainSocketAddress.of(this.directory.socket(PID)));
		return channel;
	}

	private static void read(ControlConnection connection, List<String> lines, int count) throws IOException {
		while (lines.size() < count) {
			Message message = connection.receive(TIMEOUT);
			assertThat(message).isInstanceOf(Control.Lines.class);
			((Control.Lines) message).lines().forEach((line) -> lines.add(line.text()));
		}
	}

	private static ClusterSnapshot snapshot(int workers) {
		Instant time = Instant.parse("2026-11-20T10:00:00Z");
		WorkerSnapshot worker = new WorkerSnapshot(1, 0, 1, 1, WorkerState.READY, time, time, 0, 0, WorkerMetrics.NONE);
		return new ClusterSnapshot(ClusterState.RUNNING, new PrimarySnapshot(PID, time), 8080, workers, 1,
				Stream.generate(() -> worker).limit(workers).toList(), List.of(), List.of(), null, null);
	}

}
