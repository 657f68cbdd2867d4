package io.clusterboot.supervisor;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.clusterboot.contract.PrimaryAction;
import io.clusterboot.supervisor.Disturbances.Disturbance;

/**
 * One life of a {@link SimulatedCluster}, which can be lived again with fewer
 * disturbances.
 *
 * @param mode what may go wrong
 * @param seed what chance makes of it
 * @param old whether the seed has its {@link SimulationChance#ofOld old meaning}
 * @param promise another promise than the supervisor's, for each action
 */
record SimulatedLife(SimulationMode mode, long seed, boolean old, Consumer<PrimaryAction> promise) {

	private static final Consumer<PrimaryAction> NO_PROMISE = (action) -> {
	};

	SimulatedLife(SimulationMode mode, long seed) {
		this(mode, seed, false, NO_PROMISE);
	}

	static SimulatedLife old(SimulationMode mode, long seed) {
		return new SimulatedLife(mode, seed, true, NO_PROMISE);
	}

	/**
	 * Live it.
	 * @return whether a promise was broken
	 */
	boolean isFailure() {
		return live(new Disturbances(null), null) != null;
	}

	/**
	 * Live it and, if a promise is broken, tell the shortest story in which it is.
	 * @throws AssertionError if a promise was broken
	 */
	void check() {
		Disturbances all = new Disturbances(null);
		Throwable failure = live(all, null);
		if (failure != null) {
			String promise = promise(failure);
			Set<Disturbance> fewest = new SimulationShrinker((disturbances) -> {
				Throwable other = live(new Disturbances(disturbances), null);
				return other != null && promise(other).equals(promise);
			}).shrink(all.happened());
			List<String> trace = new ArrayList<>();
			Throwable shrunk = live(new Disturbances(fewest), trace::add);
			throw new AssertionError(describe(all.happened().size(), fewest, trace, shrunk), shrunk);
		}
	}

	/**
	 * Count what disturbs it.
	 * @return the number of disturbances
	 */
	int disturbances() {
		Disturbances all = new Disturbances(null);
		live(all, null);
		return all.happened().size();
	}

	private Throwable live(Disturbances disturbances, Consumer<String> trace) {
		try {
			SimulationChance chance = (this.old) ? SimulationChance.ofOld(this.seed) : SimulationChance.of(this.seed);
			new SimulatedCluster(new SimulationPlan(this.mode, chance, disturbances, 1), this.seed, this.promise, trace)
				.run();
			return null;
		}
		catch (AssertionError | RuntimeException ex) {
			return ex;
		}
	}

	private String describe(int disturbances, Set<Disturbance> fewest, List<String> trace, Throwable failure) {
		return """
				mode %s, seed %d: %s
				Again, the original and what is told here: %s
				It takes %d of the %d disturbances:
				%s
				%s""".formatted(this.mode, this.seed, failure, replay(), fewest.size(), disturbances,
				fewest.stream().map((disturbance) -> "  " + disturbance).collect(Collectors.joining("\n")),
				String.join("\n", trace));
	}

	private String replay() {
		return (this.old) ? "this test"
				: "mvn -pl cluster-spring-boot-autoconfigure test -Dtest=SupervisorSimulationTests -D%s=1 -D%s=%d"
					.formatted(SupervisorSimulationTests.RUNS, SupervisorSimulationTests.SEED, this.seed);
	}

	// What follows the colon differs with every worker
	private static String promise(Throwable failure) {
		return Stream.of(failure.toString().split(": ")).limit(2).collect(Collectors.joining(": "));
	}

}
