package io.clusterboot.worker.watch;

import java.time.Duration;

import io.clusterboot.ResponseCounts;
import io.clusterboot.worker.StubServer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link StallDetector}.
 */
class StallDetectorTests {

	private final StubServer server = new StubServer();

	private final StallDetector detector = new StallDetector(() -> this.server, Duration.ofSeconds(60));

	@Test
	void lookWhenPoolIsFullAndNothingIsFinishedForTheTimeoutFindsThat() {
		this.server.poolFull = true;
		assertThat(look(60)).isNull();
		assertThat(look(1)).isEqualTo(
				"All request threads are busy and have finished no request and moved no byte for 60 s, 3 requests are in flight");
	}

	@Test
	void lookWhenARequestIsFinishedBeginsAnew() {
		this.server.poolFull = true;
		assertThat(look(60)).isNull();
		this.server.responses = new ResponseCounts(0, 0, 0, 0, 1);
		assertThat(look(60)).isNull();
		assertThat(look(1)).isNotNull();
	}

	@Test
	void lookWhenThreadsGetOtherThingsDoneBeginsAnew() {
		this.server.poolFull = true;
		assertThat(look(60)).isNull();
		this.server.finishedTasks = 1;
		assertThat(look(60)).isNull();
		assertThat(look(1)).isNotNull();
	}

	@Test
	void lookWhenThreadsMoveBytesFindsNothing() {
		this.server.poolFull = true;
		for (int second = 0; second < 1000; second += 50) {
			this.server.lastTransfer = second;
			assertThat(look(50)).isNull();
		}
		assertThat(look(11)).isNotNull();
	}

	@Test
	void lookWhenTheClientThatReadLastIsGoneDoesNotTakeThatForProgress() {
		this.server.poolFull = true;
		this.server.lastTransfer = 1000;
		assertThat(look(30)).isNull();
		this.server.lastTransfer = 500;
		assertThat(look(30)).isNull();
		assertThat(look(1)).isNotNull();
	}

	@Test
	void lookWhenTheClockIsSetBackSeesFurtherBytes() {
		this.server.poolFull = true;
		this.server.lastTransfer = 100_000;
		assertThat(look(50)).isNull();
		this.server.lastTransfer = 1;
		assertThat(look(5)).isNull();
		this.server.lastTransfer = 2;
		assertThat(look(50)).isNull();
	}

	@Test
	void lookWhenAThreadIsFreeBeginsAnew() {
		this.server.poolFull = true;
		assertThat(look(60)).isNull();
		this.server.poolFull = false;
		assertThat(look(100)).isNull();
		this.server.poolFull = true;
		assertThat(look(60)).isNull();
		assertThat(look(1)).isNotNull();
	}

	@Test
	void lookWhenNothingIsToBeDoneFindsNothing() {
		assertThat(look(1000)).isNull();
	}

	@Test
	void lookWhenThereIsNoServerFindsNothing() {
		StallDetector detector = new StallDetector(() -> null, Duration.ofSeconds(1));
		for (int second = 0; second < 10; second++) {
			assertThat(detector.look(Tick.of(Duration.ofSeconds(1)))).isNull();
		}
	}

	@Test
	void lookWhenProcessWasStoppedDoesNotCountThatTime() {
		this.server.poolFull = true;
		assertThat(look(10)).isNull();
		for (int stop = 0; stop < 50; stop++) {
			assertThat(this.detector.look(Tick.of(Duration.ofSeconds(90)))).isNull();
		}
		assertThat(this.detector.look(Tick.of(Duration.ofSeconds(90)))).isNotNull();
	}

	private @Nullable String look(int seconds) {
		String found = null;
		for (int second = 0; second < seconds && found == null; second++) {
			found = this.detector.look(Tick.of(Duration.ofSeconds(1)));
		}
		return found;
	}

}
