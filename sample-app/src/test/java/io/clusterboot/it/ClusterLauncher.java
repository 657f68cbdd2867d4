package io.clusterboot.it;

import java.io.File;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.TestInfo;

/**
 * Builds the command that starts the sample application, and starts it.
 */
class ClusterLauncher {

	// A build in the background has SIGINT and maybe SIGHUP ignored and hands that down
	private static final List<String> DEFAULT_SIGNALS = List.of("env", "--default-signal=INT", "--default-signal=QUIT",
			"--default-signal=HUP");

	private static final List<String> SMALL = List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx192m",
			"-Dspring.backgroundpreinitializer.ignore=true");

	private static final int PORTS = 3000;

	// Failsafe numbers its JVMs from 1
	private static final int FIRST_PORT = 17_000
			+ Integer.parseInt(System.getProperty("sample.it.jvm", "jvm0").substring("jvm".length())) * PORTS;

	// A build that was killed may have left something on the first ports
	private static final AtomicInteger NEXT_PORT = new AtomicInteger((int) (ProcessHandle.current().pid() % PORTS));

	private final Function<String, Output> output;

	private String name = "";

	private List<String> prefix = List.of();

	private Path java = Path.of(System.getProperty("java.home"), "bin", "java");

	private List<String> jvmOptions = SMALL;

	private List<String> application = List.of();

	private List<String> command = List.of();

	private final List<String> arguments = new ArrayList<>();

	// What would make every reload slow. Arguments win over variables.
	private final Map<String, String> environment = new LinkedHashMap<>(
			Map.of("CLUSTER_RELOAD_SOAK", "0s", "CLUSTER_RELOAD_TRAIN", "off"));

	private int port = freePort();

	private String workers = "2";

	private @Nullable Path configuration;

	ClusterLauncher(TestInfo test) {
		this((name) -> Output.of(test, name));
	}

	ClusterLauncher(Function<String, Output> output) {
		this.output = output;
	}

	ClusterLauncher named(String name) {
		this.name = name;
		return this;
	}

	ClusterLauncher prefix(String... prefix) {
		this.prefix = List.of(prefix);
		return this;
	}

	/**
	 * Run on another JDK, with the jar as it is: an archive belongs to the JDK that made
	 * it.
	 * @param java the command
	 * @return this
	 */
	ClusterLauncher java(Path java) {
		this.java = java;
		return jar(SampleJar.original());
	}

	/**
	 * Replace the options that keep the JVMs small.
	 * @param jvmOptions the options
	 * @return this
	 */
	ClusterLauncher jvmOptions(String... jvmOptions) {
		this.jvmOptions = List.of(jvmOptions);
		return this;
	}

	ClusterLauncher moreJvmOptions(String... jvmOptions) {
		List<String> all = new ArrayList<>(this.jvmOptions);
		all.addAll(List.of(jvmOptions));
		this.jvmOptions = all;
		return this;
	}

	ClusterLauncher jar(Path jar) {
		return application("-jar", jar.toString());
	}

	/**
	 * Add an auto-configuration and the libraries that it needs, in the layout that
	 * starts fastest.
	 * @param directory where to write what is more
	 * @param autoConfiguration the auto-configuration
	 * @param libraries a class of each library
	 * @return this
	 * @throws IOException if it cannot be written
	 */
	ClusterLauncher with(Path directory, Class<?> autoConfiguration, Class<?>... libraries) throws IOException {
		return with(directory, autoConfiguration, List.of(libraries));
	}

	ClusterLauncher with(Path directory, Class<?> autoConfiguration, List<Class<?>> libraries) throws IOException {
		this.application = FastSample.with(directory, autoConfiguration, libraries);
		return this;
	}

	ClusterLauncher application(String... application) {
		this.application = List.of(application);
		return this;
	}

	/**
	 * Replace the whole command but the prefix; arguments are then the caller's business.
	 * @param command the command
	 * @return this
	 */
	ClusterLauncher command(String... command) {
		this.command = List.of(command);
		return this;
	}

	/**
	 * Add arguments of the application. Without {@code --cluster.reload.soak} and
	 * {@code --cluster.reload.train} a reload neither watches a canary nor trains.
	 * @param arguments the arguments
	 * @return this
	 */
	ClusterLauncher arguments(String... arguments) {
		this.arguments.addAll(List.of(arguments));
		return this;
	}

	ClusterLauncher environment(String name, String value) {
		this.environment.put(name, value);
		return this;
	}

	ClusterLauncher port(int port) {
		this.port = port;
		return this;
	}

	/**
	 * Set the number of workers; empty leaves it to the application's own configuration.
	 * @param workers the value of {@code cluster.workers}
	 * @return this
	 */
	ClusterLauncher workers(String workers) {
		this.workers = workers;
		return this;
	}

	/**
	 * Leave port and number of workers to a configuration file.
	 * @param file the file
	 * @return this
	 */
	ClusterLauncher configuredBy(Path file) {
		this.configuration = file;
		return this;
	}

	int port() {
		return this.port;
	}

	ClusterProcess start() throws IOException {
		Output output = this.output.apply(this.name);
		ProcessGroup group = new ProcessGroup();
		ProcessBuilder builder = new ProcessBuilder(line()).redirectErrorStream(true)
			.redirectInput(new File("/dev/null"))
			.redirectOutput(output.file().toFile());
		Map<String, String> inherited = builder.environment();
		inherited.keySet().removeIf((key) -> key.endsWith("_OPTIONS") || key.startsWith("CLUSTER_"));
		inherited.put(ProcessGroup.VARIABLE, group.mark());
		inherited.put("XDG_CACHE_HOME", emptyCache(output).toString());
		inherited.putAll(this.environment);
		return new ClusterProcess(builder.start(), this.port, output, group);
	}

	// What an earlier test has left there would make this one another
	private static Path emptyCache(Output output) {
		Path cache = output.file().resolveSibling(output.file().getFileName() + ".cache");
		Tool.run("rm", "-rf", cache.toString());
		return cache;
	}

	private List<String> line() {
		List<String> line = new ArrayList<>(DEFAULT_SIGNALS);
		line.addAll(this.prefix);
		if (!this.command.isEmpty()) {
			line.addAll(this.command);
			return line;
		}
		line.add(this.java.toString());
		line.addAll(this.jvmOptions);
		line.addAll(this.application.isEmpty() ? FastSample.application() : this.application);
		if (this.configuration != null) {
			line.add("--spring.config.additional-location=file:" + this.configuration);
			line.addAll(this.arguments);
			return line;
		}
		line.add("--server.port=" + this.port);
		if (!this.workers.isEmpty()) {
			line.add("--cluster.workers=" + this.workers);
		}
		line.addAll(this.arguments);
		return line;
	}

	/**
	 * Find a port that is free on every address: one that a closed connection of another
	 * test still holds on 127.0.0.9 cannot be bound to all of them. It is below those
	 * that the kernel gives to clients, and each JVM that runs tests has its own.
	 * @return the port
	 */
	static int freePort() {
		while (true) {
			int port = FIRST_PORT + NEXT_PORT.getAndIncrement() % PORTS;
			try (ServerSocket socket = new ServerSocket()) {
				socket.setReuseAddress(false);
				socket.bind(new InetSocketAddress(port));
				return port;
			}
			catch (BindException ex) {
				// The next one, then
			}
			catch (IOException ex) {
				throw new IllegalStateException("No free port", ex);
			}
		}
	}

}
