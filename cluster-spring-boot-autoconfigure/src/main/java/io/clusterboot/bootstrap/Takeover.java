package io.clusterboot.bootstrap;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;

import io.clusterboot.ClusterException;
import io.clusterboot.code.StagingDirectory;
import io.clusterboot.code.UserArchive;
import io.clusterboot.command.JvmCommand;
import io.clusterboot.command.WorkerCommand;
import io.clusterboot.command.WorkingDirectory;
import io.clusterboot.listen.ReusePortGroup;
import io.clusterboot.posix.Descriptor;
import io.clusterboot.posix.PosixException;
import io.clusterboot.posix.ProcessImage;
import io.clusterboot.primary.PrimaryCommand;
import io.clusterboot.primary.PrimarySettings;
import io.clusterboot.settings.ClusterProperties;
import io.clusterboot.settings.InvalidClusterPropertyException;
import io.clusterboot.settings.WorkerCount;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.web.server.PortInUseException;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.util.StringUtils;

/**
 * Replaces the launcher's program by the lean primary: same process, new JVM. Whatever
 * can be wrong is found before, so that Spring Boot reports it as usual.
 */
final class Takeover {

	private static final Log logger = LogFactory.getLog(Takeover.class);

	private static final int DEFAULT_PORT = 8080;

	private static final Duration PORT_PATIENCE = Duration.ofSeconds(2);

	private static final Duration PORT_PAUSE = Duration.ofMillis(50);

	private final SpringApplication application;

	private final String[] arguments;

	private final ConfigurableEnvironment environment;

	private final Binder binder;

	Takeover(SpringApplication application, String[] arguments, ConfigurableEnvironment environment) {
		this.application = application;
		this.arguments = arguments;
		this.environment = environment;
		this.binder = Binder.get(environment);
	}

	/**
	 * Become the primary. Returns only by throwing.
	 * @param properties the settings of the cluster
	 * @param workers the number of workers
	 */
	void run(ClusterProperties properties, int workers) {
		new ManagementPortCheck(this.environment).run();
		new EndpointExposure(this.binder).check();
		properties.checkOnMachine(this.binder, new WorkerCount(workers).limitOfMachine());
		JvmCommand command = JvmCommand.ofCurrentProcess();
		if (!command.canRoundTrip()) {
			logger.warn("The command line has characters that the locale of this process cannot express; "
					+ "workers may see other arguments. Set LANG, for example to C.UTF-8");
		}
		Map<String, String> variables = new HashMap<>(System.getenv());
		variables.keySet().retainAll(WorkerCommand.VARIABLES);
		checkArchive(UserArchive.findUnfit(command, variables));
		ReusePortGroup sockets = openSockets(workers);
		StagingDirectory staging = createStaging(properties);
		try {
			become(properties, command, variables, sockets, staging);
		}
		catch (IOException ex) {
			sockets.close();
			staging.delete();
			// The message of many is nothing but the name of a file
			throw new ClusterException("The cluster cannot be started: " + ex, ex);
		}
	}

	private static void checkArchive(@Nullable UserArchive archive) {
		if (archive != null && archive.isRequired()) {
			throw new ClusterException(archive.describe() + ", or leave out -XX:AOTMode=on", null);
		}
		if (archive != null) {
			logger.warn(archive.describe());
		}
	}

	private void become(ClusterProperties properties, JvmCommand command, Map<String, String> variables,
			ReusePortGroup sockets, StagingDirectory staging) throws IOException {
		List<Path> classPath = new PrimaryLibraries(staging).copy();
		Map<String, @Nullable String> environment = new HashMap<>();
		variables.keySet().forEach((name) -> environment.put(name, null));
		environment.put(PrimaryCommand.SUSPEND_SIGNAL, PrimaryCommand.SUSPEND_SIGNAL_NUMBER);
		String pidFile = PidFile.write(this.application, this.arguments, this.environment);
		PrimarySettings settings = new PrimarySettings(configuration(sockets.descriptors().size()),
				sockets.descriptors().stream().map(Descriptor::number).toList(), sockets.isIpv6(), command, variables,
				properties.getWorker().getJvmArgs(), properties.getWorker().getCommandPrefix(),
				Objects.requireNonNullElse(properties.getWorker().getProcessors(), 0),
				WorkingDirectory.ofCurrentProcess(System.getenv("PWD")), properties.getStaging().isEnabled(),
				staging.path().toString(), pidFile, applicationName(),
				StringUtils.hasText(this.environment.getProperty("logging.structured.format.console")));
		Descriptor file = ProcessImage.anonymousFile(settings.toBytes());
		List<Descriptor> kept = new ArrayList<>(sockets.descriptors());
		kept.add(file);
		List<String> title = new ArrayList<>();
		title.add("%s:%d".formatted(
				(settings.applicationName().isEmpty()) ? "application" : settings.applicationName().replace(' ', '-'),
				sockets.port()));
		title.addAll(command.main());
		System.out.flush();
		throw ProcessImage.become(PrimaryCommand.of(command.executable(), classPath, nativeDirectory(staging),
				properties.getStore().getMaxSize().toBytes(), properties.getPrimary().getJvmArgs(), file.number(),
				title), environment, kept);
	}

