package io.clusterboot;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;

/**
 * The cluster that an application runs in. There is a bean of this type in every worker,
 * and in an application that runs without a cluster too: there it is one worker, itself.
 * Every method may be called from any thread. Those that ask the primary wait at most
 * five seconds for its answer. Who changes something is in the log of the primary: the
 * thread and the method that called.
 * <p>
 * With {@code cluster.bus=redis} the workers of several machines share messages,
 * leadership, counters and locks: for these Redis takes the place of the primary. Workers
 * of other machines have larger numbers in messages, which no worker of this one has.
 */
public interface Cluster {

	/**
	 * Return whether this process is a worker of a cluster.
	 * @return {@code false} if the application runs without one
	 */
	boolean isClustered();

	/**
	 * Return the id of this worker, which no other has ever had while the cluster runs.
	 * @return the id, from 1; also 1 without a cluster
	 */
	int id();

	/**
	 * Return the slot of this worker.
	 * @return the slot, from 0, or -1 for a spare that has none yet; 0 without a cluster
	 */
	int slot();

	/**
	 * Return the generation of code and configuration that this worker runs.
	 * @return the generation, from 1; also 1 without a cluster
	 */
	int generation();

	/**
	 * Return a worker, to do something to it.
	 * @param id its id
	 * @return the worker, whether or not there is one of that id
	 */
	ClusterWorker worker(int id);

	/**
	 * Return a number that all workers share. It lives in the primary: it survives
	 * reloads and ends of workers, and is lost with the cluster.
	 * @param name its name, of at most 100 characters; a cluster has room for 10,000
	 * @return the counter, which is 0 until something is added to it
	 * @throws IllegalArgumentException if the name is empty or too long
	 */
	ClusterCounter counter(String name);

	/**
	 * Send a message to all workers, this one among them. Methods with
	 * {@code @EventListener} get it in a parameter of the type {@code ClusterMessage}.
	 * @param payload what to send, which JSON can say in at most
	 * {@code cluster.messages.max-size}
	 * @return done when it is on its way to all; fails with a {@link MessageException}
	 * that names those for whom too much waits already
	 * @throws IllegalArgumentException if it has no form in JSON or is too long
	 * @throws MessageException if the primary takes no messages
	 */
	CompletableFuture<Void> broadcast(Object payload);

	/**
	 * Send a message to all workers, and to each that starts later before it is ready.
	 * @param topic what it is about, of at most 200 characters: only the last message of
	 * each topic is kept, and with the cluster it is lost
	 * @param payload as for {@link #broadcast}; the primary keeps 2 MiB in all
	 * @return as of {@link #broadcast}
	 * @throws IllegalArgumentException as of {@link #broadcast}
	 * @throws MessageException as of {@link #broadcast}
	 */
	CompletableFuture<Void> retain(String topic, Object payload);

	/**
	 * Send a message to one worker.
	 * @param worker its id
	 * @param payload as for {@link #broadcast}
	 * @return done when it is on its way; fails with a {@link MessageException} if there
	 * is no such worker or too much waits for it already
	 * @throws IllegalArgumentException as of {@link #broadcast}
	 * @throws MessageException as of {@link #broadcast}
	 */
	CompletableFuture<Void> send(int worker, Object payload);

	/**
	 * Send a message to one worker and have its listener's answer.
	 * @param <R> the type of the answer
	 * @param worker its id
	 * @param payload as for {@link #broadcast}
	 * @param type the type of the answer, {@code Void.class} to know only that the
	 * message was heard
	 * @param timeout how long to wait
	 * @return the answer, {@code null} if the listener returned nothing; fails with a
	 * {@link MessageException} if there is none in time, the worker ends or its listener
	 * fails
	 * @throws IllegalArgumentException as of {@link #broadcast}
	 * @throws MessageException as of {@link #broadcast}
	 */
	<R> CompletableFuture<@Nullable R> request(int worker, Object payload, Class<R> type, Duration timeout);

