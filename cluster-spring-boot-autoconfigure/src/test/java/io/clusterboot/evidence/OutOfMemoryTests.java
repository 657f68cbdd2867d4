package io.clusterboot.evidence;

import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link OutOfMemory} with what JDK 17 and 25 print.
 */
class OutOfMemoryTests {

	private static final String EXITING = "Terminating due to java.lang.OutOfMemoryError: Java heap space";

	private static final String CRASHING = "Aborting due to java.lang.OutOfMemoryError: Java heap space";

	private static final String NATIVE = "# There is insufficient memory for the Java Runtime Environment to continue.";

	private static final String COMMANDING = "#   Executing /bin/sh -c \"kill -9 20539\"...";

	@Test
	void endedWhenJvmExits() {
		assertThat(OutOfMemory.hasEnded(3, List.of("before", EXITING, "of another thread"))).isTrue();
		assertThat(OutOfMemory.hasEnded(3, List.of("unfinished" + EXITING))).isTrue();
		assertThat(OutOfMemory.hasEnded(3, List.of("java.lang.OutOfMemoryError: Java heap space"))).isFalse();
		assertThat(OutOfMemory.hasEnded(3, List.of())).isFalse();
		assertThat(OutOfMemory.hasEnded(1, List.of(EXITING))).isFalse();
		assertThat(OutOfMemory.hasEnded(137, List.of(EXITING))).isFalse();
	}

	@Test
	void endedWhenJvmCrashesWithOrWithoutACoreDump() {
		for (int code : List.of(134, 1)) {
			assertThat(OutOfMemory.hasEnded(code, List.of(CRASHING, "#", "# A fatal error"))).isTrue();
			assertThat(OutOfMemory.hasEnded(code, List.of("#", NATIVE))).isTrue();
			assertThat(OutOfMemory.hasEnded(code, List.of("# A fatal error"))).isFalse();
		}
		assertThat(OutOfMemory.hasEnded(0, List.of(CRASHING, NATIVE))).isFalse();
	}

	@Test
	void endedWhenCommandForItKillsTheJvm() {
		assertThat(OutOfMemory.hasEnded(137, List.of("#", COMMANDING))).isTrue();
		assertThat(OutOfMemory.hasEnded(137, List.of("#", COMMANDING, "goes on"))).isFalse();
		assertThat(OutOfMemory.hasEnded(1, List.of("#", COMMANDING))).isFalse();
		assertThat(OutOfMemory.hasEnded(137, List.of())).isFalse();
	}

}
