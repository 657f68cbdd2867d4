package io.clusterboot.channel;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

import io.clusterboot.ClusterSnapshot;
import io.clusterboot.IncidentCause;
import io.clusterboot.IncidentSnapshot;
import io.clusterboot.ReloadSnapshot;
import io.clusterboot.ReloadStrategy;
import io.clusterboot.WorkerMetrics;
import org.jspecify.annotations.Nullable;

/**
 * What primary and worker say to each other.
 */
public sealed interface Message {

	/**
	 * A message from a worker.
	 */
	sealed interface FromWorker extends Message {

	}

	/**
	 * A message from the primary.
	 */
	sealed interface FromPrimary extends Message {

	}

	/**
	 * A message that brings a listening socket, as a descriptor.
	 */
	sealed interface SocketPass extends FromPrimary {

		boolean ipv6();

	}

	/**
	 * A question that the primary answers with the same id.
	 */
	sealed interface Request extends FromWorker {

		long id();

	}

	/**
	 * The answer to a {@link Request}.
	 */
	sealed interface Reply extends FromPrimary {

		long id();

	}

	/**
	 * Everything after this travels over the socket that comes with it, as a descriptor.
	 * Only the first message can be that, and no {@link MessageHandler} gets it.
	 */
	record Move() implements FromWorker {

	}

	/**
	 * The first message: the channel works.
	 *
	 * @param protocol the worker's version of this vocabulary: a reload can bring a
	 * worker that was built with another one than the primary
	 */
	record Hello(int protocol) implements FromWorker {

		/**
		 * The version of the vocabulary that this code speaks.
		 */
		public static final int PROTOCOL = 3;

	}

	/**
	 * What the worker's configuration says about the cluster, whether or not that is what
	 * the cluster is run with.
	 *
	 * @param properties names and values, the values in one canonical form
	 */
	record Configuration(Map<String, String> properties) implements FromWorker {

		public Configuration {
			properties = Map.copyOf(properties);
		}

	}

	/**
	 * The web server was started.
	 *
	 * @param port its port
	 * @param sideDoor the port of the loopback interface by which this worker alone is
	 * reached, or 0 if there is none
	 */
	record Listening(int port, int sideDoor) implements FromWorker {

	}

	/**
	 * The application's readiness changed.
	 *
	 * @param accepting whether it accepts traffic
	 */
	record Readiness(boolean accepting) implements FromWorker {

	}

	/**
	 * The application's liveness changed.
	 *
	 * @param correct whether it works
	 */
	record Liveness(boolean correct) implements FromWorker {

	}

	/**
	 * The application's start has failed and the process is about to end.
	 *
	 * @param reason why, in words
	 */
	record StartFailed(@Limit(Limit.SENTENCE) String reason) implements FromWorker {

	}

	/**
	 * Sent once a second.
	 *
	 * @param metrics how the worker fares
	 * @param beans how many beans the application has, and how many requests it has
	 * answered to warm up: grows while it starts
	 */
	record Heartbeat(WorkerMetrics metrics, int beans) implements FromWorker {

	}

	/**
	 * What users ask for most, where the worker is to learn that.
	 *
	 * @param requests paths, the most frequent first
	 */
	record Learned(List<String> requests) implements FromWorker {

		public Learned {
			requests = List.copyOf(requests);
		}

	}

	/**
	 * The worker is in a state that it will not recover from and is to be replaced.
	 *
	 * @param cause the kind of cause
	 * @param detail the cause in words
	 * @param threadDump what the threads do, if that tells something
	 */
	record Unhealthy(IncidentCause cause, @Limit(Limit.SENTENCE) String detail,
			@Limit(Limit.LONG) @Nullable String threadDump) implements FromWorker {

		private static final int MAX_GIST = 300;

		// Of names of threads, locks and files
		private static final Pattern NUMBERS = Pattern
			.compile("(?:0x|@)[0-9a-fA-F]++|[a-fA-F]{0,16}[0-9][0-9a-fA-F]*+");

		/**
		 * Return what is the same whenever this happens.
		 * @return the beginning of the detail without its numbers, in which workers
		 * differ
		 */
		public String gist() {
			String gist = NUMBERS.matcher(this.detail).replaceAll("#");
			return gist.substring(0, Math.min(gist.length(), MAX_GIST));
		}

	}

	/**
	 * Answers a {@link ThreadDumpRequest}.
	 *
	 * @param text what the threads do
	 */
	record ThreadDump(@Limit(Limit.LONG) String text) implements FromWorker {

	}

	/**
	 * The worker has emptied the queue of a slot that it no longer accepts from: answers
	 * a {@link Release} that asked for it.
	 *
	 * @param slot the slot
	 */
	record Released(int slot) implements FromWorker {

	}

	/**
	 * The worker cannot accept from a slot's socket as {@link Adopt}, {@link Assign} or
	 * {@link Release} asked it to.
	 *
	 * @param slot the slot
	 * @param reason why
	 */
	record SocketFailed(int slot, @Limit(Limit.SENTENCE) String reason) implements FromWorker {

	}

	/**
	 * The worker was told to end and asks to be replaced and drained.
	 *
	 * @param reason why, for example a signal's name
	 */
	record Leaving(@Limit(Limit.SENTENCE) String reason) implements FromWorker {

	}

	/**
	 * The worker accepts no more connections, for good.
	 */
	record GateClosed() implements FromWorker {

	}

