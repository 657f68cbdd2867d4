package io.clusterboot.settings;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.clusterboot.ReloadStrategy;
import io.clusterboot.contract.Balance;
import io.clusterboot.contract.BusKind;
import io.clusterboot.contract.CacheEvictions;
import io.clusterboot.contract.MetricMerge;
import io.clusterboot.contract.ReloadTraining;
import io.clusterboot.contract.Scheduling;
import io.clusterboot.contract.SessionFormat;
import io.clusterboot.contract.SessionHome;
import io.clusterboot.contract.UncaughtPolicy;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.util.unit.DataSize;

/**
 * Settings of the cluster. They are needed before there is any application context, see
 * {@link #get(Binder)}.
 */
@ConfigurationProperties("cluster")
public class ClusterProperties {

	/**
	 * Number of workers. Also accepts 'max' for one worker per available processor, a
	 * negative number for that many fewer, and 'off' or 0 to run without a cluster.
	 */
	private @Nullable String workers;

	/**
	 * Number of workers that there may be at most, whoever asks for more. By default 8
	 * per processor, but no more than there is 128 MB of memory for, or 'cluster.workers'
	 * if that is more.
	 */
	private @Nullable Integer maxWorkers;

	/**
	 * How new connections are spread over the workers.
	 */
	private Balance balance = Balance.KERNEL;

	/**
	 * Number of workers that are started and wait to take the place of one that dies. No
	 * more than 'cluster.max-workers'.
	 */
	private int spares = 0;

	/**
	 * Where methods with '@Scheduled' run: in each worker, or in the one that leads.
	 */
	private Scheduling scheduling = Scheduling.EACH;

	/**
	 * Where sessions of Spring Session are kept, unless the application has a repository
	 * of its own for them.
	 */
	private SessionHome sessions = SessionHome.PRIMARY;

	/**
	 * What the attributes of sessions that the cluster keeps are written as.
	 */
	private SessionFormat sessionFormat = SessionFormat.JSON;

	/**
	 * Where workers share messages, leadership, counters, locks and what is kept: in
	 * their primary, or with those of other machines on Redis.
	 */
	private BusKind bus = BusKind.PRIMARY;

	private final Redis redis = new Redis();

	private final Reload reload = new Reload();

	private final Drain drain = new Drain();

	private final Respawn respawn = new Respawn();

	private final Worker worker = new Worker();

	private final Primary primary = new Primary();

	private final WarmUp warmUp = new WarmUp();

	private final Messages messages = new Messages();

	private final Store store = new Store();

	private final Caches caches = new Caches();

	private final Cache cache = new Cache();

	private final Metrics metrics = new Metrics();

	private final Staging staging = new Staging();

	private final Control control = new Control();

	/**
	 * Bind the settings and check them. Where the cluster is off, the bus alone is.
	 * @param binder the binder to use
	 * @return the settings
	 * @throws InvalidClusterPropertyException if a value is not allowed
	 */
	public static ClusterProperties get(Binder binder) {
		ClusterProperties properties = binder.bindOrCreate("cluster", ClusterProperties.class);
		new ClusterPropertiesCheck(binder, properties).run();
		return properties;
	}

	/**
	 * Check the settings against what the machine allows, which the launcher only can
	 * tell: workers may see less of it.
	 * @param binder the binder that the settings were bound by
	 * @param maxWorkers how many workers the machine allows
	 * @throws InvalidClusterPropertyException if a value is not allowed
	 */
	public void checkOnMachine(Binder binder, int maxWorkers) {
		new ClusterPropertiesCheck(binder, this).runOnMachine(maxWorkers);
	}

	public @Nullable String getWorkers() {
		return this.workers;
	}

	public void setWorkers(@Nullable String workers) {
		this.workers = workers;
	}

	public @Nullable Integer getMaxWorkers() {
		return this.maxWorkers;
	}

	public void setMaxWorkers(@Nullable Integer maxWorkers) {
		this.maxWorkers = maxWorkers;
	}

	public Balance getBalance() {
		return this.balance;
	}

	public void setBalance(Balance balance) {
		this.balance = balance;
	}

	public int getSpares() {
		return this.spares;
	}

	public void setSpares(int spares) {
		this.spares = spares;
	}

	public Scheduling getScheduling() {
		return this.scheduling;
	}

	public void setScheduling(Scheduling scheduling) {
		this.scheduling = scheduling;
	}