	private Map<String, String> configuration(int workers) {
		Map<String, String> configuration = new HashMap<>(ConfigurationView.of(this.environment));
		configuration.put("application.name", this.environment.getProperty("spring.application.name", ""));
		configuration.put("machine.processors", String.valueOf(Runtime.getRuntime().availableProcessors()));
		configuration.put("machine.max-workers", String.valueOf(new WorkerCount(workers).limitOfMachine()));
		return configuration;
	}

	// Where JNA was loaded from here it can be loaded from again; the staging directory
	// may be on a file system that allows no execution
	private static Path nativeDirectory(StagingDirectory staging) {
		String loaded = System.getProperty("jnidispatch.path");
		Path directory = (loaded != null) ? Path.of(loaded).getParent() : null;
		return (directory != null && Files.isWritable(directory)) ? directory : staging.path();
	}

	private ReusePortGroup openSockets(int workers) {
		InetAddress address = this.binder.bind("server.address", InetAddress.class).orElse(null);
		int port = this.binder.bind("server.port", Integer.class).orElse(DEFAULT_PORT);
		try {
			return openSockets(address, port, workers);
		}
		catch (PosixException ex) {
			if (ex.isAddressInUse()) {
				throw new PortInUseException(port, ex);
			}
			throw new ClusterException("The port cannot be bound: " + ex.getMessage(), ex);
		}
		catch (LinkageError ex) {
			throw new ClusterException("The native library of JNA cannot be loaded, as happens where the directory "
					+ "for temporary files (jna.tmpdir, java.io.tmpdir) allows no execution: " + ex.getMessage(), ex);
		}
	}

	// Workers whose primary was killed serve what is queued before they let go of the
	// port
	private static ReusePortGroup openSockets(@Nullable InetAddress address, int port, int workers)
			throws PosixException {
		long started = System.nanoTime();
		while (true) {
			try {
				return ReusePortGroup.open(address, port, workers);
			}
			catch (PosixException ex) {
				if (!ex.isAddressInUse() || System.nanoTime() - started > PORT_PATIENCE.toNanos()) {
					throw ex;
				}
				LockSupport.parkNanos(PORT_PAUSE.toNanos());
			}
		}
	}

	private String applicationName() {
		return (this.environment.getProperty("logging.include-application-name", Boolean.class, true))
				? this.environment.getProperty("spring.application.name", "") : "";
	}

	private static boolean isRoot() throws IOException {
		return Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
	}

	private static StagingDirectory createStaging(ClusterProperties properties) {
		String configured = properties.getStaging().getDirectory();
		String directory = (configured != null) ? configured : System.getProperty("java.io.tmpdir");
		if (Path.of(directory).toAbsolutePath().toString().contains(File.pathSeparator)) {
			throw new InvalidClusterPropertyException("cluster.staging.directory", directory,
					"a directory without '%s' in its path, which would end there on a class path"
						.formatted(File.pathSeparator),
					null);
		}
		try {
			StagingDirectory.deleteAbandoned(Path.of(directory));
			StagingDirectory staging = StagingDirectory.create(Path.of(directory));
			if (isRoot() && !properties.getWorker().getCommandPrefix().isEmpty()) {
				// it can make workers another user, who must get at the code
				staging.makePassable();
			}
			return staging;
		}
		catch (IOException ex) {
			throw new InvalidClusterPropertyException("cluster.staging.directory", directory,
					"a directory in which this user may create files (" + ex + ")", null);
		}
	}

}
