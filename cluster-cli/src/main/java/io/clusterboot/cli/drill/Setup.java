package io.clusterboot.cli.drill;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import io.clusterboot.channel.Requester;

/**
 * What is to be drilled, and how.
 *
 * @param jar the application
 * @param java the command that starts it
 * @param arguments its arguments
 * @param paths what to ask it for
 * @param rate how many requests in a second
 * @param output the file for what it prints
 * @param requester who drills
 * @param patience how long the primary has for each answer
 */
public record Setup(Path jar, Path java, List<String> arguments, List<String> paths, int rate, Path output,
		Requester requester, Duration patience) {

	public Setup {
		arguments = List.copyOf(arguments);
		paths = List.copyOf(paths);
	}

}
