package io.clusterboot.supervisor;

import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

import io.clusterboot.contract.PrimaryAction;
import io.clusterboot.supervisor.Disturbances.Disturbance;
import io.clusterboot.supervisor.Disturbances.Kind;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Shrinks lives that break a promise which nobody makes.
 */
class SimulationShrinkerTests {

	private static final Consumer<PrimaryAction> NEW_GENERATION_IS_NEVER_MUTE = (action) -> SimulationInvariants
		.check(!(action instanceof PrimaryAction.Log log && log.text().contains(" gen=2 ")
				&& log.text().endsWith("SIGQUIT")), "has no bad day", action);

	@Test
	void shrinkWhenTwoOfManyAreNeededFindsThem() {
		List<Disturbance> many = IntStream.range(0, 40).mapToObj(SimulationShrinkerTests::disturbance).toList();
		Set<Disturbance> needed = Set.of(disturbance(7), disturbance(31));
		assertThat(new SimulationShrinker((disturbances) -> disturbances.containsAll(needed)).shrink(many))
			.containsExactlyInAnyOrderElementsOf(needed);
	}

	@Test
	void shrinkWhenNothingIsNeededFindsNothing() {
		assertThat(new SimulationShrinker((disturbances) -> true).shrink(List.of(disturbance(1), disturbance(2))))
			.isEmpty();
	}

	@Test
	void failureIsToldWithTheFewestDisturbancesAndHowToRepeatIt() {
		SimulatedLife life = LongStream.range(0, 10_000)
			.mapToObj((seed) -> new SimulatedLife(SimulationMode.ANYTHING, seed, false, NEW_GENERATION_IS_NEVER_MUTE))
			.filter(SimulatedLife::isFailure)
			.filter((candidate) -> candidate.disturbances() > 15)
			.findFirst()
			.orElseThrow();
		assertThatExceptionOfType(AssertionError.class).isThrownBy(life::check)
			.satisfies((error) -> assertThat(error.getMessage())
				.contains("mode ANYTHING, seed %d: ".formatted(life.seed()), "The supervisor has no bad day: Log[")
				.contains("-Dcluster.simulation.runs=1 -Dcluster.simulation.seed=" + life.seed())
				.containsPattern("It takes [23] of the \\d\\d disturbances:\n")
				.containsPattern("\n  command \\d+: reload")
				.containsPattern("in generation 2: FREEZES\n")
				.contains("Started[]", "-> Dump[worker="));
	}

	private static Disturbance disturbance(int number) {
		return new Disturbance(Kind.COMMAND, number);
	}

}