	public SessionHome getSessions() {
		return this.sessions;
	}

	public void setSessions(SessionHome sessions) {
		this.sessions = sessions;
	}

	public SessionFormat getSessionFormat() {
		return this.sessionFormat;
	}

	public void setSessionFormat(SessionFormat sessionFormat) {
		this.sessionFormat = sessionFormat;
	}

	public BusKind getBus() {
		return this.bus;
	}

	public void setBus(BusKind bus) {
		this.bus = bus;
	}

	public Redis getRedis() {
		return this.redis;
	}

	public Reload getReload() {
		return this.reload;
	}

	public Drain getDrain() {
		return this.drain;
	}

	public Respawn getRespawn() {
		return this.respawn;
	}

	public Worker getWorker() {
		return this.worker;
	}

	public Primary getPrimary() {
		return this.primary;
	}

	public WarmUp getWarmUp() {
		return this.warmUp;
	}

	public Messages getMessages() {
		return this.messages;
	}

	public Store getStore() {
		return this.store;
	}

	public Caches getCaches() {
		return this.caches;
	}

	public Cache getCache() {
		return this.cache;
	}

	public Metrics getMetrics() {
		return this.metrics;
	}

	public Staging getStaging() {
		return this.staging;
	}

	public Control getControl() {
		return this.control;
	}

	/**
	 * Settings of a reload.
	 */
	public static class Reload {

		/**
		 * Strategy of a reload that does not name one itself.
		 */
		private ReloadStrategy strategy = ReloadStrategy.ROLLING;

		/**
		 * Time without progress after which a new worker that is not ready is killed and
		 * the reload fails.
		 */
		private Duration readyTimeout = Duration.ofSeconds(60);

		/**
		 * Number of workers that a rolling reload may start in addition to those there
		 * should be. No more than 'cluster.max-workers'.
		 */
		private int maxSurge = 1;

		/**
		 * Number of workers that may be missing during a rolling reload.
		 */
		private int maxUnavailable = 0;

		/**
		 * Time between two steps of a rolling reload.
		 */
		private Duration pause = Duration.ZERO;

		/**
		 * Time that the first new worker of a rolling reload serves beside the old ones
		 * and is compared with them before the reload goes on. Zero turns it off.
		 */
		private Duration soak = Duration.ofSeconds(10);

		/**
		 * Difference by which the share of server errors of the first new worker may
		 * exceed that of the old ones.
		 */
		private double maxErrorIncrease = 0.05;

		/**
		 * When an archive that makes starts faster is made of each generation.
		 */
		private ReloadTraining train = ReloadTraining.BACKGROUND;

		public ReloadStrategy getStrategy() {
			return this.strategy;
		}

		public void setStrategy(ReloadStrategy strategy) {
			this.strategy = strategy;
		}

		public Duration getReadyTimeout() {
			return this.readyTimeout;
		}

		public void setReadyTimeout(Duration readyTimeout) {
			this.readyTimeout = readyTimeout;
		}

		public int getMaxSurge() {
			return this.maxSurge;
		}

		public void setMaxSurge(int maxSurge) {
			this.maxSurge = maxSurge;
		}

		public int getMaxUnavailable() {
			return this.maxUnavailable;
		}

		public void setMaxUnavailable(int maxUnavailable) {
			this.maxUnavailable = maxUnavailable;
		}

		public Duration getPause() {
			return this.pause;
		}

		public void setPause(Duration pause) {
			this.pause = pause;
		}

		public Duration getSoak() {
			return this.soak;
		}

		public void setSoak(Duration soak) {
			this.soak = soak;
		}

		public double getMaxErrorIncrease() {
			return this.maxErrorIncrease;
		}

		public void setMaxErrorIncrease(double maxErrorIncrease) {
			this.maxErrorIncrease = maxErrorIncrease;
		}

		public ReloadTraining getTrain() {
			return this.train;
		}

		public void setTrain(ReloadTraining train) {
			this.train = train;
		}

	}

	/**
	 * Settings of a drain.
	 */
	public static class Drain {

		/**
		 * Time that in-flight requests have to finish before the worker is terminated.
		 */
		private Duration timeout = Duration.ofSeconds(30);

		/**
		 * Time that the application has to close after its requests have ended, before
		 * the worker is killed. By default what Spring Boot's own properties allow.
		 */
		private @Nullable Duration closeTimeout;

