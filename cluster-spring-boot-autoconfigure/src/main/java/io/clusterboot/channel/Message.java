package io.clusterboot.channel;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import io.clusterboot.IncidentCause;
import io.clusterboot.WorkerMetrics;
import io.clusterboot.event.ClusterEvent;
import org.jspecify.annotations.Nullable;

/**
 * What primary and worker say to each other, and primary and operator.
 */
public sealed interface Message permits Message.FromWorker, Message.FromPrimary, Mail, Control, Numbers {

	/**
	 * A message from a worker.
	 */
	sealed interface FromWorker extends Message
			permits Notice, Request, Leading.Resigned, Leading.Ran, Mail.Outgoing, Numbers.Report {

	}

	/**
	 * A message from the primary.
	 */
	sealed interface FromPrimary extends Message permits Order, Reply, Leading.Grant, Leading.Resign, Leading.LastRun,
			Mail.Incoming, Numbers.Heard, Numbers.Wanted {

	}

	/**
	 * What a worker tells of its own accord or because of an {@link Order}.
	 */
	sealed interface Notice extends FromWorker {

	}

	/**
	 * What the primary wants a worker to do.
	 */
	sealed interface Order extends FromPrimary {

	}

	/**
	 * A message that brings a listening socket, as a descriptor.
	 */
	sealed interface SocketPass extends Order {

		boolean ipv6();

	}

	/**
	 * Everything after this travels over the socket that comes with it, as a descriptor.
	 * Only the first message can be that, and no {@link MessageHandler} gets it.
	 */
	record Move() implements Notice {

	}

	/**
	 * The first message: the channel works.
	 *
	 * @param protocol the worker's version of this vocabulary: a reload can bring a
	 * worker that was built with another one than the primary
	 */
	record Hello(int protocol) implements Notice {

		/**
		 * The version of the vocabulary that this code speaks.
		 */
		public static final int PROTOCOL = 8;

	}

	/**
	 * What the worker's configuration says about the cluster, whether or not that is what
	 * the cluster is run with.
	 *
	 * @param properties names and values, the values in one canonical form
	 */
	record Configuration(Map<String, String> properties) implements Notice {

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
	record Listening(int port, int sideDoor) implements Notice {

	}

	/**
	 * The application's readiness changed.
	 *
	 * @param accepting whether it accepts traffic
	 */
	record Readiness(boolean accepting) implements Notice {

	}

	/**
	 * The application's liveness changed.
	 *
	 * @param correct whether it works
	 */
	record Liveness(boolean correct) implements Notice {

	}

	/**
	 * The application's start has failed and the process is about to end.
	 *
	 * @param reason why, in words
	 */
	record StartFailed(@Limit(Limit.SENTENCE) String reason) implements Notice {

	}

	/**
	 * Sent once a second.
	 *
	 * @param metrics how the worker fares
	 * @param beans how many beans the application has, and how many requests it has
	 * answered to warm up: grows while it starts
	 */
	record Heartbeat(WorkerMetrics metrics, int beans) implements Notice {

	}

	/**
	 * What users ask for most, where the worker is to learn that.
	 *
	 * @param requests paths, the most frequent first
	 */
	record Learned(List<String> requests) implements Notice {

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
			@Limit(Limit.LONG) @Nullable String threadDump) implements Notice {

		/**
		 * Return what is the same whenever this happens.
		 * @return the beginning of the detail without its numbers, in which workers
		 * differ
		 */
		public String gist() {
			return Gist.of(this.detail);
		}

	}

	/**
	 * Answers a {@link ThreadDumpRequest}.
	 *
	 * @param text what the threads do
	 */
	record ThreadDump(@Limit(Limit.LONG) String text) implements Notice {

	}

	/**
	 * The worker has emptied the queue of a slot that it no longer accepts from: answers
	 * a {@link Release} that asked for it.
	 *
	 * @param slot the slot
	 */
	record Released(int slot) implements Notice {

	}

	/**
	 * The worker cannot accept from a slot's socket as {@link Adopt}, {@link Assign} or
	 * {@link Release} asked it to.
	 *
	 * @param slot the slot
	 * @param reason why
	 */
	record SocketFailed(int slot, @Limit(Limit.SENTENCE) String reason) implements Notice {

	}

	/**
	 * The worker was told to end and asks to be replaced and drained.
	 *
	 * @param reason why, for example a signal's name
	 */
	record Leaving(@Limit(Limit.SENTENCE) String reason) implements Notice {

	}

	/**
	 * The worker accepts no more connections, for good.
	 */
	record GateClosed() implements Notice {

	}

	/**
	 * No request is left in the worker. Its application closes, if it has not yet, and it
	 * exits then.
	 *
	 * @param cutRequests requests that were still in flight when time was up
	 */
	record Drained(int cutRequests) implements Notice {

	}

	/**
	 * The worker wants to know what has {@link Happened} from now on, and who is alive.
	 */
	record Listens() implements Notice {

	}

	/**
	 * Comes before {@link Welcome}, if at all: what a worker has {@link Learned}.
	 *
	 * @param requests paths, the most frequent first
	 */
	record WarmUp(List<String> requests) implements Order {

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
	record Release(int slot, boolean last) implements Order {

	}

	/**
	 * Asks for a {@link ThreadDump}.
	 */
	record ThreadDumpRequest() implements Order {

	}

	/**
	 * The worker may accept connections.
	 */
	record OpenGate() implements Order {

	}

	/**
	 * The worker must accept no more connections until the next {@link OpenGate}, and
	 * have those that are kept alive end.
	 *
	 * @param keepAliveGrace how long idle kept-alive connections may make a last request
	 */
	record Park(Duration keepAliveGrace) implements Order {

	}

	/**
	 * Something has happened in the cluster, for a worker that has said {@link Listens}.
	 *
	 * @param event what has happened
	 */
	record Happened(ClusterEvent event) implements Order {

	}

	/**
	 * The worker must accept connections whether or not its application is ready, or no
	 * longer must.
	 *
	 * @param open whether it must
	 */
	record FailOpen(boolean open) implements Order {

	}

	/**
	 * The worker must drain and exit.
	 *
	 * @param last whether nobody takes the slot over, so that what waits in its queue is
	 * accepted before the gate closes
	 * @param timeout how long it may take
	 * @param keepAliveGrace how long idle kept-alive connections may make a last request
	 */
	record Drain(boolean last, Duration timeout, Duration keepAliveGrace) implements Order {

	}

}
