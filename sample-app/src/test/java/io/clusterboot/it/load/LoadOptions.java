package io.clusterboot.it.load;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * What to send, and how.
 *
 * @param keepAlive whether a connection has more than one request
 * @param concurrency how many requests are in flight
 * @param requests how many to send
 * @param time how long to send them
 * @param port the port on 127.0.0.1
 * @param path the path to get
 * @param deadline how long one request may take from the first system call to its end
 * @param pause how long each client waits between two requests
 */
record LoadOptions(boolean keepAlive, int concurrency, long requests, Duration time, int port, String path,
		Duration deadline, Duration pause) {

	/**
	 * Parse arguments like {@code --concurrency=64}. Only {@code --port} must be there;
	 * without {@code --requests} or {@code --seconds} the load ends when it is stopped.
	 * @param args the arguments
	 * @return what they say
	 */
	static LoadOptions parse(String... args) {
		Map<String, String> options = new HashMap<>(
				Map.of("--mode", "connect", "--concurrency", "1", "--requests", Long.toString(Long.MAX_VALUE),
						"--seconds", "86400", "--path", "/", "--deadline-millis", "10000", "--pause-millis", "0"));
		for (String arg : args) {
			String[] option = arg.split("=", 2);
			if (option.length < 2 || (!options.containsKey(option[0]) && !option[0].equals("--port"))) {
				throw new IllegalArgumentException("Unknown option " + arg);
			}
			options.put(option[0], option[1]);
		}
		String mode = options.get("--mode");
		if (!mode.equals("connect") && !mode.equals("keep-alive")) {
			throw new IllegalArgumentException("Unknown mode " + mode);
		}
		return new LoadOptions(mode.equals("keep-alive"), Integer.parseInt(options.get("--concurrency")),
				Long.parseLong(options.get("--requests")), Duration.ofSeconds(Long.parseLong(options.get("--seconds"))),
				Integer.parseInt(options.get("--port")), options.get("--path"),
				Duration.ofMillis(Long.parseLong(options.get("--deadline-millis"))),
				Duration.ofMillis(Long.parseLong(options.get("--pause-millis"))));
	}

	String request() {
		return "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n%s\r\n".formatted(this.path, this.port,
				(this.keepAlive) ? "" : "Connection: close\r\n");
	}

}