		/**
		 * Time that idle kept-alive connections have for one last request.
		 */
		private Duration keepAliveGrace = Duration.ofSeconds(5);

		public Duration getTimeout() {
			return this.timeout;
		}

		public void setTimeout(Duration timeout) {
			this.timeout = timeout;
		}

		public @Nullable Duration getCloseTimeout() {
			return this.closeTimeout;
		}

		public void setCloseTimeout(@Nullable Duration closeTimeout) {
			this.closeTimeout = closeTimeout;
		}

		public Duration getKeepAliveGrace() {
			return this.keepAliveGrace;
		}

		public void setKeepAliveGrace(Duration keepAliveGrace) {
			this.keepAliveGrace = keepAliveGrace;
		}

	}

	/**
	 * Settings of the replacement of workers that died.
	 */
	public static class Respawn {

		/**
		 * Delay before a worker that died again is replaced. Doubles with every death.
		 */
		private Duration initialDelay = Duration.ofMillis(100);

		/**
		 * Longest delay before a worker that died is replaced.
		 */
		private Duration maxDelay = Duration.ofSeconds(15);

		/**
		 * Time that a worker must have been ready for its death to count as the first.
		 */
		private Duration stableAfter = Duration.ofSeconds(10);

		/**
		 * Delay before the next try where ten workers in a row died before they were
		 * ready.
		 */
		private Duration failedDelay = Duration.ofMinutes(1);

		public Duration getInitialDelay() {
			return this.initialDelay;
		}

		public void setInitialDelay(Duration initialDelay) {
			this.initialDelay = initialDelay;
		}

		public Duration getMaxDelay() {
			return this.maxDelay;
		}

		public void setMaxDelay(Duration maxDelay) {
			this.maxDelay = maxDelay;
		}

		public Duration getStableAfter() {
			return this.stableAfter;
		}

		public void setStableAfter(Duration stableAfter) {
			this.stableAfter = stableAfter;
		}

		public Duration getFailedDelay() {
			return this.failedDelay;
		}

		public void setFailedDelay(Duration failedDelay) {
			this.failedDelay = failedDelay;
		}

	}

	/**
	 * Settings of the workers.
	 */
	public static class Worker {

		/**
		 * Time without progress after which a worker that starts in an empty slot or as a
		 * spare, and is not ready, is killed and replaced.
		 */
		private Duration startTimeout = Duration.ofSeconds(60);

		/**
		 * Number of workers that start at the same time. As many as there are processors
		 * if not set.
		 */
		private @Nullable Integer parallelStarts;

		/**
		 * Time without a sign of life after which a worker that was ready is killed and
		 * replaced.
		 */
		private Duration hangTimeout = Duration.ofSeconds(60);

		/**
		 * Time that all request threads may be busy without finishing a request or moving
		 * a byte before the worker is replaced. 0 means for ever.
		 */
		private Duration stallTimeout = Duration.ofSeconds(60);

		/**
		 * What a thread must end with, and nobody catch, for the worker to be replaced.
		 */
		private UncaughtPolicy replaceOnUncaught = UncaughtPolicy.ERROR;

		/**
		 * Resident memory of its process at which a worker is replaced. No limit if not
		 * set.
		 */
		private @Nullable DataSize maxMemory;

		/**
		 * Number of requests after which a worker is replaced. No limit if not set.
		 */
		private @Nullable Long maxRequests;

		/**
		 * Time after which a worker is replaced. No limit if not set.
		 */
		private @Nullable Duration maxLifetime;

		/**
		 * Time over which the share of the connections that a new worker gets grows to a
		 * full one. Not with the balance 'source-ip'.
		 */
		private Duration slowStart = Duration.ZERO;

		/**
		 * Number of processors that each worker is told to use. All that it finds if not
		 * set.
		 */
		private @Nullable Integer processors;

		/**
		 * Command, with its arguments, that starts the workers' command line.
		 */
		private List<String> commandPrefix = new ArrayList<>();

		/**
		 * JVM options of the workers, in addition to those of the launcher.
		 */
		private List<String> jvmArgs = new ArrayList<>();

		public Duration getStartTimeout() {
			return this.startTimeout;
		}

		public void setStartTimeout(Duration startTimeout) {
			this.startTimeout = startTimeout;
		}

		public @Nullable Integer getParallelStarts() {
			return this.parallelStarts;
		}

