package io.clusterboot.web.tomcat;

import java.util.concurrent.Executor;

import org.apache.tomcat.util.threads.ResizableExecutor;
import org.apache.tomcat.util.threads.ThreadPoolExecutor;
import org.jspecify.annotations.Nullable;

/**
 * The threads that handle requests at one moment, as far as their number is limited.
 *
 * @param active how many are busy
 * @param limit how many there may be, or {@link Integer#MAX_VALUE}
 * @param finishedTasks how often one has got something done, or 0 if that is not known
 */
record RequestPool(int active, int limit, long finishedTasks) {

	private static final RequestPool UNLIMITED = new RequestPool(0, Integer.MAX_VALUE, 0);

	static RequestPool of(@Nullable Executor executor) {
		if (executor instanceof ThreadPoolExecutor pool) {
			return new RequestPool(pool.getActiveCount(), pool.getMaximumPoolSize(), pool.getCompletedTaskCount());
		}
		if (executor instanceof java.util.concurrent.ThreadPoolExecutor pool) {
			return new RequestPool(pool.getActiveCount(), pool.getMaximumPoolSize(), pool.getCompletedTaskCount());
		}
		if (executor instanceof ResizableExecutor pool) {
			return new RequestPool(pool.getActiveCount(), pool.getMaxThreads(), 0);
		}
		return UNLIMITED;
	}

	boolean isFull() {
		return this.active >= this.limit;
	}

}
