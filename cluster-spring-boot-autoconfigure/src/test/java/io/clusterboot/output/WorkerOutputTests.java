package io.clusterboot.output;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

/**
 * Tests for {@link WorkerOutput} with real processes.
 */
@Timeout(60)
class WorkerOutputTests {

	private static final String JAVA = Path.of(System.getProperty("java.home"), "bin", "java").toString();

	private final ByteArrayOutputStream out = new ByteArrayOutputStream();

	private final ByteArrayOutputStream err = new ByteArrayOutputStream();

	private final List<Process> processes = new ArrayList<>();

	private OutputPumps pumps;

	@BeforeEach
	void startPumps() throws IOException {
		this.pumps = new OutputPumps(OutputPump.start("test-out", new OutputTarget(new PrintStream(this.out))),
				OutputPump.start("test-err", new OutputTarget(new PrintStream(this.err))), new LogHistory());
	}

	@AfterEach
	void killProcesses() {
		for (Process process : this.processes) {
			process.descendants().forEach(ProcessHandle::destroyForcibly);
			process.destroyForcibly().onExit().join();
		}
	}

	@Test
	void linesOfWorkersThatPrintAtTheSameTimeArriveWholeAndOnTheirStream() throws Exception {
		int count = 5000;
		String line = "%s $i " + "x".repeat(200);
		String script = "i=0; while [ $i -lt " + count + " ]; do echo \"" + line.formatted("out $0") + "\"; echo \""
				+ line.formatted("err $0") + "\" >&2; i=$((i+1)); done";
		List<WorkerOutput> outputs = new ArrayList<>();
		for (int worker = 0; worker < 4; worker++) {
			WorkerOutput output = new WorkerOutput(this.pumps, 0, 1);
			start(output, "sh", "-c", script, "w" + worker);
			outputs.add(output);
		}
		for (int worker = 0; worker < 4; worker++) {
			end(outputs.get(worker), this.processes.get(worker));
		}
		assertComplete(text(this.out), "out", count);
		assertComplete(text(this.err), "err", count);
	}

	@Test
	void bytesThatAreNoTextArriveUnchanged() throws Exception {
		run("printf 'caf\\351 \\377\\376\\000 x\\r\\n\\n'");
		assertThat(this.out.toString(StandardCharsets.ISO_8859_1)).isEqualTo("caf\u00e9 \u00ff\u00fe\u0000 x\r\n\n");
	}

	@Test
	void unfinishedLineArrivesAfterAWhile() throws Exception {
		WorkerOutput output = new WorkerOutput(this.pumps, 0, 1);
		start(output, "sh", "-c", "printf 'Password: '; exec sleep 60");
		Awaitility.await().until(() -> text(this.out).equals("Password: "));
	}

	@Test
	void longLineArrivesWhole() throws Exception {
		List<String> told = run("head -c 1000000 /dev/zero | tr '\\0' x; echo; echo end");
		assertThat(text(this.out)).isEqualTo("x".repeat(1_000_000) + "\nend\n");
		assertThat(told).containsExactly("x".repeat(300), "end");
	}

	@Test
	void endTellsTheLastLinesOfBothStreams() throws Exception {
		List<String> told = run("seq 1 200; sleep 0.3; seq 201 230 >&2; sleep 0.3; printf unfinished");
		assertThat(told).containsExactlyElementsOf(
				Stream.concat(IntStream.rangeClosed(32, 230).mapToObj(String::valueOf), Stream.of("unfinished"))
					.toList());
		assertThat(text(this.out)).endsWith("200\nunfinished");
		assertThat(text(this.err)).startsWith("201\n").endsWith("230\n");
	}

	@Test
	void endWhenBothStreamsAreOneKeepsTheirOrder() throws Exception {
		this.pumps = new OutputPumps(this.pumps.out(), null, this.pumps.history());
		List<String> told = run("for i in 1 2 3 4 5 6 7 8; do echo out $i; echo err $i >&2; done");
		List<String> expected = IntStream.rangeClosed(1, 8)
			.boxed()
			.flatMap((i) -> Stream.of("out " + i, "err " + i))
			.toList();
		assertThat(told).isEqualTo(expected);
		assertThat(text(this.out).lines()).containsExactlyElementsOf(expected);
		assertThat(text(this.err)).isEmpty();
	}

	@Test
	void endWhenJvmDoesNotStartTellsWhy() throws Exception {
		assertThat(run(JAVA, "-jar", "missing.jar")).anyMatch((line) -> line.contains("Unable to access jarfile"));
		assertThat(run(JAVA, "-Xmx1z", "-version"))
			.anyMatch((line) -> line.contains("Invalid maximum heap size: -Xmx1z"));
	}

