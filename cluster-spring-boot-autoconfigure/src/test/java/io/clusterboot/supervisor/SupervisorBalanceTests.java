package io.clusterboot.supervisor;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import io.clusterboot.ResponseCounts;
import io.clusterboot.contract.PrimaryAction;
import io.clusterboot.contract.Steering;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A {@link Supervisor} that spreads connections in other ways than the kernel does.
 */
class SupervisorBalanceTests {

	@Test
	void leastLoadedGivesMoreToThoseWhoHaveLessToDo() {
		ScriptedCluster cluster = up("least-loaded", "PT0S");
		busy(cluster, 1, 0);
		busy(cluster, 2, 40);
		cluster.after(Duration.ofSeconds(1));
		Map<Integer, Integer> weights = steering(busy(cluster, 1, 0)).weights();
		assertThat(weights.get(0)).isGreaterThan(10 * weights.get(1));
		assertThat(weights.get(1)).isPositive();
	}

	@Test
	void leastLoadedChangesNothingMoreOftenThanOnceASecond() {
		ScriptedCluster cluster = up("least-loaded", "PT0S");
		cluster.after(Duration.ofSeconds(1));
		busy(cluster, 1, 10);
		cluster.after(Duration.ofMillis(900));
		assertThat(busy(cluster, 2, 40)).isEmpty();
		cluster.after(Duration.ofMillis(100));
		assertThat(busy(cluster, 2, 40)).hasSize(1);
	}

	@Test
	void leastLoadedCountsTheRequestsThatCameAndWentBetweenTwoHeartbeats() {
		ScriptedCluster cluster = up("least-loaded", "PT0S");
		cluster.says(2, Beats.of(Duration.ofSeconds(0)));
		cluster.after(Duration.ofSeconds(2));
		// 6 at a time, before that none
		assertThat(steering(cluster.says(2, Beats.of(Duration.ofSeconds(12)))).weights())
			.isEqualTo(Map.of(0, 1000, 1, 250));
	}

	@ParameterizedTest
	@ValueSource(strings = { "least-loaded", "kernel" })
	void freshWorkerStartsWithASmallShareThatGrows(String balance) {
		ScriptedCluster cluster = up(balance, "PT20S");
		cluster.after(Duration.ofSeconds(20));
		cluster.exits(2, 1);
		int first = steering(cluster.ready(3)).weights().get(1);
		cluster.after(Duration.ofSeconds(10));
		int half = steering(busy(cluster, 1, 0)).weights().get(1);
		cluster.after(Duration.ofSeconds(10));
		int full = steering(busy(cluster, 1, 0)).weights().get(1);
		assertThat(List.of(first, half, full)).containsExactly(50, 500, 1000);
	}

	@Test
	void kernelWeighsNoLoad() {
		ScriptedCluster cluster = up("kernel", "PT20S");
		cluster.after(Duration.ofSeconds(20));
		Steering steering = steering(busy(cluster, 2, 40));
		assertThat(steering.weights()).isEqualTo(Map.of(0, 1000, 1, 1000));
		assertThat(steering.isEven(2)).isTrue();
	}

	@Test
	void sourceIpIsLeftToTheKernel() {
		ScriptedCluster cluster = up("source-ip", "PT20S");
		assertThat(steering(cluster.exits(2, 1))).isEqualTo(new Steering(Map.of(0, 1), true));
		assertThat(steering(cluster.ready(3))).isEqualTo(new Steering(Map.of(0, 1, 1, 1), true));
	}

	private static ScriptedCluster up(String balance, String slowStart) {
		return ScriptedCluster
			.up(Configurations.of(2, "cluster.balance", balance, "cluster.worker.slow-start", slowStart));
	}

	private static List<PrimaryAction> busy(ScriptedCluster cluster, int worker, int requestsInFlight) {
		return cluster.says(worker, Beats.of(0, requestsInFlight, 0, ResponseCounts.NONE));
	}

	private static Steering steering(List<PrimaryAction> actions) {
		return actions.stream()
			.filter(PrimaryAction.Steer.class::isInstance)
			.map((action) -> ((PrimaryAction.Steer) action).steering())
			.findFirst()
			.orElseThrow(() -> new AssertionError("Nothing is steered: " + actions));
	}

}
