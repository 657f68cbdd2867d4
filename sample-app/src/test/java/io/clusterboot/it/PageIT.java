package io.clusterboot.it;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The page of the endpoint in a browser. What it looked like is in
 * {@code target/it/PageIT}.
 */
@Tag("nightly")
class PageIT {

	private static final String OPEN_DIALOG = "#dialog[open]";

	private static ClusterProcess shared;

	private static Load load;

	private static Browser browser;

	@BeforeAll
	static void start(TestInfo test) throws Exception {
		Browser.assumeInstalled();
		shared = new ClusterLauncher(test).workers("3")
			.arguments("--sample.faults=true", "--cluster.reload.soak=6s", "--cluster.respawn.stable-after=1s")
			.start();
		shared.awaitSettled();
		load = Load.connecting(shared.port()).concurrency(2).pause(Duration.ofMillis(50)).start();
		browser = Browser.start(Path.of("target", "it", "PageIT"));
	}

	@AfterAll
	static void stop() {
		if (browser != null) {
			browser.close();
		}
		if (load != null) {
			load.close();
		}
		if (shared != null) {
			shared.close();
		}
	}

	@BeforeEach
	void open() {
		shared.awaitSettled();
		browser.open(url(shared));
		browser.awaitText("#ready", "3 of 3");
		assertThat(browser.complaints()).isEmpty();
		// One document for the whole test, which never lost sight of the cluster
		browser.run("""
				window.lost = [];
				new MutationObserver(() => window.lost.push(document.getElementById('unreachable').textContent))
					.observe(document.getElementById('unreachable'), { childList: true });""");
	}

	@Test
	void clusterIsShown() {
		assertThat(browser.text("#state")).isEqualTo("running");
		assertThat(browser.text("#facts")).contains("Port " + shared.port(), "primary " + shared.pid());
		assertThat(browser.run("return document.querySelectorAll('#workers tr').length")).isEqualTo(3L);
		Awaitility.await("lines").atMost(Duration.ofSeconds(30)).until(() -> browser.run("""
				return [...document.querySelectorAll('.spark path:last-child')]
					.every((path) => path.getAttribute('d').split('L').length > 4);"""), Boolean.TRUE::equals);
		assertThat(browser.text("#rate")).isNotEqualTo("0");
		assertThat(browser.isShown("#actions")).isTrue();
		assertThat(browser.isShown("#unreachable")).isFalse();
		browser.photograph("cluster");
		assertQuiet();
	}

	@Test
	void reloadByItsButtonIsFollowed() {
		int generation = shared.status().generation();
		browser.press("#reload");
		browser.awaitShown(OPEN_DIALOG);
		browser.photograph("question");
		browser.press("#dialog-choices .primary");
		browser.awaitText("#current-status", "running");
		browser.awaitShown("#abort");
		browser.awaitText("#canary-title", "goes first");
		assertThat(browser.text("#current-title"))
			.contains("generation %d to %d".formatted(generation, generation + 1));
		browser.awaitText("#steps", "ready after");
		browser.photograph("reload");
		browser.awaitText("#current-status", "succeeded");
		browser.awaitText("#facts", "generation " + (generation + 1));
		assertThat(browser.isShown("#abort")).isFalse();
		assertThat(browser.text("#announcements")).contains("succeeded");
		assertThat(browser.text("#reloads tr")).contains("succeeded", "http");
		browser.awaitText("#ready", "3 of 3");
		browser.photograph("reloaded");
		assertThat(browser.run("return window.lost")).isEqualTo(List.of());
		assertQuiet();
	}

