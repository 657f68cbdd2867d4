package io.clusterboot.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Assumptions;

/**
 * A PostgreSQL of a test's own, with an empty database that is gone when it is closed.
 * The test is skipped where there is none.
 */
final class PostgresProcess implements AutoCloseable {

	/**
	 * Who may use the database.
	 */
	static final String USER = "sessions";

	// Debian keeps them off the path
	private static final Path INSTALLED = Path.of("/usr/lib/postgresql");

	// It refuses to run as root
	private static final List<String> AS_ITS_USER = List.of("setpriv", "--reuid=postgres", "--regid=postgres",
			"--clear-groups");

	private static final Duration LIMIT = Duration.ofSeconds(30);

	private final Path commands;

	private final boolean root;

	private final int port = ClusterLauncher.freePort();

	private final Path data = Path.of("target", "it", "postgres-" + this.port).toAbsolutePath();

	private final Tool.Running process;

	PostgresProcess() throws IOException {
		Optional<Path> installed = installed();
		Assumptions.assumeTrue(installed.isPresent(), "PostgreSQL is not installed");
		this.commands = installed.orElseThrow();
		this.root = Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
		prepare();
		this.process = Tool.start(command("postgres", "-D", this.data.toString(), "-p", String.valueOf(this.port), "-c",
				"listen_addresses=127.0.0.1", "-c", "unix_socket_directories=", "-c", "fsync=off"));
		try {
			Awaitility.await("PostgreSQL").atMost(LIMIT).failFast(() -> !this.process.isAlive()).until(this::accepts);
		}
		catch (RuntimeException ex) {
			close();
			throw ex;
		}
	}

	private static Optional<Path> installed() throws IOException {
		if (Tool.isInstalled("initdb") && Tool.isInstalled("postgres")) {
			return Optional.of(Tool.find("postgres").getParent());
		}
		if (!Files.isDirectory(INSTALLED)) {
			return Optional.empty();
		}
		try (Stream<Path> versions = Files.list(INSTALLED)) {
			return versions.map((version) -> version.resolve("bin"))
				.filter((commands) -> Files.isExecutable(commands.resolve("initdb"))
						&& Files.isExecutable(commands.resolve("postgres")))
				.findFirst();
		}
	}

	private void prepare() {
		Tool.run("mkdir", "-p", this.data.toString());
		if (this.root) {
			Tool.assumeInstalled("setpriv");
			Tool.tryRun("chown", "postgres:postgres", this.data.toString());
			Assumptions.assumeTrue(Tool.tryRun(asItsUser("test", "-w", this.data.toString())).exitCode() == 0,
					() -> "the user postgres cannot write to " + this.data);
		}
		Tool.run(command("initdb", "--pgdata=" + this.data, "--username=" + USER, "--auth=trust", "--encoding=UTF8",
				"--no-locale", "--no-sync"));
	}

	private boolean accepts() {
		try {
			return count("SELECT 1") == 1;
		}
		catch (SQLException ex) {
			return false;
		}
	}

	private String[] command(String name, String... arguments) {
		List<String> line = new ArrayList<>(List.of(this.commands.resolve(name).toString()));
		line.addAll(List.of(arguments));
		return asItsUser(line.toArray(String[]::new));
	}

	private String[] asItsUser(String... command) {
		return Stream.concat((this.root) ? AS_ITS_USER.stream() : Stream.empty(), Stream.of(command))
			.toArray(String[]::new);
	}

	String url() {
		return "jdbc:postgresql://127.0.0.1:%d/postgres".formatted(this.port);
	}

	int count(String query) throws SQLException {
		try (Connection connection = DriverManager.getConnection(url(), USER, "");
				Statement statement = connection.createStatement();
				ResultSet result = statement.executeQuery(query)) {
			result.next();
			return result.getInt(1);
		}
	}

	@Override
	public void close() {
		try (this.process) {
			// Without waiting for those who are connected
			this.process.interrupt();
			this.process.await(LIMIT);
		}
		finally {
			Tool.run("rm", "-rf", this.data.toString());
		}
	}

}
