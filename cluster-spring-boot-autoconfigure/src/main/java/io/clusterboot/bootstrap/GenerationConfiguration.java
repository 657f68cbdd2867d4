package io.clusterboot.bootstrap;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

import io.clusterboot.code.ConfigurationDirectories;
import io.clusterboot.code.training.Training;
import io.clusterboot.configdata.KeptConfiguration;
import io.clusterboot.contract.WorkerIdentity;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.bootstrap.BootstrapRegistry.InstanceSupplier;
import org.springframework.boot.bootstrap.ConfigurableBootstrapContext;
import org.springframework.core.env.Environment;

/**
 * Lets the applications of a worker or of a training start have the configuration of
 * their generation: all that prepare an environment, whichever of them serves.
 */
final class GenerationConfiguration {

	private static final Log logger = LogFactory.getLog(GenerationConfiguration.class);

	// One for the process: parents, nested applications and siblings share its lock
	private static final @Nullable KeptConfiguration keptByProcess = find();

	private final @Nullable KeptConfiguration kept;

	private boolean begun;

	GenerationConfiguration() {
		this(keptByProcess);
	}

	GenerationConfiguration(@Nullable KeptConfiguration kept) {
		this.kept = kept;
	}

	private static @Nullable KeptConfiguration find() {
		WorkerIdentity identity = WorkerIdentity.find(System.getenv());
		boolean worker = identity != null && Launch.current().isWorkerProcess();
		String training = System.getProperty(Training.DIRECTORY);
		if (worker) {
			return new KeptConfiguration(
					ConfigurationDirectories.find(Path.of(identity.directory()), identity.generation()), true);
		}
		return (training != null) ? new KeptConfiguration(ConfigurationDirectories.find(Path.of(training)), false)
				: null;
	}

	/**
	 * Begin before an application prepares its environment.
	 * @param bootstrapContext what config data asks for its helpers
	 */
	void begin(ConfigurableBootstrapContext bootstrapContext) {
		if (this.kept != null) {
			this.begun = true;
			this.kept.begin();
			bootstrapContext.register(KeptConfiguration.class, InstanceSupplier.of(this.kept));
		}
	}

	/**
	 * End when it has prepared it.
	 * @param environment the environment
	 */
	void end(Environment environment) {
		if (this.kept != null && this.begun) {
			this.begun = false;
			CallStack stack = CallStack.current();
			this.kept.end(!stack.isNested() && !stack.isParent());
			// Where there are no snapshots, nothing is to be kept
			if (environment.getProperty("cluster.staging.enabled", Boolean.class, true)) {
				report(this.kept);
			}
		}
	}

	/**
	 * End when the application has failed, if that was before.
	 */
	void abandon() {
		if (this.kept != null && this.begun) {
			this.begun = false;
			this.kept.abandon();
		}
	}

	private static void report(KeptConfiguration kept) {
		List<String> imports = kept.takeImports();
		if (!imports.isEmpty()) {
			logger.info("Configuration that is imported from %s cannot be kept: each worker of this generation reads it"
				.formatted(String.join(", ", imports)) + " when it starts");
		}
		IOException failure = kept.takeFailure();
		if (failure != null) {
			logger.warn("The configuration of this generation cannot be kept (%s): workers that start later read "
				.formatted(failure) + "the files as they are then");
		}
	}

}
