package io.clusterboot.primary;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.LongStream;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Lives many random lives of a cluster and checks every promise after every event. More
 * of them with {@code -Dcluster.simulation.runs} or the profile {@code nightly}, others
 * with {@code -Dcluster.simulation.seed}.
 */
class SupervisorSimulationTests {

	private static final int RUNS = Integer.getInteger("cluster.simulation.runs", 10_000);

	private static final long FIRST_SEED = Long.getLong("cluster.simulation.seed", 0);

	@ParameterizedTest
	@EnumSource
	void everyPromiseHoldsAfterEveryEvent(SimulationMode mode) {
		int runs = RUNS / SimulationMode.values().length + 1;
		OptionalLong failed = LongStream.range(FIRST_SEED, FIRST_SEED + runs)
			.parallel()
			.filter((seed) -> breaksPromise(mode, seed))
			.findAny();
		if (failed.isPresent()) {
			live(mode, failed.getAsLong());
			throw new AssertionError("mode %s, seed %d: not the same twice".formatted(mode, failed.getAsLong()));
		}
	}

	@ParameterizedTest
	@CsvSource({ "ANYTHING, 27", "ANYTHING, 1173", "BROKEN_GENERATION, 189", "ANYTHING, 8971", "ANYTHING, 13422",
			"ANYTHING, 12", "ANYTHING, 933", "NO_CRASHES, 1835", "ANYTHING, 2082", "ANYTHING, 23", "ANYTHING, 1" })
	void everyPromiseHoldsWhereOneWasOnceBroken(SimulationMode mode, long seed) {
		live(mode, seed);
	}

	private static boolean breaksPromise(SimulationMode mode, long seed) {
		try {
			new SimulatedCluster(mode, seed, null).run();
			return false;
		}
		catch (AssertionError | RuntimeException ex) {
			return true;
		}
	}

	private static void live(SimulationMode mode, long seed) {
		List<String> trace = new ArrayList<>();
		try {
			new SimulatedCluster(mode, seed, trace::add).run();
		}
		catch (AssertionError | RuntimeException ex) {
			String text = String.join(System.lineSeparator(), trace);
			throw new AssertionError("mode %s, seed %d: %s%n%s".formatted(mode, seed, ex, text), ex);
		}
	}

}
