package io.clusterboot.channel;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

import io.clusterboot.ClusterSnapshot;
import io.clusterboot.IncidentSnapshot;
import io.clusterboot.ReloadSnapshot;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a {@link Request}.
 */
public sealed interface Reply extends Message.FromPrimary {

	long id();

	/**
	 * Answers a {@link Request.Snapshot}.
	 */
	record Snapshot(long id, ClusterSnapshot snapshot) implements Reply {

	}

	/**
	 * Answers a {@link Request.Tally}.
	 *
	 * @param snapshot the cluster now
	 * @param tally what has happened in it
	 */
	record Tally(long id, ClusterSnapshot snapshot, io.clusterboot.channel.Tally tally) implements Reply {

	}

	/**
	 * Answers a {@link Request.Numbers}. There are as many of the same id as it takes.
	 *
	 * @param last whether it is the last one
	 * @param page a part of the numbers of all workers together
	 * @param ages how long ago each worker has told its own, by its id
	 * @param dropped how many series there is no room for
	 */
	record Numbers(long id, boolean last, ByteBuffer page, Map<Integer, Duration> ages, long dropped) implements Reply {

		public Numbers {
			ages = Map.copyOf(ages);
		}

	}

	/**
	 * Answers a {@link Request.Reload}.
	 */
	record Reload(long id, ReloadSnapshot reload) implements Reply {

	}

	/**
	 * Answers a {@link Request.Reloads}.
	 */
	record Reloads(long id, List<ReloadSnapshot> reloads) implements Reply {

	}

	/**
	 * Answers an {@link Request.Abort}.
	 *
	 * @param reload the reload, or {@code null} if it does not run
	 */
	record Abort(long id, @Nullable ReloadSnapshot reload) implements Reply {

	}

	/**
	 * Answers a {@link Request.Scale}.
	 *
	 * @param workers how many workers there will be
	 */
	record Scale(long id, int workers) implements Reply {

	}

	/**
	 * Answers an {@link Request.Incidents}.
	 *
	 * @param incidents the incidents, without what is long
	 */
	record Incidents(long id, List<IncidentSnapshot> incidents) implements Reply {

		public Incidents {
			incidents = List.copyOf(incidents);
		}

	}

	/**
	 * Answers an {@link Request.Incident}.
	 *
	 * @param incident the incident, or {@code null} if it is not known
	 */
	record Incident(long id, @Nullable IncidentSnapshot incident) implements Reply {

	}

	/**
	 * Answers a {@link Request.Shutdown}.
	 */
	record Shutdown(long id) implements Reply {

	}

	/**
	 * Answers a {@link Request.Disconnect} and a {@link Request.Kill}.
	 *
	 * @param known whether there is such a worker
	 */
	record Worker(long id, boolean known) implements Reply {

	}

	/**
	 * Answers a {@link Request.Rates}.
	 *
	 * @param now the time by the primary's clock, as which all its times are, and which
	 * stands still while it is stopped
	 * @param workers how each worker has fared
	 * @param waiting the reload that has not begun, or {@code null} if none waits
	 */
	record Rates(long id, Instant now, List<RecentMetrics> workers, @Nullable ReloadSnapshot waiting) implements Reply {

		public Rates {
			workers = List.copyOf(workers);
		}

	}

	/**
	 * Answers a {@link Request.Generations}.
	 *
	 * @param generations those that are remembered, the oldest first
	 */
	record Generations(long id, List<GenerationMetrics> generations) implements Reply {

		public Generations {
			generations = List.copyOf(generations);
		}

	}

	/**
	 * Answers a {@link Request.Count}.
	 *
	 * @param value the number now
	 */
	record Count(long id, long value) implements Reply {

	}

	/**
	 * Answers a {@link Request.Lease}.
	 *
	 * @param granted whether the worker leads for another while
	 */
	record Lease(long id, boolean granted) implements Reply {

	}

	/**
	 * Answers a {@link Request.Lock}, {@link Request.Extend} and {@link Request.Unlock}.
	 *
	 * @param held whether the worker got it, or still held it
	 */
	record Lock(long id, boolean held) implements Reply {

	}

	/**
	 * Answers a request about what the primary keeps.
	 */
	sealed interface OfStore extends Reply {

	}

	/**
	 * Answers a {@link Request.Get}.
	 *
	 * @param value what is kept, or {@code null} if it is not there
	 * @param version its version, or 0
	 */
	record Kept(long id, @Nullable ByteBuffer value, long version) implements OfStore {

	}

	/**
	 * Answers a {@link Request.Put}.
	 *
	 * @param version the new version, or 0 if another one is there than must be
	 */
	record Version(long id, long version) implements OfStore {

	}

	/**
	 * Answers a {@link Request.Remove} and a {@link Request.RemoveAll}.
	 *
	 * @param found whether it was there, as far as that is known
	 */
	record Removed(long id, boolean found) implements OfStore {

	}

	/**
	 * Answers {@link Request.Keys}.
	 *
	 * @param keys the keys of the group, those used last first
	 */
	record Keys(long id, List<String> keys) implements OfStore {

		public Keys {
			keys = List.copyOf(keys);
		}

	}

	/**
	 * Answers a request that cannot be granted now.
	 */
	record Refusal(long id, String reason) implements Reply {

	}

	/**
	 * Answers a request that asks for what is not allowed.
	 */
	record Invalid(long id, String reason) implements Reply {

	}

}