	/**
	 * No request is left in the worker. Its application closes, if it has not yet, and it
	 * exits then.
	 *
	 * @param cutRequests requests that were still in flight when time was up
	 */
	record Drained(int cutRequests) implements FromWorker {

	}

	/**
	 * Asks for a {@link SnapshotReply}.
	 */
	record SnapshotRequest(long id) implements Request {

	}

	/**
	 * Asks for a {@link ReloadReply}.
	 */
	record ReloadRequest(long id, Requester requester, @Nullable ReloadStrategy strategy) implements Request {

	}

	/**
	 * Asks for a {@link ReloadsReply}.
	 */
	record ReloadsRequest(long id) implements Request {

	}

	/**
	 * Asks for an {@link AbortReply}.
	 */
	record AbortRequest(long id, Requester requester, int reload) implements Request {

	}

	/**
	 * Asks for a {@link ScaleReply}.
	 *
	 * @param requester who asks
	 * @param workers how many workers there should be
	 */
	record ScaleRequest(long id, Requester requester, int workers) implements Request {

	}

	/**
	 * Asks for an {@link IncidentsReply}.
	 */
	record IncidentsRequest(long id) implements Request {

	}

	/**
	 * Asks for an {@link IncidentReply}.
	 */
	record IncidentRequest(long id, int incident) implements Request {

	}

	/**
	 * Asks for a {@link ShutdownReply}.
	 */
	record ShutdownRequest(long id, Requester requester) implements Request {

	}

	/**
	 * Comes before {@link Welcome}, if at all: what a worker has {@link Learned}.
	 *
	 * @param requests paths, the most frequent first
	 */
	record WarmUp(List<String> requests) implements FromPrimary {

		public WarmUp {
			requests = List.copyOf(requests);
		}

	}

	/**
	 * Brings the slot's socket, as a descriptor.
	 *
	 * @param ipv6 whether the socket's family is IPv6
	 */
	record Welcome(boolean ipv6) implements SocketPass {

	}

	/**
	 * Brings a slot's socket, as a descriptor, to a spare that takes the place of a
	 * worker that is gone. From now on it is that slot's.
	 *
	 * @param slot the slot
	 * @param ipv6 whether the socket's family is IPv6
	 */
	record Assign(int slot, boolean ipv6) implements SocketPass {

	}

	/**
	 * Brings the socket of a slot that nobody serves, as a descriptor: the worker is to
	 * accept from it beside its own.
	 *
	 * @param slot the slot
	 * @param ipv6 whether the socket's family is IPv6
	 */
	record Adopt(int slot, boolean ipv6) implements SocketPass {

	}

	/**
	 * The worker is to accept no longer from a socket that it adopted.
	 *
	 * @param slot the slot
	 * @param last whether nobody takes the slot over, so that what waits in its queue is
	 * accepted first and {@link Released} sent then
	 */
	record Release(int slot, boolean last) implements FromPrimary {

	}

	/**
	 * Asks for a {@link ThreadDump}.
	 */
	record ThreadDumpRequest() implements FromPrimary {

	}

	/**
	 * The worker may accept connections.
	 */
	record OpenGate() implements FromPrimary {

	}

	/**
	 * The worker must accept no more connections until the next {@link OpenGate}, and
	 * have those that are kept alive end.
	 *
	 * @param keepAliveGrace how long idle kept-alive connections may make a last request
	 */
	record Park(Duration keepAliveGrace) implements FromPrimary {

	}

	/**
	 * The worker must accept connections whether or not its application is ready, or no
	 * longer must.
	 *
	 * @param open whether it must
	 */
	record FailOpen(boolean open) implements FromPrimary {

	}

	/**
	 * The worker must drain and exit.
	 *
	 * @param last whether nobody takes the slot over, so that what waits in its queue is
	 * accepted before the gate closes
	 * @param timeout how long it may take
	 * @param keepAliveGrace how long idle kept-alive connections may make a last request
	 */
	record Drain(boolean last, Duration timeout, Duration keepAliveGrace) implements FromPrimary {

	}

	/**
	 * Answers a {@link SnapshotRequest}.
	 */
	record SnapshotReply(long id, ClusterSnapshot snapshot) implements Reply {

	}

	/**
	 * Answers a {@link ReloadRequest}.
	 */
	record ReloadReply(long id, ReloadSnapshot reload) implements Reply {

	}

	/**
	 * Answers a {@link ReloadsRequest}.
	 */
	record ReloadsReply(long id, List<ReloadSnapshot> reloads) implements Reply {

	}

	/**
	 * Answers an {@link AbortRequest}.
	 *
	 * @param reload the reload, or {@code null} if it does not run
	 */
	record AbortReply(long id, @Nullable ReloadSnapshot reload) implements Reply {

	}

	/**
	 * Answers a {@link ScaleRequest}.
	 *
	 * @param workers how many workers there will be
	 */
	record ScaleReply(long id, int workers) implements Reply {

	}

	/**
	 * Answers an {@link IncidentsRequest}.
	 *
	 * @param incidents the incidents, without what is long
	 */
	record IncidentsReply(long id, List<IncidentSnapshot> incidents) implements Reply {

		public IncidentsReply {
			incidents = List.copyOf(incidents);
		}

	}

	/**
	 * Answers an {@link IncidentRequest}.
	 *
	 * @param incident the incident, or {@code null} if it is not known
	 */
	record IncidentReply(long id, @Nullable IncidentSnapshot incident) implements Reply {

	}

	/**
	 * Answers a {@link ShutdownRequest}.
	 */
	record ShutdownReply(long id) implements Reply {

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
