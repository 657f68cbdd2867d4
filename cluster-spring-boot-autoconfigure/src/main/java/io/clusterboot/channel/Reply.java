package io.clusterboot.channel;

import java.util.List;

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