		public void setParallelStarts(@Nullable Integer parallelStarts) {
			this.parallelStarts = parallelStarts;
		}

		public Duration getHangTimeout() {
			return this.hangTimeout;
		}

		public void setHangTimeout(Duration hangTimeout) {
			this.hangTimeout = hangTimeout;
		}

		public Duration getStallTimeout() {
			return this.stallTimeout;
		}

		public void setStallTimeout(Duration stallTimeout) {
			this.stallTimeout = stallTimeout;
		}

		public UncaughtPolicy getReplaceOnUncaught() {
			return this.replaceOnUncaught;
		}

		public void setReplaceOnUncaught(UncaughtPolicy replaceOnUncaught) {
			this.replaceOnUncaught = replaceOnUncaught;
		}

		public @Nullable DataSize getMaxMemory() {
			return this.maxMemory;
		}

		public void setMaxMemory(@Nullable DataSize maxMemory) {
			this.maxMemory = maxMemory;
		}

		public @Nullable Long getMaxRequests() {
			return this.maxRequests;
		}

		public void setMaxRequests(@Nullable Long maxRequests) {
			this.maxRequests = maxRequests;
		}

		public @Nullable Duration getMaxLifetime() {
			return this.maxLifetime;
		}

		public void setMaxLifetime(@Nullable Duration maxLifetime) {
			this.maxLifetime = maxLifetime;
		}

		public Duration getSlowStart() {
			return this.slowStart;
		}

		public void setSlowStart(Duration slowStart) {
			this.slowStart = slowStart;
		}

		public @Nullable Integer getProcessors() {
			return this.processors;
		}

		public void setProcessors(@Nullable Integer processors) {
			this.processors = processors;
		}

		public List<String> getCommandPrefix() {
			return this.commandPrefix;
		}

		public void setCommandPrefix(List<String> commandPrefix) {
			this.commandPrefix = commandPrefix;
		}

		public List<String> getJvmArgs() {
			return this.jvmArgs;
		}

		public void setJvmArgs(List<String> jvmArgs) {
			this.jvmArgs = jvmArgs;
		}

	}

	/**
	 * Settings of the primary.
	 */
	public static class Primary {

		/**
		 * JVM options of the primary, which gets none of the launcher's.
		 */
		private List<String> jvmArgs = new ArrayList<>();

		public List<String> getJvmArgs() {
			return this.jvmArgs;
		}

		public void setJvmArgs(List<String> jvmArgs) {
			this.jvmArgs = jvmArgs;
		}

	}

	/**
	 * Settings of the warm-up of new workers.
	 */
	public static class WarmUp {

		/**
		 * Requests that a new worker answers before it serves, such as
		 * '/owners?lastName=' or 'HEAD /'.
		 */
		private List<String> requests = new ArrayList<>();

		/**
		 * Time after which a new worker serves although its answers still get faster.
		 */
		private Duration duration = Duration.ofSeconds(10);

		/**
		 * Number of these requests that are sent at the same time.
		 */
		private int concurrency = 2;

		/**
		 * Whether the start of a worker fails that answers one of these requests with a
		 * server error or not at all.
		 */
		private boolean required;

		/**
		 * Whether a new worker also answers what users have asked workers before it for
		 * most, as far as they sent neither an authorization nor a cookie.
		 */
		private boolean learn;

		public List<String> getRequests() {
			return this.requests;
		}

		public void setRequests(List<String> requests) {
			this.requests = requests;
		}

		public Duration getDuration() {
			return this.duration;
		}

		public void setDuration(Duration duration) {
			this.duration = duration;
		}

		public int getConcurrency() {
			return this.concurrency;
		}

		public void setConcurrency(int concurrency) {
			this.concurrency = concurrency;
		}

		public boolean isRequired() {
			return this.required;
		}

		public void setRequired(boolean required) {
			this.required = required;
		}

		public boolean isLearn() {
			return this.learn;
		}

		public void setLearn(boolean learn) {
			this.learn = learn;
		}

	}

	/**
	 * Settings of what workers say to each other.
	 */
	public static class Messages {

		/**
		 * Size in JSON above which a message is refused, at most 1MB.
		 */
		private DataSize maxSize = DataSize.ofMegabytes(1);

		public DataSize getMaxSize() {
			return this.maxSize;
		}

		public void setMaxSize(DataSize maxSize) {
			this.maxSize = maxSize;
		}

	}

