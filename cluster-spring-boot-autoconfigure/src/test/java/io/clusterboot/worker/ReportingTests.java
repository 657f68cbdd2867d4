package io.clusterboot.worker;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

import io.clusterboot.channel.Message;
import io.clusterboot.channel.Numbers;
import io.clusterboot.numbers.Merge;
import io.clusterboot.numbers.Series;
import io.clusterboot.numbers.Totals;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Reporting}.
 */
@Timeout(60)
class ReportingTests {

	private static final Series REQUESTS = new Series(Merge.TOTAL, "requests");

	private final List<Message> sent = new CopyOnWriteArrayList<>();

	private final Reporting reporting = new Reporting(this.sent::add);

	private final AtomicInteger requests = new AtomicInteger();

	@Test
	void reportsOnceASecondWhatHasChanged() throws IOException {
		begin();
		awaitReports(1);
		this.requests.set(5);
		this.reporting.received(new Numbers.Heard());
		awaitReports(2);
		assertThat(total()).isEqualTo(5);
	}

	@Test
	void reportsAtOnceWhenItBegins() throws IOException {
		this.requests.set(4);
		new Reporting(this.sent::add, Duration.ofHours(1)).begin(() -> Map.of(REQUESTS, (double) this.requests.get()));
		awaitReports(1);
		assertThat(total()).isEqualTo(4);
	}

	@Test
	void reportWaitsUntilTheOneBeforeWasHeard() {
		begin();
		awaitReports(1);
		this.reporting.received(new Numbers.Wanted(1));
		Awaitility.await().during(Duration.ofMillis(1500)).until(() -> reports().size() == 1);
		this.reporting.received(new Numbers.Heard());
		Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> reports().size() == 2);
		assertThat(reports().get(1).round()).isEqualTo(1);
	}

	@Test
	void reportsAtOnceIfWanted() {
		begin();
		awaitReports(1);
		this.reporting.received(new Numbers.Heard());
		this.reporting.received(new Numbers.Wanted(7));
		Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> reports().size() == 2);
		assertThat(reports().get(1)).satisfies((report) -> {
			assertThat(report.round()).isEqualTo(7);
			assertThat(report.last()).isTrue();
		});
	}

	@Test
	void lastWaitsUntilItWasHeard() throws IOException {
		begin();
		awaitReports(1);
		this.requests.set(9);
		Thread primary = new Thread(() -> {
			int heard = 0;
			while (!Thread.interrupted()) {
				if (reports().size() > heard) {
					heard++;
					this.reporting.received(new Numbers.Heard());
				}
				Thread.yield();
			}
		});
		primary.start();
		this.reporting.last();
		primary.interrupt();
		assertThat(total()).isEqualTo(9);
	}

	@Test
	void lastWhenNobodyHearsGivesUp() {
		begin();
		long start = System.nanoTime();
		this.reporting.last();
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isBetween(Duration.ofMillis(900),
				Duration.ofSeconds(10));
	}

	@Test
	void lastWhenNobodyReportsReturnsAtOnce() {
		this.reporting.last();
		assertThat(this.sent).isEmpty();
	}

	@Test
	void goesOnWhenWhatIsMeasuredFails() throws IOException {
		AtomicInteger failures = new AtomicInteger();
		this.reporting.begin(() -> {
			if (failures.getAndIncrement() == 0) {
				throw new IllegalStateException("no connection");
			}
			return Map.of(REQUESTS, 3.0);
		});
		awaitReports(1);
		assertThat(total()).isEqualTo(3);
	}

	private void begin() {
		this.reporting.begin(() -> Map.of(REQUESTS, (double) this.requests.get()));
	}

	private void awaitReports(int count) {
		Awaitility.await().until(() -> reports().size() >= count);
	}

	private List<Numbers.Report> reports() {
		return this.sent.stream().filter(Numbers.Report.class::isInstance).map(Numbers.Report.class::cast).toList();
	}

	private double total() throws IOException {
		Totals totals = new Totals();
		for (Numbers.Report report : reports()) {
			totals.report(1, report.body());
		}
		return Totals.read(totals.pages(Set.of())).get("requests");
	}

}
