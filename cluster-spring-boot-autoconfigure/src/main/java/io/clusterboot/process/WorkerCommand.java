package io.clusterboot.process;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

import org.jspecify.annotations.Nullable;

/**
 * Makes the command lines of the workers from the one that the user has written for a
 * single JVM. May be used by several threads.
 */
public final class WorkerCommand {

	/**
	 * The environment variables in which a JVM finds options.
	 */
	public static final Set<String> VARIABLES = Set.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS");

	private static final String SLOT = "{slot}";

	private static final String ID = "{id}";

	private final JvmCommand command;

	private final Map<String, OptionsVariable> variables = new TreeMap<>();

	private final List<String> jvmArguments;

	// All options of the user, wherever they come from
	private final List<String> given = new ArrayList<>();

	private final PortOffsets portOffsets;

	/**
	 * Create the commands of a cluster.
	 * @param command the command of the launcher
	 * @param variables the values of those of {@link #VARIABLES} that are set
	 * @param jvmArguments further options for the workers, in which <code>{slot}</code>
	 * and <code>{id}</code> are replaced
	 */
	public WorkerCommand(JvmCommand command, Map<String, String> variables, List<String> jvmArguments) {
		this.command = command;
		ArgumentFiles files = new ArgumentFiles(Path.of(""));
		variables.forEach((name, value) -> this.variables.put(name, OptionsVariable.parse(name, value, files)));
		this.jvmArguments = List.copyOf(jvmArguments);
		this.given.addAll(command.options());
		this.variables.values().forEach((variable) -> this.given.addAll(variable.options()));
		this.given.addAll(jvmArguments);
		this.portOffsets = new PortOffsets(ports(this.given));
	}

	/**
	 * Say what a new worker is started with when it runs what the launcher was given. Its
	 * ports are its own until {@link #exited(int)}.
	 * @param place the place of the new worker
	 * @return its command line and environment
	 */
	public WorkerLaunch launch(WorkerPlace place) {
		return launch(place, this.command);
	}

	/**
	 * Say what a new worker is started with. Its ports are its own until
	 * {@link #exited(int)}.
	 * @param place the place of the new worker
	 * @param command the command of its generation, which differs from the launcher's in
	 * where the code is
	 * @return its command line and environment
	 */
	public WorkerLaunch launch(WorkerPlace place, JvmCommand command) {
		OptionRewriter rewriter = new OptionRewriter(place, this.portOffsets.take(place));
		List<String> options = new ArrayList<>();
		command.options().stream().map(rewriter::rewrite).filter(Objects::nonNull).forEach(options::add);
		options.addAll(AddedOptions.choose(this.given, place.workers()));
		// Last, because of two contradicting options the JVM obeys the last
		this.jvmArguments.stream()
			.map((argument) -> rewrite(argument, place, rewriter))
			.filter(Objects::nonNull)
			.forEach(options::add);
		Map<String, String> rewritten = new HashMap<>();
		this.variables.forEach((name, variable) -> rewritten.put(name, variable.rewrite(rewriter::rewrite)));
		return new WorkerLaunch(command.withOptions(options).command(), rewritten);
	}

	/**
	 * Say what a training start is started with: what decides whether an archive fits a
	 * worker, without what would be in a worker's way.
	 * @param command the command of the generation
	 * @param options further options, which nothing contradicts
	 * @param workers how many workers share the machine
	 * @return the command line and environment
	 */
	WorkerLaunch training(JvmCommand command, List<String> options, int workers) {
		List<String> all = new ArrayList<>(command.options());
		all.addAll(AddedOptions.choose(this.given, workers));
		this.jvmArguments.forEach((argument) -> all.add(argument.replace(SLOT, "0").replace(ID, "0")));
		List<String> translated = new ArrayList<>();
		all.stream().map(WorkerCommand::translate).filter(Objects::nonNull).forEach(translated::add);
		translated.addAll(options);
		Map<String, String> rewritten = new HashMap<>();
		this.variables.forEach((name, variable) -> rewritten.put(name, variable.rewrite(WorkerCommand::translate)));
		return new WorkerLaunch(command.withOptions(translated).command(), rewritten);
	}

	/**
	 * Return the options that the user has given to workers, wherever they come from.
	 * @return the options
	 */
	List<String> options() {
		return List.copyOf(this.given);
	}

	private static @Nullable String translate(String option) {
		return OptionRewriter.isRecording(option) ? null : TrainingOptions.translate(option);
	}

	/**
	 * Say that a worker is gone, or that it could not be started.
	 * @param id the worker's id
	 */
	public void exited(int id) {
		this.portOffsets.release(id);
	}

	private static @Nullable String rewrite(String argument, WorkerPlace place, OptionRewriter rewriter) {
		// Whoever uses a placeholder has taken care that workers differ
		return isPlaced(argument)
				? argument.replace(SLOT, String.valueOf(place.slot())).replace(ID, String.valueOf(place.id()))
				: rewriter.rewrite(argument);
	}

	private static boolean isPlaced(String argument) {
		return argument.contains(SLOT) || argument.contains(ID);
	}

	private static List<Integer> ports(List<String> options) {
		return options.stream()
			.filter((option) -> !isPlaced(option))
			.map(PortOption::parse)
			.filter(Objects::nonNull)
			.map(PortOption::port)
			.toList();
	}

}
