package io.clusterboot.worker.watch;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Pattern;

import io.clusterboot.worker.DeadlockedThreads;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ThreadDumper}.
 */
@Timeout(60)
class ThreadDumperTests {

	private final CountDownLatch end = new CountDownLatch(1);

	private final List<Thread> threads = new CopyOnWriteArrayList<>();

	@AfterEach
	void endThreads() {
		this.end.countDown();
		Awaitility.await().until(() -> this.threads.stream().noneMatch(Thread::isAlive));
	}

	@Test
	void dumpTellsWhoThreadsAreAndAllTheirFrames() {
		Thread deep = start("deep", () -> recurse(100));
		String dump = ThreadDumper.dump();
		assertThat(dump).containsPattern("^\\d+ threads\n\n\"")
			.contains("\"deep\" #" + deep.getId() + " daemon WAITING")
			.contains("\"" + Thread.currentThread().getName() + "\" #" + Thread.currentThread().getId());
		assertThat(section(dump, "deep").lines().filter((line) -> line.contains("ThreadDumperTests.recurse(")))
			.hasSizeGreaterThanOrEqualTo(100);
	}

	@Test
	void dumpTellsWhichMonitorsAreLockedWhereAndWhoWaitsForThem() {
		Object monitor = new Object();
		Thread holder = start("holder", () -> {
			synchronized (monitor) {
				await();
			}
		});
		Thread blocked = new Thread(() -> {
			synchronized (monitor) {
				await();
			}
		}, "blocked");
		this.threads.add(blocked);
		blocked.start();
		Awaitility.await().until(() -> blocked.getState() == Thread.State.BLOCKED);
		String dump = ThreadDumper.dump();
		String name = "java.lang.Object@" + Integer.toHexString(System.identityHashCode(monitor));
		assertThat(section(dump, "holder")).containsPattern(
				"\tat \\S*dumpTellsWhichMonitorsAreLocked.*\n\t- locked " + Pattern.quote(name) + "\n\tat ");
		assertThat(section(dump, "blocked")).startsWith("\"blocked\" #" + blocked.getId() + " BLOCKED\n\t- waits for "
				+ name + " held by \"holder\" #" + holder.getId() + "\n\tat ");
	}

	@Test
	void dumpNamesTheDeadlockAtTheEndAndWhoHoldsWhat() {
		try (DeadlockedThreads deadlocked = DeadlockedThreads.forEver()) {
			String dump = ThreadDumper.dump();
			assertThat(dump.lines().reduce((first, last) -> last).orElseThrow()).startsWith("Deadlock: ")
				.contains("\"left\" waits for ", " held by \"right\"", "\"right\" waits for ", " held by \"left\"");
			assertThat(section(dump, "left"))
				.containsPattern("WAITING\n\t- waits for \\S+ReentrantLock\\S+ held by " + "\"right\" #"
						+ deadlocked.right.getId() + "\n\t- holds \\S+ReentrantLock\\S+, which others wait for\n\tat ");
		}
		assertThat(ThreadDumper.dump()).doesNotContain("Deadlock: ");
	}

	@Test
	void dumpWhenThreadsDoTheSameTellsWhatOnce() {
		Runnable work = () -> recurse(50);
		Thread one = start("pool-one", work);
		Thread other = start("pool-other", work);
		String dump = ThreadDumper.dump();
		List<String> sections = List.of(section(dump, "pool-one"), section(dump, "pool-other"));
		assertThat(sections).filteredOn((section) -> section.contains("recurse(")).hasSize(1);
		assertThat(sections)
			.filteredOn((section) -> section.contains("\tframes as #" + one.getId())
					|| section.contains("\tframes as #" + other.getId()))
			.hasSize(1);
	}

	@Test
	void dumpWhenThereIsTooMuchSaysSoAndStillNamesTheDeadlock() {
		start("deep", () -> recurse(200));
		ThreadInfo[] threads = ManagementFactory.getThreadMXBean().dumpAllThreads(true, false);
		ThreadInfo deep = Arrays.stream(threads)
			.filter((thread) -> thread.getThreadName().equals("deep"))
			.findFirst()
			.orElseThrow();
		ThreadInfo[] many = new ThreadInfo[30_000];
		Arrays.fill(many, deep);
		String dump = ThreadDumper.dump(many, "\nDeadlock: \u00e9\n");
		assertThat(dump).startsWith("30000 threads\n")
			.endsWith(" more threads do not fit in here\n\nDeadlock: \u00e9\n");
		assertThat(dump.getBytes(StandardCharsets.UTF_8).length).isBetween(ThreadDumper.MAX_SIZE - 1000,
				ThreadDumper.MAX_SIZE);
		long shown = dump.lines().filter((line) -> line.startsWith("\"deep\"")).count();
		assertThat(dump).contains("... " + (30_000 - shown) + " more threads");
	}

	@Test
	void dumpWhenAThreadRecursesWithoutEndLeavesRoomForOthers() {
		start("bottomless", () -> recurse(3000));
		String section = section(ThreadDumper.dump(), "bottomless");
		assertThat(section).endsWith("\t... further frames are left out\n");
		assertThat(section.lines()).hasSizeBetween(500, 520);
	}

	private Thread start(String name, Runnable task) {
		Thread thread = new Thread(task, name);
		thread.setDaemon(true);
		this.threads.add(thread);
		thread.start();
		Awaitility.await().until(() -> thread.getState() == Thread.State.WAITING);
		return thread;
	}

	private void recurse(int depth) {
		if (depth > 0) {
			recurse(depth - 1);
			return;
		}
		await();
	}

	private void await() {
		try {
			this.end.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private static String section(String dump, String thread) {
		return Arrays.stream(dump.split("\n(?=\n|$)"))
			.map((section) -> section.stripLeading() + "\n")
			.filter((section) -> section.startsWith("\"" + thread + "\""))
			.findFirst()
			.orElseThrow();
	}

}
