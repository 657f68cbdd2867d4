package io.clusterboot.redis;

import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;

import io.clusterboot.PrimaryUnavailableException;
import io.clusterboot.contract.LastRuns;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * When jobs that run once last did, by the clock on the wall: the one by which periods
 * are counted is another on each machine.
 */
final class JobTimes {

	private static final Log logger = LogFactory.getLog(JobTimes.class);

	private static final String PERIODIC = "periodic ";

	private static final String CRON = "cron ";

	private final BusKeys keys;

	private final BusClient client;

	JobTimes(BusKeys keys, BusClient client) {
		this.keys = keys;
		this.client = client;
	}

	/**
	 * A job is about to run, or has run.
	 * @param job its name
	 * @param time when, by the clock that it is scheduled by
	 */
	void ran(String job, long time) {
		boolean periodic = job.startsWith(PERIODIC);
		// What is left of a name that is too long does not say which clock that is
		if (!periodic && !job.startsWith(CRON) || job.length() > LastRuns.LONGEST_NAME) {
			return;
		}
		long wall = (periodic) ? time(System.currentTimeMillis(), time, System.nanoTime()) : time;
		try {
			this.client.ask((connection) -> connection.hashCommands()
				.hSet(this.keys.jobs(), BusKeys.bytes(job), BusKeys.bytes(String.valueOf(wall))));
		}
		catch (PrimaryUnavailableException ex) {
			logger.debug("Who leads next may run a job too early", ex);
		}
	}

	private static long time(long wall, long time, long now) {
		return wall + TimeUnit.NANOSECONDS.toMillis(time - now);
	}

	/**
	 * Tell when all jobs last ran.
	 * @param action gets a name, and a time by the clock of this process
	 */
	void forEach(BiConsumer<String, Long> action) {
		Map<byte[], byte[]> all = this.client.ask((connection) -> connection.hashCommands().hGetAll(this.keys.jobs()));
		long wall = System.currentTimeMillis();
		long now = System.nanoTime();
		all.forEach((name, value) -> {
			String job = BusKeys.text(name);
			long time = Long.parseLong(BusKeys.text(value));
			action.accept(job, (job.startsWith(PERIODIC)) ? now + TimeUnit.MILLISECONDS.toNanos(time - wall) : time);
		});
	}

}
