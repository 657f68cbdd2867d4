package io.clusterboot.channel;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.clusterboot.CanarySnapshot;
import io.clusterboot.ClusterSnapshot;
import io.clusterboot.ClusterState;
import io.clusterboot.DropCounts;
import io.clusterboot.IncidentCause;
import io.clusterboot.IncidentSnapshot;
import io.clusterboot.LeaderSnapshot;
import io.clusterboot.LossSnapshot;
import io.clusterboot.PrimarySnapshot;
import io.clusterboot.ReloadSnapshot;
import io.clusterboot.ReloadStatus;
import io.clusterboot.ReloadStepSnapshot;
import io.clusterboot.ReloadStrategy;
import io.clusterboot.RequestTimes;
import io.clusterboot.ResponseCounts;
import io.clusterboot.WorkerMetrics;
import io.clusterboot.WorkerSnapshot;
import io.clusterboot.WorkerState;
import io.clusterboot.event.ClusterScaled;
import io.clusterboot.event.ReloadStarted;
import io.clusterboot.event.WorkerExited;
import io.clusterboot.event.WorkerForked;
import io.clusterboot.event.WorkerListening;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link MessageCodec}.
 */
class MessageCodecTests {

	private static final Letter LETTER = new Letter("type", "topic", ByteBuffer.wrap(new byte[] { 1, 2, 3 }));

	private static final Instant TIME = Instant.parse("2026-11-20T10:00:00.123Z");

	private static final ResponseCounts RESPONSES = new ResponseCounts(1, 5_000_000_000L, 2, 3, 4);

	private static final WorkerMetrics METRICS = new WorkerMetrics(1, 2, 3, Duration.ofMillis(4), Duration.ofMillis(5),
			6, 9, 7, 8, RESPONSES, RequestTimes.NONE);

	private static final IncidentSnapshot OPEN = new IncidentSnapshot(3, TIME, IncidentCause.HANG, "“why”", 4, -1, 4302,
			2, null, null, null, WorkerMetrics.NONE, null, List.of(), null);

	@ParameterizedTest
	@MethodSource("messages")
	void decodeReturnsWhatWasEncoded(Message message) throws IOException {
		byte[] frame = MessageCodec.encode(message);
		assertThat(ByteBuffer.wrap(frame).getInt()).isEqualTo(frame.length - MessageCodec.HEADER_SIZE);
		assertThat(MessageCodec.decode(withoutHeader(frame))).isEqualTo(message);
	}

	@Test
	void everyTypeOfMessageIsAmongThoseThatAreTried() {
		Set<Class<?>> tried = messages().map(Object::getClass).collect(Collectors.toSet());
		assertThat(records(Message.class)).isNotEmpty().allMatch(tried::contains);
	}

	@Test
	void encodeWhenMessageIsOverTheLimitFails() {
		WorkerSnapshot worker = worker(1, null);
		ClusterSnapshot large = new ClusterSnapshot(ClusterState.RUNNING, new PrimarySnapshot(1, TIME), 8080, 1, 1,
				Stream.generate(() -> worker).limit(20_000).toList(), List.of(), List.of(), null, null);
		assertThatExceptionOfType(IOException.class).isThrownBy(() -> MessageCodec.encode(new Reply.Snapshot(1, large)))
			.withMessageContaining("SnapshotReply")
			.withMessageContaining("limit");
	}

	@Test
	void decodeWhenTypeIsUnknownFails() {
		assertThatExceptionOfType(IOException.class)
			.isThrownBy(() -> MessageCodec.decode(new byte[] { 0, 3, 'N', 'e', 'w' }))
			.withMessage("Unknown message type New");
		assertThatExceptionOfType(IOException.class).isThrownBy(() -> MessageCodec.decode(new byte[] { 0 }));
	}

	@ParameterizedTest
	@MethodSource("messages")
	void decodeWhenFrameIsCutOffFails(Message message) throws IOException {
		byte[] frame = withoutHeader(MessageCodec.encode(message));
		assertThatExceptionOfType(IOException.class)
			.isThrownBy(() -> MessageCodec.decode(Arrays.copyOf(frame, frame.length - 1)));
	}