	/**
	 * Settings of what the primary keeps for all workers.
	 */
	public static class Store {

		/**
		 * Memory of the primary that may be taken by what it keeps for all workers, such
		 * as sessions, at most 1GB. 0 for none. Without a meaning where Redis keeps it.
		 */
		private DataSize maxSize = DataSize.ofMegabytes(16);

		public DataSize getMaxSize() {
			return this.maxSize;
		}

		public void setMaxSize(DataSize maxSize) {
			this.maxSize = maxSize;
		}

	}

	/**
	 * Settings of what Prometheus is told.
	 */
	public static class Metrics {

		/**
		 * Whether '/actuator/prometheus' is about the whole cluster rather than about the
		 * worker that happens to answer.
		 */
		private boolean enabled = true;

		/**
		 * What becomes of a metric that several workers have, by its name in Micrometer
		 * or in Prometheus.
		 */
		private Map<String, MetricMerge> merge = new LinkedHashMap<>();

		public boolean isEnabled() {
			return this.enabled;
		}

		public void setEnabled(boolean enabled) {
			this.enabled = enabled;
		}

		public Map<String, MetricMerge> getMerge() {
			return this.merge;
		}

		public void setMerge(Map<String, MetricMerge> merge) {
			this.merge = merge;
		}

	}

	/**
	 * Settings of the application's caches.
	 */
	public static class Caches {

		/**
		 * Caches of which all workers evict what one evicts.
		 */
		private CacheEvictions evict = CacheEvictions.NONE;

		public CacheEvictions getEvict() {
			return this.evict;
		}

		public void setEvict(CacheEvictions evict) {
			this.evict = evict;
		}

	}

	/**
	 * Settings of the caches that all workers share.
	 */
	public static class Cache {

		/**
		 * How long a value of 'clusterCacheManager' is kept after it was put.
		 */
		private Duration timeToLive = Duration.ofHours(1);

		/**
		 * Whether caches that name no cache manager are those of 'clusterCacheManager'.
		 */
		private boolean asDefault = false;

		public Duration getTimeToLive() {
			return this.timeToLive;
		}

		public void setTimeToLive(Duration timeToLive) {
			this.timeToLive = timeToLive;
		}

		public boolean isAsDefault() {
			return this.asDefault;
		}

		public void setAsDefault(boolean asDefault) {
			this.asDefault = asDefault;
		}

	}

	/**
	 * Settings of what workers of several machines share on Redis.
	 */
	public static class Redis {

		/**
		 * Name of the cluster, which all of its machines have and no other cluster. The
		 * application's name if not set.
		 */
		private @Nullable String name;

		/**
		 * What the names of all keys begin with.
		 */
		private String prefix = "cluster";

		public @Nullable String getName() {
			return this.name;
		}

		public void setName(@Nullable String name) {
			this.name = name;
		}

		public String getPrefix() {
			return this.prefix;
		}

		public void setPrefix(String prefix) {
			this.prefix = prefix;
		}

	}

	/**
	 * Settings of the copies that the primary and the workers run from.
	 */
	public static class Staging {

		/**
		 * Whether each generation runs from a copy of its code.
		 */
		private boolean enabled = true;

		/**
		 * Directory in which the private directory of the cluster is made. The directory
		 * for temporary files if not set.
		 */
		private @Nullable String directory;

		public boolean isEnabled() {
			return this.enabled;
		}

		public void setEnabled(boolean enabled) {
			this.enabled = enabled;
		}

		public @Nullable String getDirectory() {
			return this.directory;
		}

		public void setDirectory(@Nullable String directory) {
			this.directory = directory;
		}

	}

	/**
	 * Settings of the socket by which the command 'cluster' reaches the primary.
	 */
	public static class Control {

		/**
		 * Whether there is a socket by which the command 'cluster' reaches the primary.
		 */
		private boolean enabled = true;

		/**
		 * Directory of mode 0700 in which the socket is made. If not set,
		 * 'cluster-spring-boot' in $XDG_RUNTIME_DIR or 'cluster-control-' and the user's
		 * number in /tmp.
		 */
		private @Nullable String directory;

		public boolean isEnabled() {
			return this.enabled;
		}

		public void setEnabled(boolean enabled) {
			this.enabled = enabled;
		}

		public @Nullable String getDirectory() {
			return this.directory;
		}

		public void setDirectory(@Nullable String directory) {
			this.directory = directory;
		}

	}

}
