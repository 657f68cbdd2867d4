package io.clusterboot.supervisor;

import java.time.Duration;

import io.clusterboot.channel.Message;
import io.clusterboot.channel.Request;
import io.clusterboot.channel.Requester;
import io.clusterboot.contract.PrimaryAction;
import io.clusterboot.contract.PrimaryEvent;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A {@link Supervisor} some of whose slots nobody serves for the time being.
 */
class SupervisorAdoptionTests {

	@Test
	void queueOfADeadSlotIsLentUntilItIsServedAgain() {
		ScriptedCluster cluster = up(3);
		cluster.exits(3, 1);
		assertThat(cluster.adoptions()).containsExactly(new PrimaryAction.Adopt(1, 2));
		cluster.exits(2, 1);
		assertThat(cluster.adoptions()).containsExactly(new PrimaryAction.Adopt(1, 1));
		cluster.ready(4);
		assertThat(cluster.adoptions()).containsExactly(ScriptedCluster.release(1, 2, false));
	}

	@Test
	void queuesAreSharedAmongThoseWhoServe() {
		ScriptedCluster cluster = up(4);
		cluster.exits(3, 1);
		cluster.exits(4, 1);
		assertThat(cluster.adoptions()).containsExactly(new PrimaryAction.Adopt(1, 2), new PrimaryAction.Adopt(2, 3));
	}

	@Test
	void queueIsLentToAnotherWhenItsAdopterDies() {
		ScriptedCluster cluster = up(3);
		cluster.exits(3, 1);
		cluster.adoptions();
		cluster.exits(1, 1);
		assertThat(cluster.adoptions()).containsExactlyInAnyOrder(new PrimaryAction.Adopt(2, 0),
				new PrimaryAction.Adopt(2, 2));
	}

	@Test
	void queueIsNotTakenBackFromAnAdopterThatEnds() {
		ScriptedCluster cluster = up(3);
		cluster.exits(3, 1);
		cluster.adoptions();
		cluster.on(new PrimaryEvent.ChannelEnded(1, "end of file"));
		assertThat(cluster.adoptions()).containsExactlyInAnyOrder(new PrimaryAction.Adopt(2, 0),
				new PrimaryAction.Adopt(2, 2));
	}

	@Test
	void queueIsTakenBackFromAnAdopterThatRefusesTraffic() {
		ScriptedCluster cluster = up(3);
		cluster.exits(3, 1);
		cluster.adoptions();
		cluster.accepts(1, false);
		assertThat(cluster.adoptions()).contains(ScriptedCluster.release(1, 2, false), new PrimaryAction.Adopt(2, 2));
	}

	@Test
	void queueIsLentToAnotherWhenItsAdopterCannotAcceptFromIt() {
		ScriptedCluster cluster = up(3);
		cluster.exits(3, 1);
		cluster.adoptions();
		cluster.says(1, new Message.SocketFailed(2, "too many open files"));
		assertThat(cluster.adoptions()).containsExactly(ScriptedCluster.release(1, 2, false),
				new PrimaryAction.Adopt(2, 2));
		cluster.on(new PrimaryEvent.SocketFailed(2, 2, "too many open files"));
		assertThat(cluster.adoptions()).containsExactly(ScriptedCluster.release(2, 2, false));
		cluster.after(Duration.ofSeconds(5));
		assertThat(cluster.adoptions()).containsExactly(new PrimaryAction.Adopt(1, 2));
	}

	@Test
	void slotThatGoesIsNotClosedWhenItsQueueCouldNotBeAdopted() {
		ScriptedCluster cluster = up(2);
		cluster.on(new PrimaryEvent.ScaleRequested("SIGTTOU", -1));
		cluster.exits(2, 0);
		assertThat(cluster.says(1, new Message.SocketFailed(1, "too many open files")))
			.doesNotHaveAnyElementsOfTypes(PrimaryAction.CloseSlot.class);
		cluster.adoptions();
		cluster.after(Duration.ofSeconds(5));
		assertThat(cluster.adoptions()).containsExactly(new PrimaryAction.Adopt(1, 1),
				ScriptedCluster.release(1, 1, true));
		assertThat(cluster.says(1, new Message.Released(1))).contains(new PrimaryAction.CloseSlot(1));
	}