	@ParameterizedTest
	@MethodSource("messages")
	void decodeWhenFrameIsTooLongFails(Message message) throws IOException {
		byte[] frame = withoutHeader(MessageCodec.encode(message));
		assertThatExceptionOfType(IOException.class)
			.isThrownBy(() -> MessageCodec.decode(Arrays.copyOf(frame, frame.length + 1)))
			.withMessage("There are 1 bytes too many");
	}

	@Test
	void encodeWhenAValueIsMissingThatMustNotBeFails() {
		assertThatExceptionOfType(NullPointerException.class)
			.isThrownBy(() -> MessageCodec.encode(new Message.Leaving(null)));
	}

	@Test
	void decodeWhenEnumConstantIsUnknownFailsWithAnIoException() throws IOException {
		byte[] frame = withoutHeader(
				MessageCodec.encode(new Request.Reload(1, new Requester("", null), ReloadStrategy.ROLLING)));
		frame[frame.length - 1] = 'X';
		assertThatExceptionOfType(IOException.class).isThrownBy(() -> MessageCodec.decode(frame));
	}

	@Test
	void decodeWhenEventIsUnknownFails() throws IOException {
		byte[] frame = withoutHeader(MessageCodec.encode(new Message.Happened(new ClusterScaled(2, 3))));
		frame[frame.length - 9] = 'X';
		assertThatExceptionOfType(IOException.class).isThrownBy(() -> MessageCodec.decode(frame))
			.withMessageContaining("'ClusterScaleX' is none of");
	}

	@Test
	void threadDumpThatIsTooLongLosesItsEnd() throws IOException {
		String dump = "ä€😀".repeat(100_000);
		Message.ThreadDump decoded = (Message.ThreadDump) decode(new Message.ThreadDump(dump));
		assertThat(decoded.text().getBytes(StandardCharsets.UTF_8)).hasSizeBetween(Limit.LONG - 3, Limit.LONG);
		assertThat(decoded.text()).endsWith(" [cut off]");
		assertThat(dump).startsWith(decoded.text().substring(0, decoded.text().length() - " [cut off]".length()));
	}

	@Test
	void threadDumpAtTheLimitStaysWhole() throws IOException {
		Message dump = new Message.ThreadDump("x".repeat(Limit.LONG));
		assertThat(decode(dump)).isEqualTo(dump);
	}

	@Test
	void incidentWithAllThatIsRememberedFitsIntoAFrame() throws IOException {
		IncidentSnapshot large = incident(1, "x".repeat(Limit.LONG), Collections.nCopies(200, "€".repeat(1024)),
				"x".repeat(8 * 1024));
		Reply.Incident decoded = (Reply.Incident) decode(new Reply.Incident(1, large));
		assertThat(decoded.incident()).isEqualTo(large);
	}

	@Test
	void decodeWhenLengthOfTextIsNotAllowedFails() throws IOException {
		byte[] frame = withoutHeader(MessageCodec.encode(new Message.ThreadDump("text")));
		ByteBuffer.wrap(frame).putInt(2 + "ThreadDump".length(), Integer.MAX_VALUE);
		assertThatExceptionOfType(IOException.class).isThrownBy(() -> MessageCodec.decode(frame))
			.withMessageContaining("not allowed");
	}

