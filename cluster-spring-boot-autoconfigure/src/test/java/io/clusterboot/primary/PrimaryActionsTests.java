package io.clusterboot.primary;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.clusterboot.channel.Message;
import io.clusterboot.channel.Reply;
import io.clusterboot.code.StagingDirectory;
import io.clusterboot.command.JvmCommand;
import io.clusterboot.command.WorkerCommand;
import io.clusterboot.contract.ExitEvidence;
import io.clusterboot.contract.PrimaryAction;
import io.clusterboot.contract.PrimaryEvent;
import io.clusterboot.listen.ReusePortGroup;
import io.clusterboot.output.OutputPump;
import io.clusterboot.output.OutputPumps;
import io.clusterboot.output.OutputTarget;
import io.clusterboot.output.PrimaryLog;
import io.clusterboot.posix.Descriptor;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link PrimaryActions} where everything fails: its sockets are closed.
 */
class PrimaryActionsTests {

	private static final String CLOSED = "java.lang.IllegalStateException: descriptor ";

	@TempDir
	private Path directory;

	private final ByteArrayOutputStream out = new ByteArrayOutputStream();

	private final List<PrimaryEvent> events = new ArrayList<>();

	private final List<PrimaryAction.Answer> answers = new ArrayList<>();

	private PrimaryActions actions;

	@BeforeEach
	void createActions() throws Exception {
		ReusePortGroup sockets = ReusePortGroup.open(null, 0, 2);
		sockets.descriptors().forEach(Descriptor::close);
		JvmCommand command = new JvmCommand("java", List.of(), List.of("Main"), List.of());
		WorkerCommand workers = new WorkerCommand(command, Map.of(), List.of(), List.of(), 0, 0);
		PrimarySettings settings = new PrimarySettings(Map.of(), List.of(), false, command, Map.of(), List.of(),
				List.of(), 0, "/", false, this.directory.toString(), null, "", false);
		OutputTarget target = new OutputTarget(new PrintStream(this.out));
		PrimaryLog log = new PrimaryLog(target, Clock.systemUTC(), 1, "", false);
		CodeCopies copies = new CodeCopies(settings, StagingDirectory.of(this.directory), workers, Map.of(), log,
				this.events::add);
		WorkerProcesses processes = new WorkerProcesses(workers, copies, 8080, this.directory.toString(),
				new OutputPumps(OutputPump.start("test-out", target), null, log.history()), new Scrapes(log::warn),
				new StoreAnswers(0, (warning) -> {
				}), this.events::add);
		this.actions = new PrimaryActions(8080, sockets, copies, processes, log, this.events::add, this.answers::add);
	}

	@Test
	void answerGoesToWhoeverAsked() {
		PrimaryAction.Answer answer = new PrimaryAction.Answer(7, new Reply.Shutdown(1));
		this.actions.execute(answer);
		assertThat(this.answers).containsExactly(answer);
	}

	@Test
	void socketThatCannotBePassedIsToldByWorkerAndSlot() {
		this.actions.execute(new PrimaryAction.Admit(3, 2));
		this.actions.execute(new PrimaryAction.Assign(4, 5));
		this.actions.execute(new PrimaryAction.Adopt(6, 7));
		assertThat(this.events).extracting(Object::toString)
			.satisfiesExactly((first) -> assertThat(first).startsWith(socketFailed(3, 2)),
					(second) -> assertThat(second).startsWith(socketFailed(4, 5)),
					(third) -> assertThat(third).startsWith(socketFailed(6, 7)));
	}

	@Test
	void portThatCannotBeListenedOnIsTold() {
		this.actions.execute(new PrimaryAction.Listen(100));
		assertThat(this.events).singleElement()
			.asString()
			.startsWith("ListenFailed[reason=port 8080 cannot be listened on: " + CLOSED);
	}

	@Test
	void workerThatCannotBeForkedHasExited() {
		// Nobody shares the machine among 0 workers
		this.actions.execute(new PrimaryAction.Fork(3, 0, 1, 0));
		assertThat(this.events).singleElement().isInstanceOfSatisfying(PrimaryEvent.WorkerExited.class, (exit) -> {
			assertThat(exit.worker()).isEqualTo(3);
			assertThat(exit.how()).startsWith("no process (").containsIgnoringCase("zero");
		});
	}

	@Test
	void workerThatIsGivenUpHasExitedWhetherOrNotItWasKnown() {
		this.actions.execute(new PrimaryAction.Abandon(3));
		assertThat(this.events).containsExactly(
				new PrimaryEvent.WorkerExited(3, 137, "no end after SIGKILL", List.of(), ExitEvidence.NONE));
	}

	@Test
	void whatNobodyWaitsForIsLogged() {
		this.actions.execute(new PrimaryAction.Hold());
		this.actions.execute(new PrimaryAction.Send(3, new Message.OpenGate()));
		assertThat(this.events).isEmpty();
		Awaitility.await()
			.untilAsserted(() -> assertThat(this.out.toString(StandardCharsets.UTF_8)).contains("WARN", "Hold",
					"failed: " + CLOSED));
	}

	private static String socketFailed(int worker, int slot) {
		return "SocketFailed[worker=%d, slot=%d, reason=%s".formatted(worker, slot, CLOSED);
	}

}
