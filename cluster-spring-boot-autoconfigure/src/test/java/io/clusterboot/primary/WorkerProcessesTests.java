package io.clusterboot.primary;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.IntStream;

import io.clusterboot.channel.Message;
import io.clusterboot.channel.Reply;
import io.clusterboot.code.StagingDirectory;
import io.clusterboot.command.JvmCommand;
import io.clusterboot.command.WorkerCommand;
import io.clusterboot.contract.ExitEvidence;
import io.clusterboot.contract.PrimaryEvent;
import io.clusterboot.contract.WorkerIdentity;
import io.clusterboot.output.OutputPump;
import io.clusterboot.output.OutputPumps;
import io.clusterboot.output.OutputTarget;
import io.clusterboot.output.PrimaryLog;
import io.clusterboot.posix.InetSocket;
import io.clusterboot.supervisor.FaultyApplication;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link WorkerProcesses} with real JVMs.
 */
@Timeout(60)
class WorkerProcessesTests {

	private static final int WORKER = 7;

	@TempDir
	private Path directory;

	private final ByteArrayOutputStream out = new ByteArrayOutputStream();

	private final BlockingQueue<PrimaryEvent> events = new LinkedBlockingQueue<>();

	private WorkerProcesses processes;

	@AfterEach
	void kill() {
		this.processes.kill(WORKER);
	}

	@Test
	void dumpMakesAWorkerPrintItsThreadsAndGoOn() throws Exception {
		long pid = fork("wait", 0);
		awaitOutput("slot 0\n");
		this.processes.dump(WORKER);
		awaitOutput("Full thread dump", "FaultyApplication.main");
		assertThat(ProcessHandle.of(pid)).get().matches(ProcessHandle::isAlive);
	}

	@Test
	void exitAfterADumpTellsTheDumpFirst() throws Exception {
		fork("wait", 0);
		awaitOutput("slot 0\n");
		this.processes.dump(WORKER);
		awaitOutput("Full thread dump", "FaultyApplication.main");
		this.processes.kill(WORKER);
		List<PrimaryEvent> all = List.of(next(), next(), next());
		assertThat(all).filteredOn((event) -> !(event instanceof PrimaryEvent.ChannelEnded))
			.satisfiesExactly(
					(event) -> assertThat(event).isInstanceOfSatisfying(PrimaryEvent.MessageReceived.class,
							(received) -> assertThat(received.message()).isInstanceOfSatisfying(
									Message.ThreadDump.class,
									(dump) -> assertThat(dump.text()).startsWith("Full thread dump")
										.contains("FaultyApplication.main"))),
					(event) -> assertThat(event).isInstanceOf(PrimaryEvent.WorkerExited.class));
	}

	@Test
	void forkOfASpareTellsItThatItHasNoSlot() throws Exception {
		fork("wait", WorkerIdentity.NO_SLOT);
		awaitOutput("slot -1\n");
	}

	@Test
	void kernelEndsAWorkerBeforeThePrimary() throws Exception {
		int own = Integer.parseInt(Files.readString(Path.of("/proc/self/oom_score_adj")).strip());
		long pid = fork("wait", 0);
		assertThat(Path.of("/proc", Long.toString(pid), "oom_score_adj")).hasContent(Integer.toString(own + 100));
	}

	@Test
	void exitWhenOutOfMemoryIsEvident() throws Exception {
		fork("hoard", 0);
		PrimaryEvent.WorkerExited exit = awaitExit();
		assertThat(exit.how()).isEqualTo("exit code 3");
		assertThat(exit.output()).singleElement().asString().startsWith("unfinishedTerminating");
		assertThat(exit.evidence()).isEqualTo(new ExitEvidence(true, false, null));
	}

	@Test
	void exitWhenTheJvmCrashesTellsWhereItSaysWhy() throws Exception {
		long pid = fork("wait", 1);
		awaitOutput("slot 1\n");
		new ProcessBuilder("kill", "-SEGV", String.valueOf(pid)).start().waitFor();
		PrimaryEvent.WorkerExited exit = awaitExit();
		Path errorFile = this.directory.resolve("hs_err-w1.log");
		assertThat(exit.evidence()).isEqualTo(new ExitEvidence(false, false, errorFile.toString()));
		assertThat(Files.readString(errorFile)).contains("SIGSEGV");
	}

	@Test
	void exitWhenKilledBySomebodyElseIsNoEvidence() throws Exception {
		long pid = fork("wait", 0);
		ProcessHandle.of(pid).orElseThrow().destroyForcibly();
		PrimaryEvent.WorkerExited exit = awaitExit();
		assertThat(exit.how()).isEqualTo("SIGKILL (exit code 137)");
		assertThat(exit.evidence()).isEqualTo(ExitEvidence.NONE);
	}

	@Test
	void exitIsToldByAThreadThatWasThereBefore() throws Exception {
		BlockingQueue<Thread> threads = new LinkedBlockingQueue<>();
		this.processes = processes("wait", List.of(), (event) -> {
			if (event instanceof PrimaryEvent.WorkerExited) {
				threads.add(Thread.currentThread());
			}
		});
		this.processes.fork(WORKER, 0, 1, 2);
		Set<Thread> before = Thread.getAllStackTraces().keySet();
		this.processes.kill(WORKER);
		assertThat(before).contains(threads.take());
	}

