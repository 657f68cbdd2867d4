package io.clusterboot.web.tomcat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

import org.apache.tomcat.util.threads.ResizableExecutor;
import org.apache.tomcat.util.threads.TaskQueue;
import org.apache.tomcat.util.threads.TaskThreadFactory;
import org.apache.tomcat.util.threads.ThreadPoolExecutor;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.mockito.BDDMockito;
import org.mockito.Mockito;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link RequestPool}.
 */
class RequestPoolTests {

	@Test
	void isFullWhenEveryThreadOfTomcatsOwnPoolIsBusy() throws Exception {
		TaskQueue queue = new TaskQueue();
		ThreadPoolExecutor pool = new ThreadPoolExecutor(1, 2, 1, TimeUnit.MINUTES, queue,
				new TaskThreadFactory("pool-", true, Thread.NORM_PRIORITY));
		queue.setParent(pool);
		isFullWhenEveryThreadIsBusy(pool);
	}

	@Test
	void isFullWhenEveryThreadOfThePoolOfTheJdkIsBusy() throws Exception {
		isFullWhenEveryThreadIsBusy(Executors.newFixedThreadPool(2));
	}

	private void isFullWhenEveryThreadIsBusy(ExecutorService pool) throws InterruptedException {
		CountDownLatch release = new CountDownLatch(1);
		try {
			assertThat(RequestPool.of(pool).isFull()).isFalse();
			hold(pool, release);
			assertThat(RequestPool.of(pool).isFull()).isFalse();
			hold(pool, release);
			assertThat(RequestPool.of(pool).isFull()).isTrue();
			assertThat(RequestPool.of(pool).finishedTasks()).isZero();
			release.countDown();
			Awaitility.await().until(() -> RequestPool.of(pool).finishedTasks() == 2);
			assertThat(RequestPool.of(pool).isFull()).isFalse();
		}
		finally {
			release.countDown();
			pool.shutdownNow();
		}
	}

	@Test
	void isFullWhenEveryThreadOfASharedExecutorIsBusy() {
		ResizableExecutor executor = Mockito.mock();
		BDDMockito.given(executor.getMaxThreads()).willReturn(10);
		BDDMockito.given(executor.getActiveCount()).willReturn(9, 10);
		assertThat(RequestPool.of(executor).isFull()).isFalse();
		assertThat(RequestPool.of(executor).isFull()).isTrue();
	}

	@Test
	void isFullWhenThreadsAreUnlimitedIsFalse() {
		Executor anything = Runnable::run;
		assertThat(RequestPool.of(anything).isFull()).isFalse();
		assertThat(RequestPool.of(null).isFull()).isFalse();
	}

	private static void hold(Executor pool, CountDownLatch release) throws InterruptedException {
		CountDownLatch held = new CountDownLatch(1);
		pool.execute(() -> {
			held.countDown();
			try {
				release.await();
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		});
		assertThat(held.await(10, TimeUnit.SECONDS)).isTrue();
	}

}