	@Test
	void queuesWaitWhenNobodyServes() {
		ScriptedCluster cluster = up(2);
		cluster.exits(1, 1);
		cluster.adoptions();
		cluster.exits(2, 1);
		assertThat(cluster.adoptions()).isEmpty();
		cluster.ready(3);
		assertThat(cluster.adoptions()).containsExactly(new PrimaryAction.Adopt(3, 1));
	}

	@Test
	void slotThatGoesAfterItsWorkerDiedIsEmptiedBeforeItIsClosed() {
		ScriptedCluster cluster = up(2);
		cluster.exits(2, 1);
		cluster.on(new PrimaryEvent.ScaleRequested("SIGTTOU", -1));
		assertThat(cluster.exits(3, 137)).isEmpty();
		assertThat(cluster.adoptions()).endsWith(ScriptedCluster.release(1, 1, true));
		assertThat(cluster.says(1, new Message.Released(1))).containsExactly(new PrimaryAction.CloseSlot(1),
				ScriptedCluster.steer(0));
	}

	@Test
	void slotIsEmptiedByAnotherWhenTheOneThatDoesSoDies() {
		ScriptedCluster cluster = up(3);
		cluster.on(new PrimaryEvent.ScaleRequested("SIGTTOU", -1));
		cluster.exits(3, 0);
		assertThat(cluster.adoptions()).containsExactly(new PrimaryAction.Adopt(1, 2),
				ScriptedCluster.release(1, 2, true));
		cluster.exits(1, 1);
		assertThat(cluster.adoptions()).contains(new PrimaryAction.Adopt(2, 2), ScriptedCluster.release(2, 2, true));
		assertThat(cluster.says(2, new Message.Released(2))).contains(new PrimaryAction.CloseSlot(2));
	}

	@Test
	void slotThatCameBackEmptyAndWentAgainIsNotClosedBeforeItIsEmptyAgain() {
		ScriptedCluster cluster = up(3);
		cluster.says(1, new Request.Scale(7, new Requester("http", null), 1));
		cluster.exits(2, 0);
		cluster.exits(3, 0);
		cluster.says(1, new Message.Released(1));
		cluster.says(1, new Request.Scale(8, new Requester("http", null), 2));
		cluster.ready(4);
		cluster.says(1, new Request.Scale(9, new Requester("http", null), 1));
		assertThat(cluster.says(1, new Message.Released(2))).containsExactly(new PrimaryAction.CloseSlot(2),
				ScriptedCluster.steer(0));
		cluster.exits(4, 0);
		assertThat(cluster.says(1, new Message.Released(1))).containsExactly(new PrimaryAction.CloseSlot(1),
				ScriptedCluster.steer(0));
	}

	@Test
	void slotThatCameBackAndWentAgainIsNotClosedByAnOldAnswer() {
		ScriptedCluster cluster = up(2);
		cluster.on(new PrimaryEvent.ScaleRequested("SIGTTOU", -1));
		cluster.exits(2, 0);
		assertThat(cluster.adoptions()).endsWith(ScriptedCluster.release(1, 1, true));
		assertThat(cluster.on(new PrimaryEvent.ScaleRequested("SIGTTIN", 1)))
			.containsExactly(ScriptedCluster.fork(3, 1, 1));
		assertThat(cluster.on(new PrimaryEvent.ScaleRequested("SIGTTOU", -1))).containsExactly(ScriptedCluster.kill(3));
		assertThat(cluster.says(1, new Message.Released(1))).isEmpty();
		assertThat(cluster.exits(3, 137)).isEmpty();
		assertThat(cluster.adoptions()).containsExactly(new PrimaryAction.Adopt(1, 1),
				ScriptedCluster.release(1, 1, true));
		assertThat(cluster.says(1, new Message.Released(1))).contains(new PrimaryAction.CloseSlot(1));
	}

	private static ScriptedCluster up(int workers) {
		ScriptedCluster cluster = ScriptedCluster.up(workers);
		cluster.adoptions();
		return cluster;
	}

}