	/**
	 * Send a message to all workers whose application has started, and have the answers
	 * of their listeners.
	 * @param <R> the type of an answer
	 * @param payload as for {@link #broadcast}
	 * @param type the type of an answer, {@code Void.class} to know only who has heard
	 * @param timeout how long to wait
	 * @return who answered what, and who did not, no later than the timeout
	 * @throws IllegalArgumentException as of {@link #broadcast}
	 * @throws MessageException as of {@link #broadcast}
	 */
	<R> CompletableFuture<ClusterAnswers<R>> requestAll(Object payload, Class<R> type, Duration timeout);

	/**
	 * Return whether this worker is the one that leads, for what is to be done once only.
	 * @return what is known of that, always the same object; without a cluster this
	 * process leads
	 */
	ClusterLeader leader();

	/**
	 * Return a lock that one worker holds at a time. The primary keeps it: it ends with
	 * the process of the worker that holds it, and with the cluster.
	 * @param name its name, of at most 100 characters; a cluster has room for 10,000 at a
	 * time
	 * @return the lock, whether or not anybody holds it
	 * @throws IllegalArgumentException if the name is empty or too long
	 */
	default ClusterLock lock(String name) {
		return semaphore(name, 1);
	}

	/**
	 * Return a lock that several can hold at a time. Each that gets it, of the same
	 * worker or another, takes one permit, if fewer are taken than there are by the
	 * number that is given here: who gives a smaller number than others waits for more of
	 * them to end theirs. A {@link #lock} is one with one permit, also beside others of
	 * that name.
	 * @param name its name, as for {@link #lock}; each permit that is taken counts as a
	 * lock there
	 * @param permits how many may hold it at a time, at least 1
	 * @return the semaphore, whether or not anybody holds it
	 * @throws IllegalArgumentException if the name is empty or too long, or there are no
	 * permits
	 */
	ClusterLock semaphore(String name, int permits);

	/**
	 * Return the cluster as the primary sees it.
	 * @return the cluster now
	 * @throws PrimaryUnavailableException if the primary does not answer in time
	 */
	ClusterSnapshot snapshot();

	/**
	 * Ask for a reload. While one is under way, all requests together lead to one more.
	 * @param strategy how to replace the workers, or {@code null} for
	 * {@code cluster.reload.strategy}
	 * @return the reload that was begun or is now waiting
	 * @throws PrimaryUnavailableException if the primary does not answer in time or
	 * refuses because the cluster is stopping
	 */
	ReloadSnapshot reload(@Nullable ReloadStrategy strategy);

	/**
	 * Return the reloads that the primary remembers: the last 20 that ended, the one that
	 * runs and the one that waits, in the order of their ids.
	 * @return the reloads
	 * @throws PrimaryUnavailableException if the primary does not answer in time
	 */
	List<ReloadSnapshot> reloads();

	/**
	 * End the reload that runs: slots that have the new generation are given back to the
	 * old one.
	 * @param id the id of the reload
	 * @return the reload, or {@code null} if it does not run
	 * @throws PrimaryUnavailableException if the primary does not answer in time
	 */
	@Nullable ReloadSnapshot abort(int id);

	/**
	 * Ask for another number of workers. It lasts until the cluster ends or a reload
	 * brings a changed {@code cluster.workers}. While a reload runs, it waits.
	 * @param workers how many there should be, at least 1 and at most
	 * {@code cluster.max-workers}
	 * @return how many there will be
	 * @throws IllegalArgumentException if there cannot be so many
	 * @throws PrimaryUnavailableException if the primary does not answer in time or
	 * refuses because the cluster is stopping
	 */
	int scale(int workers);

	/**
	 * Return the last 20 ends of workers that nobody wanted, the oldest first, without
	 * what is long: thread dumps and output.
	 * @return the incidents
	 * @throws PrimaryUnavailableException if the primary does not answer in time
	 */
	List<IncidentSnapshot> incidents();

	/**
	 * Return everything about one end of a worker that nobody wanted.
	 * @param id the id of the incident
	 * @return the incident, or {@code null} if the primary does not remember it
	 * @throws PrimaryUnavailableException if the primary does not answer in time
	 */
	@Nullable IncidentSnapshot incident(int id);

	/**
	 * Ask for a graceful shutdown of the whole cluster, after which the primary exits
	 * with code 0.
	 * @throws PrimaryUnavailableException if the primary does not answer in time
	 */
	void shutdown();

}
