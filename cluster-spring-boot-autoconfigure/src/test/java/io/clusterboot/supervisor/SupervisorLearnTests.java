package io.clusterboot.supervisor;

import java.util.Collections;
import java.util.List;

import io.clusterboot.ReloadStrategy;
import io.clusterboot.channel.Message;
import io.clusterboot.contract.PrimaryAction;
import io.clusterboot.contract.PrimaryEvent;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for what the {@link Supervisor} passes on from worker to worker.
 */
class SupervisorLearnTests {

	private final ScriptedCluster cluster = ScriptedCluster.up(1);

	@Test
	void whatAWorkerHasLearnedComesToTheNextBeforeItsSocket() {
		this.cluster.says(1, new Message.Learned(List.of("/old")));
		this.cluster.says(1, new Message.Learned(List.of("/a", "/b")));
		assertThat(this.cluster.snapshot().learnedRequests()).containsExactly("/a", "/b");
		this.cluster.reload(ReloadStrategy.ROLLING);
		this.cluster.on(new PrimaryEvent.WorkerForked(2, 1002));
		assertThat(this.cluster.says(2, new Message.Hello(Message.Hello.PROTOCOL))).containsSubsequence(
				new PrimaryAction.Send(2, new Message.WarmUp(List.of("/a", "/b"))), new PrimaryAction.Admit(2, 0));
	}

	@Test
	void nothingIsSaidWhereNothingWasLearned() {
		this.cluster.reload(ReloadStrategy.ROLLING);
		this.cluster.on(new PrimaryEvent.WorkerForked(2, 1002));
		assertThat(this.cluster.says(2, new Message.Hello(Message.Hello.PROTOCOL)))
			.doesNotHaveAnyElementsOfTypes(PrimaryAction.Send.class);
	}

	@Test
	void moreThanThePrimaryCanKeepIsForgotten() {
		this.cluster.says(1, new Message.Learned(List.of("/a")));
		this.cluster.says(1, new Message.Learned(List.of("/" + "x".repeat(16 * 1024))));
		this.cluster.says(1, new Message.Learned(Collections.nCopies(1000, "")));
		assertThat(this.cluster.snapshot().learnedRequests()).containsExactly("/a");
	}

}
