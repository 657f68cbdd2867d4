package io.clusterboot.posix;

import java.io.IOException;
import java.util.BitSet;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

class ProcessorsTests {

	@ParameterizedTest
	@CsvSource({ "1,0,0", "11,10,01", "111,100,001", "1111,1100,0011", "1011,1000,0001", "11010000,10000000,10000" })
	void halfIsTheUpperOrTheLowerOne(String all, String upper, String lower) {
		assertThat(of(all).half(true)).isEqualTo(of(upper));
		assertThat(of(all).half(false)).isEqualTo(of(lower));
	}

	@Test
	void processHasWhatItIsGivenAndGetsTheOthersBack() throws Exception {
		Processors all = Processors.of(ProcessHandle.current().pid());
		assumeThat(all.count()).isGreaterThan(1);
		Process process = new ProcessBuilder("sleep", "60").start();
		try {
			assertThat(Processors.of(process.pid())).isEqualTo(all);
			Processors half = all.half(true);
			all.exchange(process.pid(), half, (thread) -> thread.equals("sleep"));
			assertThat(Processors.of(process.pid())).isEqualTo(half);
			half.exchange(process.pid(), all, (thread) -> !thread.equals("sleep"));
			assertThat(Processors.of(process.pid())).isEqualTo(half);
			all.half(false).exchange(process.pid(), all, (thread) -> true);
			assertThat(Processors.of(process.pid())).as("keeps others").isEqualTo(half);
			half.exchange(process.pid(), all, (thread) -> true);
			assertThat(Processors.of(process.pid())).isEqualTo(all);
		}
		finally {
			process.destroyForcibly();
		}
	}

	@Test
	void processThatIsGoneHasNoneAndCanBeGivenNone() throws IOException, InterruptedException {
		Process process = new ProcessBuilder("true").start();
		assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
		assertThat(Processors.of(process.pid()).count()).isZero();
		Processors all = Processors.of(ProcessHandle.current().pid());
		all.exchange(process.pid(), all, (thread) -> true);
	}

	private static Processors of(String binary) {
		return new Processors(BitSet.valueOf(new long[] { Long.parseLong(binary, 2) }));
	}

}
