package io.clusterboot.command;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Says what it was started with and waits for the end of its standard input.
 */
public final class EchoApplication {

	private EchoApplication() {
	}

	public static void main(String[] args) throws IOException {
		JvmCommand command = JvmCommand.ofCurrentProcess();
		print("executable", List.of(command.executable()));
		print("option", command.options());
		print("main", command.main());
		print("argument", command.arguments());
		print("faithful", List.of(String.valueOf(command.canRoundTrip())));
		print("received", List.of(args));
		print("input", ManagementFactory.getRuntimeMXBean().getInputArguments());
		print("property", List.of(System.getProperty("test.property", "")));
		System.out.println("end");
		System.in.read();
	}

	private static void print(String key, List<String> values) {
		for (String value : values) {
			System.out.println("echo " + key + " " + URLEncoder.encode(value, StandardCharsets.UTF_8));
		}
	}

}
