package io.clusterboot.bootstrap;

import java.time.Duration;

import io.clusterboot.contract.ClusterRole;
import io.clusterboot.settings.ClusterProperties;
import io.clusterboot.settings.WorkerCount;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringApplicationRunListener;
import org.springframework.boot.bootstrap.ConfigurableBootstrapContext;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.logging.LogLevel;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;

/**
 * Turns the run of an application into the start of a cluster where
 * {@code cluster.workers} asks for one: at the one point where all properties are known
 * and nothing of the user's has been built. A worker tells the primary at the same point
 * what its configuration says, and later what keeps it from starting.
 */
class ClusterApplicationListener implements SpringApplicationRunListener, Ordered {

	private static final Log logger = LogFactory.getLog(ClusterApplicationListener.class);

	private final SpringApplication application;

	private final String[] arguments;

	private final GenerationConfiguration configuration = new GenerationConfiguration();

	private @Nullable WorkerRun worker;

	ClusterApplicationListener(SpringApplication application, String[] arguments) {
		this.application = application;
		this.arguments = arguments;
	}

	@Override
	public void starting(ConfigurableBootstrapContext bootstrapContext) {
		this.configuration.begin(bootstrapContext);
	}

	@Override
	public void environmentPrepared(ConfigurableBootstrapContext bootstrapContext,
			ConfigurableEnvironment environment) {
		this.configuration.end(environment);
		this.worker = bootstrapContext.getOrElse(WorkerRun.class, null);
		if (this.worker != null) {
			new ManagementPortCheck(environment).run();
			this.worker.runtime().configured(ConfigurationView.of(environment));
			return;
		}
		Binder binder = Binder.get(environment);
		if (!binder.bind(WorkerCount.PROPERTY, String.class).isBound()) {
			return;
		}
		ClusterProperties properties = ClusterProperties.get(binder);
		WorkerCount workers = WorkerCount.parse(properties.getWorkers());
		if (workers.isOff()) {
			return;
		}
		RoleDecision decision = new ClusterRoleDeducer().deduce(this.application, environment);
		if (decision.role() == ClusterRole.PRIMARY) {
			new Takeover(this.application, this.arguments, environment).run(properties, workers.count());
		}
		String message = "cluster.workers=%s is ignored: %s".formatted(properties.getWorkers(), decision.reason());
		if (decision.level() == LogLevel.WARN) {
			logger.warn(message);
		}
		else {
			logger.debug(message);
		}
	}

	@Override
	public void started(ConfigurableApplicationContext context, @Nullable Duration timeTaken) {
		if (this.worker != null) {
			this.worker.ports().look();
		}
	}

	// For what runners have bound
	@Override
	public void ready(ConfigurableApplicationContext context, @Nullable Duration timeTaken) {
		started(context, timeTaken);
	}

	@Override
	public void failed(@Nullable ConfigurableApplicationContext context, Throwable exception) {
		this.configuration.abandon();
		if (this.worker != null) {
			this.worker.runtime().startFailed(StartFailure.of(this.worker.runtime().identity()).describe(exception));
		}
	}

	@Override
	public int getOrder() {
		// Boot's own listener has prepared configuration and logging by then
		return LOWEST_PRECEDENCE;
	}

}