	static Stream<Message> messages() {
		ReloadSnapshot running = new ReloadSnapshot(1, "http", "uid 1", ReloadStrategy.ROLLING, ReloadStatus.RUNNING,
				null, 1, 2, TIME, null, List.of(), null, null, List.of());
		ReloadSnapshot failed = new ReloadSnapshot(2, "SIGHUP", null, ReloadStrategy.PARALLEL, ReloadStatus.FAILED,
				"worker 3 ended – “why”", 2, 3, TIME, TIME.plusMillis(1),
				List.of(new ReloadStepSnapshot(0, 3, 3, TIME, null, null, null),
						new ReloadStepSnapshot(1, 2, 4, TIME, TIME.plusMillis(1), 2, TIME.plusMillis(2))),
				new CanarySnapshot(3, TIME, RESPONSES, ResponseCounts.NONE),
				new LossSnapshot(new DropCounts(1, 2, 3), null, 4, 5), List.of("Application run failed", ""));
		ClusterSnapshot starting = new ClusterSnapshot(ClusterState.STARTING, new PrimarySnapshot(4242, TIME), 0, 2, 1,
				List.of(), List.of(1), List.of("/"), null, null);
		ClusterSnapshot reloading = new ClusterSnapshot(ClusterState.RELOADING,
				new PrimarySnapshot(Long.MAX_VALUE, TIME, new PrimarySnapshot.Store(1, 2, 3, 4, 5)), 65535, 2, 3,
				List.of(worker(5, TIME), worker(6, null)), List.of(), List.of(), failed, new LeaderSnapshot(5, 7));
		return Stream.of(new Message.Move(), new Control.Introduction(6, "app", 4242, 8080),
				new Control.Logs(-2, 100, true), new Control.Lines(List.of(new Control.Line(0, 5, "“text”")), 7, true),
				new Request.Generations(31), new Reply.Generations(31, List.of(GenerationMetrics.none(3))),
				new Request.Rates(30),
				new Reply.Rates(30, TIME,
						List.of(new RecentMetrics(5, Duration.ofSeconds(7), Duration.ofMillis(900), RESPONSES,
								RequestTimes.NONE, Duration.ofMillis(3))),
						running),
				new Reply.Rates(31, TIME, List.of(), null),
				new Numbers.Report(ByteBuffer.wrap(new byte[] { 1, 2 }), true, 3, 4), new Numbers.Heard(),
				new Numbers.Wanted(5), new Request.Numbers(6),
				new Reply.Numbers(7, false, ByteBuffer.wrap(new byte[] { 3 }), Map.of(1, Duration.ofMillis(20)), 8),
				new Request.Tally(9), new Reply.Tally(10, starting, Tally.NONE),
				new Reply.Tally(11, reloading,
						new Tally(Map.of(IncidentCause.SIGNAL, 3L),
								Map.of(ReloadStatus.FAILED, Tally.Times.NONE.plus(Duration.ofSeconds(2))),
								Tally.Times.NONE, 4, 5)),
				new Message.Hello(Message.Hello.PROTOCOL), new Message.Listening(8080, 0), new Message.Readiness(true),
				new Message.Readiness(false), new Message.Heartbeat(METRICS, 0), new Message.Leaving("SIGTERM"),
				new Message.Learned(List.of("/a", "/b?c=d")), new Message.GateClosed(), new Request.Snapshot(-1),
				new Request.Reload(1, new Requester("api", "main"), null),
				new Request.Reload(2, new Requester("http", null), ReloadStrategy.PARALLEL),
				new Request.Shutdown(3, new Requester("http", null)), new Message.Welcome(true), new Message.OpenGate(),
				new Message.Drain(true, Duration.ofSeconds(30), Duration.ofMillis(1)),
				new Message.Park(Duration.ofSeconds(5)), new Message.WarmUp(List.of("/a")),
				new Reply.Snapshot(4, starting), new Reply.Snapshot(5, reloading), new Reply.Reload(6, running),
				new Reply.Reload(7, failed), new Reply.Shutdown(8), new Reply.Refusal(9, "The cluster is stopping"),
				new Reply.Invalid(9, "Too many"), new Request.Reloads(10),
				new Request.Abort(11, new Requester("http", null), 3), new Reply.Reloads(12, List.of(running, failed)),
				new Reply.Abort(13, null), new Reply.Abort(14, running),
				new Message.Configuration(Map.of("cluster.workers", "2", "server.address", "")),
				new Message.Liveness(true), new Message.FailOpen(true), new Message.Drained(3),
				new Request.Scale(15, new Requester("http", null), 4), new Reply.Scale(16, 4),
				new Message.Unhealthy(IncidentCause.DEADLOCK, "“a” waits for “b”", "\"a\" …"),
				new Message.Unhealthy(IncidentCause.GC_OVERHEAD, "", null), new Message.ThreadDump("\"main\" …"),
				new Message.Released(2), new Request.Incidents(17), new Request.Incident(18, 3),
				new Message.Assign(2, true), new Message.Adopt(3, false), new Message.Release(3, true),
				new Message.ThreadDumpRequest(), new Message.SocketFailed(3, "too many open files"),
				new Message.StartFailed("why"),
				new Reply.Incidents(19, List.of(incident(1, null, List.of(), null), OPEN)),
				new Reply.Incident(20, null), new Reply.Incident(21, OPEN),
				new Reply.Incident(22, incident(2, "\"main\" …", List.of("one", ""), "# SIGSEGV")),
				new Request.Disconnect(23, new Requester("api", "main"), 4),
				new Request.Kill(24, new Requester("http", null), 5), new Reply.Worker(25, true),
				new Request.Count(26, "visits", -3), new Reply.Count(27, Long.MAX_VALUE), new Message.Listens(),
				new Mail.Post(1, 0, true, LETTER), new Mail.Answer(1, 2, "failed", LETTER.empty()), new Mail.Taken(5),
				new Mail.Reads(), new Mail.Posted(1, List.of(1, 2), List.of(3), null), new Mail.Delivery(1, 2, LETTER),
				new Mail.Answered(1, 2, null, LETTER), new Mail.Left(3), new Mail.CaughtUp(),
				new Leading.Grant(7, true, Duration.ofSeconds(5), Duration.ofSeconds(30)), new Leading.Resign(7),
				new Leading.Resigned(7), new Leading.Ran("job", -3), new Leading.LastRun("job", 3),
				new Request.Lease(-28, 7), new Reply.Lease(-28, true),
				new Request.Lock(28, "job", 3, Duration.ofSeconds(Long.MAX_VALUE), Duration.ofMillis(1)),
				new Request.Extend(29, "job", 28, Duration.ofHours(1), Duration.ZERO),
				new Request.Unlock(30, "job", 28), new Reply.Lock(31, true), new Request.Get(32, "key", null),
				new Request.Get(33, "“key”", Duration.ofMinutes(30)),
				new Request.Put(34, "", ByteBuffer.wrap(new byte[] { 1, 2 }), Duration.ofMinutes(30), "group", -1),
				new Request.Put(35, "key", ByteBuffer.wrap(new byte[0]), Duration.ofNanos(1), null, 7),
				new Request.Remove(36, "key"), new Request.Keys(37, "group"), new Request.RemoveAll(38, "group"),
				new Reply.Kept(39, ByteBuffer.wrap(new byte[5000]), Long.MAX_VALUE), new Reply.Kept(40, null, 0),
				new Reply.Version(41, 8), new Reply.Removed(42, true), new Reply.Keys(43, List.of("a", "b")),
				new Message.Happened(new WorkerForked(worker(1, null))),
				new Message.Happened(new WorkerListening(worker(1, null), 8080)),
				new Message.Happened(new WorkerExited(worker(1, TIME), 137, "SIGKILL", IncidentCause.SIGNAL)),
				new Message.Happened(new WorkerExited(worker(1, TIME), 0, "exit code 0", null)),
				new Message.Happened(new ReloadStarted(running)), new Message.Happened(new ClusterScaled(2, 3)));
	}

	private static IncidentSnapshot incident(int id, String threadDump, List<String> output, String errorFile) {
		return new IncidentSnapshot(id, TIME, IncidentCause.OUT_OF_MEMORY, "Java heap space", 4, 1, 4302, 2,
				TIME.plusMillis(2), "exit code 3", TIME.plusMillis(1), METRICS, threadDump, output, errorFile);
	}

	private static Message decode(Message message) throws IOException {
		return MessageCodec.decode(withoutHeader(MessageCodec.encode(message)));
	}

	private static WorkerSnapshot worker(int id, Instant ready) {
		return new WorkerSnapshot(id, 1, 4301, 3, WorkerState.READY, TIME, ready, 2, 40123, METRICS);
	}

	private static Stream<Class<?>> records(Class<?> type) {
		return (type.isRecord()) ? Stream.of(type)
				: Arrays.stream(type.getPermittedSubclasses()).flatMap(MessageCodecTests::records);
	}

	private static byte[] withoutHeader(byte[] frame) {
		return Arrays.copyOfRange(frame, MessageCodec.HEADER_SIZE, frame.length);
	}

}
