package io.clusterboot.bootstrap;

import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

import io.clusterboot.contract.ClusterRole;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.web.servlet.support.ServletContextApplicationContextInitializer;
import org.springframework.context.support.DefaultLifecycleProcessor;
import org.springframework.core.SpringProperties;
import org.springframework.core.env.ConfigurableEnvironment;

/**
 * Decides what a run of a {@link SpringApplication} is to be, from the application, its
 * environment, the process and the call that led here. To be asked on the thread that
 * runs the application, when its environment is prepared and {@code cluster.workers} is
 * set.
 */
class ClusterRoleDeducer {

	// A main method may run several applications; the sockets are for the first web one
	private static final AtomicReference<@Nullable SpringApplication> workerApplication = new AtomicReference<>();

	private final Supplier<Launch> launch;

	private final AtomicReference<@Nullable SpringApplication> worker;

	ClusterRoleDeducer() {
		this(Launch::current, workerApplication);
	}

	ClusterRoleDeducer(Supplier<Launch> launch, AtomicReference<@Nullable SpringApplication> worker) {
		this.launch = launch;
		this.worker = worker;
	}

	RoleDecision deduce(SpringApplication application, ConfigurableEnvironment environment) {
		Launch launch = this.launch.get();
		if (launch.stack().isNested()) {
			return RoleDecision.quietlyNone("another application runs this one");
		}
		return launch.isWorkerProcess() ? deduceInWorker(application, environment, launch)
				: deduceInLauncher(application, environment, launch);
	}

	private RoleDecision deduceInWorker(SpringApplication application, ConfigurableEnvironment environment,
			Launch launch) {
		if (launch.stack().isParent()) {
			return RoleDecision.quietlyNone("this is the parent of the application that serves");
		}
		if (!launch.stack().isMain()) {
			return RoleDecision.quietlyNone(notMain(launch));
		}
		String reason = new WebServerCheck(application, environment).reasonAgainst(false);
		if (reason != null) {
			return RoleDecision.loudlyNone(reason);
		}
		if (!this.worker.compareAndSet(null, application) && this.worker.get() != application) {
			return RoleDecision.quietlyNone("another application of this worker serves");
		}
		return RoleDecision.of(ClusterRole.WORKER, "a primary started this process");
	}

	private RoleDecision deduceInLauncher(SpringApplication application, ConfigurableEnvironment environment,
			Launch launch) {
		String quietReason = quietReason(application, environment, launch);
		if (quietReason != null) {
			return RoleDecision.quietlyNone(quietReason);
		}
		String loudReason = loudReason(application, environment, launch);
		if (loudReason != null) {
			return RoleDecision.loudlyNone(loudReason);
		}
		return RoleDecision.of(ClusterRole.PRIMARY, "the main method of this process runs the application");
	}

	private @Nullable String quietReason(SpringApplication application, ConfigurableEnvironment environment,
			Launch launch) {
		if (environment.getProperty("spring.aot.processing", Boolean.class, false)) {
			return "the application is being processed ahead of time";
		}
		if (application.getInitializers()
			.stream()
			.anyMatch(ServletContextApplicationContextInitializer.class::isInstance)) {
			return "the application is deployed in a servlet container";
		}
		if (launch.stack().isTest()) {
			return "this is a test";
		}
		return launch.stack().isDevToolsRestart() ? "DevTools restarts the application" : null;
	}

	private @Nullable String loudReason(SpringApplication application, ConfigurableEnvironment environment,
			Launch launch) {
		if (!launch.isLinux()) {
			return "the operating system is %s and only Linux is supported".formatted(launch.os());
		}
		if (!launch.isKnownArchitecture()) {
			return "the architecture of this JVM is %s and only amd64 and aarch64 are supported"
				.formatted(launch.architecture());
		}
		if (launch.nativeImage()) {
			return "this is a native image";
		}
		if (launch.isTrainingRun() || isOnRefresh(DefaultLifecycleProcessor.EXIT_PROPERTY_NAME)
				|| isOnRefresh(DefaultLifecycleProcessor.CHECKPOINT_PROPERTY_NAME)) {
			return "this run prepares an archive, a cache or a checkpoint for later ones";
		}
		if (environment.getProperty("spring.application.admin.enabled", Boolean.class, false)) {
			return "spring.application.admin.enabled is set, as by the Maven plugin's start goal";
		}
		if (launch.isDebugSession()) {
			return "the JVM is connected to a debugger, as by an IDE (to debug workers, start it with server=y)";
		}
		if (!launch.stack().isMain()) {
			return notMain(launch);
		}
		return new WebServerCheck(application, environment).reasonAgainst(launch.stack().isParent());
	}

	private boolean isOnRefresh(String name) {
		return DefaultLifecycleProcessor.ON_REFRESH_VALUE.equals(SpringProperties.getProperty(name));
	}

	private String notMain(Launch launch) {
		return "the application is run on thread '%s', not by the main method on the main thread"
			.formatted(launch.stack().thread());
	}

}
