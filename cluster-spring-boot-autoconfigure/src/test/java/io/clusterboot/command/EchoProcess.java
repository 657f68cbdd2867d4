package io.clusterboot.command;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A real JVM that runs {@link EchoApplication}, and what it has said.
 */
final class EchoProcess implements AutoCloseable {

	static final String JAVA = Path.of(System.getProperty("java.home"), "bin", "java").toString();

	static final String CLASS_PATH = location(EchoApplication.class) + ":" + location(JvmCommand.class);

	static final String MAIN = EchoApplication.class.getName();

	private final Process process;

	private final Map<String, List<String>> echoes = new HashMap<>();

	private final List<String> output = new ArrayList<>();

	private EchoProcess(Process process) {
		this.process = process;
	}

	static EchoProcess start(Path directory, Map<String, String> variables, List<String> command) throws IOException {
		ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile())
			.redirectError(ProcessBuilder.Redirect.INHERIT);
		builder.environment().keySet().removeAll(WorkerCommand.VARIABLES);
		builder.environment().put("LC_ALL", "C.UTF-8");
		builder.environment().putAll(variables);
		EchoProcess echo = new EchoProcess(builder.start());
		echo.read();
		return echo;
	}

	static EchoProcess start(Path directory, WorkerLaunch launch) throws IOException {
		return start(directory, launch.variables(), launch.command());
	}

	JvmCommand command() {
		return new JvmCommand(all("executable").get(0), all("option"), all("main"), all("argument"));
	}

	List<String> all(String key) {
		return this.echoes.getOrDefault(key, List.of());
	}

	List<String> output() {
		return this.output;
	}

	boolean isAlive() {
		return this.process.isAlive();
	}

	private void read() throws IOException {
		BufferedReader reader = new BufferedReader(
				new InputStreamReader(this.process.getInputStream(), StandardCharsets.UTF_8));
		String line = reader.readLine();
		while (line != null && !line.equals("end")) {
			String[] parts = line.split(" ", 3);
			if (parts[0].equals("echo")) {
				this.echoes.computeIfAbsent(parts[1], (key) -> new ArrayList<>())
					.add(URLDecoder.decode(parts[2], StandardCharsets.UTF_8));
			}
			else {
				this.output.add(line);
			}
			line = reader.readLine();
		}
	}

	@Override
	public void close() {
		this.process.destroyForcibly();
		this.process.onExit().join();
	}

	private static String location(Class<?> type) {
		return Path.of(type.getProtectionDomain().getCodeSource().getLocation().getPath()).toString();
	}

}
