package io.clusterboot.supervisor;

import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Lives many random lives of a cluster and checks every promise after every event. Half
 * of them are the same in every build, half are new. More of them with
 * {@code -Dcluster.simulation.runs} or the profile {@code nightly}; those from a seed on
 * with {@code -Dcluster.simulation.seed}.
 */
class SupervisorSimulationTests {

	static final String RUNS = "cluster.simulation.runs";

	static final String SEED = "cluster.simulation.seed";

	// Lines that a worker printed last; of anything else there is less
	private static final int REMEMBERED = 60;

	private static final Long GIVEN_SEED = Long.getLong(SEED);

	private static final long FRESH_SEED = (GIVEN_SEED != null) ? GIVEN_SEED : System.currentTimeMillis();

	private static final int FRESH_RUNS = runs(2);

	private static final int FIXED_RUNS = (GIVEN_SEED != null) ? 0 : FRESH_RUNS;

	private static int runs(int halves) {
		int runs = Integer.getInteger(RUNS, 10_000);
		return (runs - 1) / SimulationMode.values().length / ((GIVEN_SEED != null) ? 1 : halves) + 1;
	}

	@BeforeAll
	static void printSeeds() {
		System.out.printf("Simulation: in each of %d modes, %d lives from seed 0 and %d from seed %d (-D%s=%d)%n",
				SimulationMode.values().length, FIXED_RUNS, FRESH_RUNS, FRESH_SEED, SEED, FRESH_SEED);
	}

	// A million lives take two processors a quarter of an hour
	@ParameterizedTest
	@EnumSource
	@Timeout(value = 1, unit = TimeUnit.HOURS)
	void everyPromiseHoldsAfterEveryEvent(SimulationMode mode) {
		Optional<SimulatedLife> failed = LongStream
			.concat(LongStream.range(0, FIXED_RUNS), LongStream.range(FRESH_SEED, FRESH_SEED + FRESH_RUNS))
			.parallel()
			.mapToObj((seed) -> new SimulatedLife(mode, seed))
			.filter(SimulatedLife::isFailure)
			.findAny();
		if (failed.isPresent()) {
			failed.get().check();
			throw new AssertionError(failed.get() + ": not the same twice");
		}
	}

	/**
	 * Sixty times as long, with sixty times as many reloads, questions and faults.
	 * @param seed the seed
	 */
	@ParameterizedTest
	@ValueSource(longs = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 })
	void supervisorRemembersNoMoreAfterALongLife(long seed) {
		SimulatedCluster cluster = new SimulatedCluster(
				new SimulationPlan(SimulationMode.NO_CRASHES, SimulationChance.of(seed), new Disturbances(null), 60),
				seed, (action) -> {
				}, null);
		cluster.run();
		assertThat(MemorySizes.of(cluster.supervisor())).isNotEmpty()
			.allSatisfy((field, size) -> assertThat(size).isLessThanOrEqualTo(REMEMBERED));
	}

	@ParameterizedTest
	@CsvSource({ "ANYTHING, 27", "ANYTHING, 1173", "BROKEN_GENERATION, 189", "ANYTHING, 8971", "ANYTHING, 13422",
			"ANYTHING, 12", "ANYTHING, 933", "NO_CRASHES, 1835", "ANYTHING, 2082", "ANYTHING, 23", "ANYTHING, 1" })
	void everyPromiseHoldsWhereOneWasOnceBroken(SimulationMode mode, long seed) {
		SimulatedLife.old(mode, seed).check();
	}

}