	@Test
	void crashIsShownAndItsIncidentOpened() throws IOException {
		int generation = shared.status().generation();
		ClusterStatus.Worker killed = shared.status().worker(1);
		ClusterProcess.signal(killed.pid(), "KILL");
		browser.awaitText("#incidents", "signal");
		assertThat(browser.text("#announcements")).contains("Worker " + killed.id() + " is lost");
		ClusterStatus.Worker deadlocked = shared.status().worker(0);
		shared.exchange(deadlocked.pid(), "POST", "/faults/deadlock");
		browser.awaitText("#incidents tr", "deadlock");
		browser.photograph("crash");
		browser.press("#incidents tr:first-child button");
		browser.awaitShown(OPEN_DIALOG);
		assertThat(browser.text("#dialog-title")).contains("deadlock");
		assertThat(browser.text("#dialog-body pre")).contains("sample-deadlock-one");
		browser.photograph("incident");
		browser.press("#dialog-close");
		browser.awaitText("#ready", "3 of 3");
		// A poll may have been in the hands of the killed one
		assertThat(browser.complaints()).allMatch((complaint) -> complaint.contains("net::ERR_"));
		assertForeignersAreNotAsked();
		assertThat(shared.status().generation()).isEqualTo(generation);
		assertHostileTextIsShownAsItIs();
	}

	// With the incidents that are now there
	private void assertHostileTextIsShownAsItIs() throws IOException {
		int incident = shared.incidents().get(0).id();
		int reload = shared.reload("{}").id();
		shared.awaitReload(reload);
		try (HostileEndpoint hostile = new HostileEndpoint(shared, incident, reload)) {
			browser.open(hostile.url());
			browser.awaitText("#state", HostileEndpoint.TEXT);
			for (String button : List.of("#incidents tr:last-child button", "#reloads tr:first-child button")) {
				browser.press(button);
				browser.awaitText("#dialog-title", HostileEndpoint.TEXT);
				assertThat(browser.text("#dialog-body")).contains(HostileEndpoint.TEXT);
				assertThat(browser.run("return document.querySelectorAll('img, script, iframe').length")).isEqualTo(1L);
				browser.press("#dialog-close");
			}
			assertThat(browser.text("#workers")).contains(HostileEndpoint.TEXT);
			assertThat(browser.complaints()).isEmpty();
		}
	}

	@Test
	void numberOfWorkersIsChangedByButton() {
		browser.press("#more");
		browser.awaitText("#notice", "There will be 4 workers");
		browser.awaitText("#ready", "4 of 4");
		browser.press("#fewer");
		browser.awaitText("#ready", "3 of 3");
		assertQuiet();
	}

	@Test
	void pageSurvivesAStopByItsButtonAndASecondStart(TestInfo test) throws IOException {
		int port = ClusterLauncher.freePort();
		try (ClusterProcess first = new ClusterLauncher(test).named("first").workers("1").port(port).start()) {
			first.awaitSettled();
			browser.open(url(first));
			browser.awaitText("#ready", "1 of 1");
			browser.run("window.same = true");
			browser.press("#stop");
			browser.awaitShown(OPEN_DIALOG);
			browser.press("#dialog-choices .danger");
			first.awaitExit(Duration.ofSeconds(45));
		}
		browser.awaitText("#unreachable", "Not reachable since");
		browser.awaitShown("#unreachable");
		assertThat(browser.text("#state")).isEqualTo("not reachable");
		browser.photograph("stopped");
		ClusterLauncher launcher = new ClusterLauncher(test).named("second")
			.workers("1")
			.port(port)
			.arguments("--management.endpoint.cluster.access=read-only");
		try (ClusterProcess second = launcher.start()) {
			browser.awaitText("#facts", "primary " + second.pid());
			browser.awaitText("#ready", "1 of 1");
			assertThat(browser.isShown("#unreachable")).isFalse();
			assertThat(browser.run("return window.same")).isEqualTo(true);
			assertThat(browser.isShown("#actions")).as("buttons where nobody may write").isFalse();
			assertThat(browser.complaints()).allMatch((complaint) -> complaint.contains("net::ERR_"));
			browser.open("about:blank");
		}
	}

	private static void assertQuiet() {
		assertThat(browser.complaints()).isEmpty();
		assertForeignersAreNotAsked();
	}

	private static void assertForeignersAreNotAsked() {
		assertThat(browser.requests()).isNotEmpty()
			.allMatch((url) -> url.startsWith("http://127.0.0.1:") || url.startsWith("data:"));
	}

	private static String url(ClusterProcess cluster) {
		return "http://127.0.0.1:" + cluster.port() + "/actuator/cluster";
	}

}
