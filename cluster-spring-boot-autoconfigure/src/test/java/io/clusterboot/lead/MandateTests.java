package io.clusterboot.lead;

import java.time.Duration;

import io.clusterboot.channel.Leading;
import io.clusterboot.channel.Message;
import io.clusterboot.channel.Reply;
import io.clusterboot.channel.Request;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Mandate}, by a clock that wraps around.
 */
class MandateTests {

	private static final long START = Long.MAX_VALUE - Duration.ofSeconds(3).toNanos();

	private final Mandate mandate = new Mandate(
			new Leading.Grant(7, true, Duration.ofSeconds(5), Duration.ofSeconds(30)), at(0));

	@Test
	void leadsFromTheFirstLeaseOn() {
		assertThat(this.mandate.leads(at(0))).isFalse();
		assertThat(this.mandate.next(at(0))).isEqualTo(new Request.Lease(at(0), 7));
		assertThat(this.mandate.leads(at(100))).isFalse();
		grant(0, 100);
		assertThat(this.mandate.leads(at(100))).isTrue();
	}

	@Test
	void asksOnceASecond() {
		assertThat(this.mandate.next(at(0))).isNotNull();
		assertThat(this.mandate.next(at(999))).isNull();
		assertThat(this.mandate.pause(at(400))).isEqualTo(Duration.ofMillis(600).toNanos());
		assertThat(this.mandate.next(at(1000))).isEqualTo(new Request.Lease(at(1000), 7));
	}

	@Test
	void leaseLastsFromWhenItWasAskedForAndNotFromWhenItWasGranted() {
		grant(0, 2000);
		assertThat(this.mandate.leads(at(4999))).isTrue();
		assertThat(this.mandate.leads(at(5000))).isFalse();
	}

	@Test
	void nextLeaseFollowsTheLast() {
		grant(0, 10);
		grant(1000, 4999);
		assertThat(this.mandate.leads(at(5999))).isTrue();
		assertThat(this.mandate.leads(at(6000))).isFalse();
	}

	@Test
	void leaseThatHasRunOutBeforeItWasGrantedIsNone() {
		grant(0, 5000);
		assertThat(this.mandate.leads(at(5000))).isFalse();
	}

	@Test
	void afterALapseNoLeaseHelps() {
		grant(0, 10);
		grant(4500, 5000);
		assertThat(this.mandate.leads(at(5000))).isFalse();
		assertThat(this.mandate.next(at(5000))).isEqualTo(new Leading.Resigned(7));
		assertThat(this.mandate.isOver()).isTrue();
		assertThat(this.mandate.next(at(6000))).isNull();
	}

	@Test
	void answerToALeadershipBeforeTellsNothing() {
		this.mandate.answered(new Reply.Lease(at(-1), false), at(10));
		this.mandate.answered(new Reply.Lease(at(-1), true), at(10));
		assertThat(this.mandate.leads(at(10))).isFalse();
		assertThat(this.mandate.next(at(10))).isInstanceOf(Request.Lease.class);
	}

	@Test
	void leaseThatIsDeniedIsTheEnd() {
		grant(0, 10);
		this.mandate.answered(new Reply.Lease(at(1000), false), at(1010));
		assertThat(this.mandate.leads(at(1010))).isFalse();
		assertThat(this.mandate.next(at(1010))).isEqualTo(new Leading.Resigned(7));
	}

	@Test
	void resignedIsSaidAtOnceWhereNothingRuns() {
		grant(0, 10);
		this.mandate.resign(at(20));
		assertThat(this.mandate.leads(at(20))).isFalse();
		assertThat(this.mandate.next(at(20))).isEqualTo(new Leading.Resigned(7));
		assertThat(this.mandate.isHeld(at(20))).isFalse();
	}

	@Test
	void resignedIsSaidWhenWhatRunsHasEnded() {
		grant(0, 10);
		assertThat(this.mandate.begin(at(20))).isTrue();
		this.mandate.resign(at(30));
		assertThat(this.mandate.begin(at(30))).isFalse();
		for (int millis = 1000; millis <= 20_000; millis += 1000) {
			assertThat(this.mandate.next(at(millis))).isEqualTo(new Request.Lease(at(millis), 7));
			grant(millis, millis + 10);
			assertThat(this.mandate.isHeld(at(millis + 10))).isTrue();
		}
		this.mandate.end();
		assertThat(this.mandate.next(at(20_500))).isEqualTo(new Leading.Resigned(7));
	}

	@Test
	void resignedIsSaidWhenTimeIsUpWhateverRuns() {
		grant(0, 10);
		this.mandate.begin(at(20));
		this.mandate.next(at(25));
		this.mandate.resign(Duration.ofMillis(100), at(30));
		assertThat(this.mandate.pause(at(30))).isEqualTo(Duration.ofMillis(100).toNanos());
		assertThat(saysResigned(129)).isFalse();
		assertThat(saysResigned(130)).isTrue();
	}

	@Test
	void afterALapseResignedIsSaidWhenWhatRunsHasEnded() {
		grant(0, 10);
		this.mandate.begin(at(20));
		assertThat(this.mandate.next(at(5000))).isNull();
		assertThat(this.mandate.next(at(9000))).isNull();
		this.mandate.end();
		assertThat(this.mandate.next(at(9001))).isEqualTo(new Leading.Resigned(7));
	}

	@Test
	void whoResignsBeforeTheFirstLeaseSaysSo() {
		this.mandate.resign(at(0));
		assertThat(this.mandate.next(at(0))).isEqualTo(new Leading.Resigned(7));
		assertThat(this.mandate.pause(at(0))).isZero();
	}

	private boolean saysResigned(int millis) {
		Message message = this.mandate.next(at(millis));
		return message instanceof Leading.Resigned;
	}

	private void grant(int asked, int now) {
		this.mandate.answered(new Reply.Lease(at(asked), true), at(now));
	}

	private static long at(int millis) {
		return START + Duration.ofMillis(millis).toNanos();
	}

}