	@Test
	void endWhenAnotherProcessHoldsThePipeDoesNotWaitForIt() throws Exception {
		WorkerOutput output = new WorkerOutput(this.pumps, 0, 1);
		Process process = start(output, "sh", "-c", "(sleep 2; echo late; exec sleep 60) & echo $!");
		long other = Long.parseLong(end(output, process).get(0));
		try {
			assertThat(text(this.out)).isEqualTo(other + "\n");
			Awaitility.await().until(() -> text(this.out).equals(other + "\nlate\n"));
		}
		finally {
			ProcessHandle.of(other).ifPresent(this::kill);
		}
	}

	@Test
	void endWhenAnotherProcessGoesOnPrintingDoesNotWaitForIt() throws Exception {
		WorkerOutput output = new WorkerOutput(this.pumps, 0, 1);
		Process process = start(output, "sh", "-c", "echo before; (while :; do echo noise; done) & echo $! >&2");
		end(output, process);
		Awaitility.await().until(() -> text(this.err).endsWith("\n"));
		long other = Long.parseLong(text(this.err).trim());
		ProcessHandle.of(other).ifPresent(this::kill);
		assertThat(text(this.out)).startsWith("before\n");
	}

	@Test
	void pipesAreClosedWhenWorkersAreGone() throws Exception {
		long before = openPipes();
		for (int i = 0; i < 10; i++) {
			run("echo " + i);
		}
		WorkerOutput output = new WorkerOutput(this.pumps, 0, 1);
		assertThatIOException().isThrownBy(() -> start(output, "/no/such/program"));
		Awaitility.await().untilAsserted(() -> assertThat(openPipes()).isLessThanOrEqualTo(before));
	}

	@Test
	void pipesAreClosedWhenNoThreadCanBeMade() throws Exception {
		long before = openPipes();
		assertThatExceptionOfType(OutOfMemoryError.class)
			.isThrownBy(() -> new WorkerOutput(this.pumps, 0, 1).start(new ProcessBuilder(new Unstartable()), true));
		assertThat(openPipes()).isLessThanOrEqualTo(before);
	}

	@Test
	void writersThatAreNotReadHaveRoom() throws Exception {
		WorkerOutput output = new WorkerOutput(this.pumps, 0, 1);
		synchronized (this.pumps.out().target()) {
			Process process = start(output, "sh", "-c", "head -c 900000 /dev/zero");
			assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
			long start = System.nanoTime();
			output.end();
			assertThat(Duration.ofNanos(System.nanoTime() - start)).isBetween(Duration.ofMillis(400),
					Duration.ofSeconds(5));
		}
		Awaitility.await().until(() -> this.out.size() == 900_000);
	}

	private List<String> run(String script) throws Exception {
		return run("sh", "-c", script);
	}

	private List<String> run(String... command) throws Exception {
		WorkerOutput output = new WorkerOutput(this.pumps, 0, 1);
		return end(output, start(output, command));
	}

	private Process start(WorkerOutput output, String... command) throws IOException {
		Process process = output.start(new ProcessBuilder(command), true);
		this.processes.add(process);
		return process;
	}

	private List<String> end(WorkerOutput output, Process process) throws Exception {
		assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
		return output.end();
	}

	private void assertComplete(String text, String stream, int count) {
		Map<String, Integer> next = new HashMap<>();
		text.lines().forEach((line) -> {
			assertThat(line).matches(stream + " w\\d \\d+ x{200}");
			String[] words = line.split(" ");
			assertThat(Integer.parseInt(words[2])).isEqualTo(next.merge(words[1], 1, Integer::sum) - 1);
		});
		assertThat(next).hasSize(4).allSatisfy((worker, lines) -> assertThat(lines).isEqualTo(count));
	}

	private long openPipes() throws IOException {
		try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
			return descriptors.filter(this::isPipe).count();
		}
	}

	private boolean isPipe(Path descriptor) {
		try {
			return Files.readSymbolicLink(descriptor).toString().startsWith("pipe:");
		}
		catch (IOException ex) {
			return false;
		}
	}

	private void kill(ProcessHandle process) {
		process.descendants().forEach(ProcessHandle::destroyForcibly);
		process.destroyForcibly();
	}

	private String text(ByteArrayOutputStream stream) {
		return stream.toString(StandardCharsets.UTF_8);
	}

	/**
	 * A command line that fails in {@link ProcessBuilder#start()} as a lack of threads
	 * does.
	 */
	private static final class Unstartable extends AbstractList<String> {

		@Override
		public String get(int index) {
			throw new OutOfMemoryError("unable to create native thread");
		}

		@Override
		public int size() {
			return 1;
		}

	}

}