	@Test
	void exitOfAWorkerThatWasGivenUpIsToldOnce() throws Exception {
		long pid = fork("wait", 0);
		awaitOutput("slot 0\n");
		this.processes.abandon(WORKER);
		PrimaryEvent.WorkerExited exit = awaitExit();
		assertThat(exit.how()).isEqualTo("no end after SIGKILL");
		Awaitility.await().until(() -> ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isEmpty());
		assertThat(this.events).isEmpty();
	}

	@Test
	void exitTellsTheLastLines() throws Exception {
		fork("print", 0);
		assertThat(awaitExit().output()).isEqualTo(IntStream.rangeClosed(101, 300).mapToObj(String::valueOf).toList());
	}

	@Test
	void nothingHappensToAWorkerThatIsGone() throws Exception {
		fork("print", 0);
		awaitExit();
		try (InetSocket socket = InetSocket.create(false)) {
			this.processes.send(WORKER, new Message.Adopt(1, false), socket.descriptor());
			assertThat(socket.descriptor().number()).isPositive();
		}
		this.processes.dump(WORKER);
		this.processes.terminate(WORKER);
		this.processes.kill(WORKER);
		assertThat(this.events).isEmpty();
	}

	@Test
	void forkWhenNoThreadCanBeMadeEndsTheProcessAndTellsSo() throws Exception {
		this.processes = processes("wait", List.of(), (event) -> {
			this.events.add(event);
			if (event instanceof PrimaryEvent.WorkerForked) {
				throw new OutOfMemoryError("unable to create native thread");
			}
		});
		this.processes.fork(WORKER, 0, 1, 2);
		long pid = ((PrimaryEvent.WorkerForked) next()).pid();
		assertThat(next()).isEqualTo(new PrimaryEvent.WorkerExited(WORKER, 1,
				"no process (unable to create native thread)", List.of(), ExitEvidence.NONE));
		Awaitility.await().until(() -> ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isEmpty());
		this.processes.send(WORKER, new Message.OpenGate(), null);
		assertThat(this.events).isEmpty();
	}

	@Test
	void sendWhenAReplyIsTooLongRefuses() throws Exception {
		this.processes = processes("", List.of("sh", "-c", "exec cat"), this.events::add);
		this.processes.fork(WORKER, 0, 1, 2);
		next();
		this.processes.send(WORKER, new Reply.Refusal(1, "x".repeat(2 * 1024 * 1024)), null);
		awaitOutput("A RefusalReply of 2097178 bytes is over the limit");
	}

	@Test
	void sendWhenAMessageIsTooLongDoesNotSendIt() throws Exception {
		this.processes = processes("", List.of("sh", "-c", "exec cat"), this.events::add);
		this.processes.fork(WORKER, 0, 1, 2);
		next();
		this.processes.send(WORKER, new Message.ThreadDump("x".repeat(2 * 1024 * 1024)), null);
		this.processes.send(WORKER, new Reply.Refusal(1, "next"), null);
		awaitOutput("next");
	}

	private long fork(String fault, int slot) throws Exception {
		this.processes = processes(fault, List.of(), this.events::add);
		this.processes.fork(WORKER, slot, 1, 2);
		return ((PrimaryEvent.WorkerForked) next()).pid();
	}

	private WorkerProcesses processes(String fault, List<String> prefix, Consumer<PrimaryEvent> events)
			throws Exception {
		JvmCommand command = new JvmCommand(System.getProperty("java.home") + "/bin/java",
				List.of("-Xmx16m", "-XX:-CreateCoredumpOnCrash",
						"-XX:ErrorFile=" + this.directory.resolve("hs_err.log"), "-cp",
						FaultyApplication.class.getProtectionDomain().getCodeSource().getLocation().getPath()),
				List.of(FaultyApplication.class.getName()), List.of(fault));
		WorkerCommand workers = new WorkerCommand(command, Map.of(), List.of(), prefix, 0, 0);
		PrimarySettings settings = new PrimarySettings(Map.of(), List.of(), false, command, Map.of(), List.of(),
				List.of(), 0, "/", false, this.directory.toString(), null, "", false);
		OutputTarget target = new OutputTarget(new PrintStream(this.out));
		PrimaryLog log = new PrimaryLog(target, Clock.systemUTC(), 1, "", false);
		CodeCopies copies = new CodeCopies(settings, StagingDirectory.of(this.directory), workers, Map.of(), log,
				this.events::add);
		return new WorkerProcesses(workers, copies, 8080, this.directory.toString(),
				new OutputPumps(OutputPump.start("test-out", target), null, log.history()), new Scrapes(log::warn),
				new StoreAnswers(0, (warning) -> {
				}), events);
	}

	// The end of the channel is told before or after that, whichever thread is faster
	private PrimaryEvent.WorkerExited awaitExit() throws InterruptedException {
		List<PrimaryEvent> both = List.of(next(), next());
		assertThat(both).hasAtLeastOneElementOfType(PrimaryEvent.ChannelEnded.class);
		return both.stream()
			.filter(PrimaryEvent.WorkerExited.class::isInstance)
			.map(PrimaryEvent.WorkerExited.class::cast)
			.findFirst()
			.orElseThrow();
	}

	private PrimaryEvent next() throws InterruptedException {
		PrimaryEvent event = this.events.poll(30, TimeUnit.SECONDS);
		assertThat(event).isNotNull();
		return event;
	}

	private void awaitOutput(String... texts) {
		Awaitility.await().untilAsserted(() -> assertThat(this.out.toString(StandardCharsets.UTF_8)).contains(texts));
	}

}
