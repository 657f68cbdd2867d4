package io.clusterboot.command;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

import io.clusterboot.contract.WorkerIdentity;
import io.clusterboot.machine.MachineMemory;
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

	// For the files of a training start, in the place of a worker's name
	private static final String TRAINING = "training";

	private final JvmCommand command;

	private final Map<String, OptionsVariable> variables = new TreeMap<>();

	private final List<String> jvmArguments;

	private final List<String> prefix;

	// All options of the user, wherever they come from
	private final List<String> given = new ArrayList<>();

	private final AddedOptions addedOptions;

	private final PortOffsets portOffsets;

	private final WorkerNames names = new WorkerNames();

	/**
	 * Create the commands of a cluster.
	 * @param command the command of the launcher
	 * @param variables the values of those of {@link #VARIABLES} that are set
	 * @param jvmArguments further options for the workers, in which <code>{slot}</code>
	 * and <code>{id}</code> are replaced
	 * @param prefix what comes before each command line, with the same placeholders
	 * @param processors how many processors each worker is told to use, or 0 for all
	 * @param storeSize how many bytes the primary may keep for the workers
	 */
	public WorkerCommand(JvmCommand command, Map<String, String> variables, List<String> jvmArguments,
			List<String> prefix, int processors, long storeSize) {
		this(command, variables, jvmArguments, prefix, () -> processors(processors, prefix), new MachineMemory()::size,
				storeSize);
	}

	WorkerCommand(JvmCommand command, Map<String, String> variables, List<String> jvmArguments, List<String> prefix,
			IntSupplier processors, LongSupplier memory, long storeSize) {
		this.command = command;
		ArgumentFiles files = new ArgumentFiles(Path.of(""));
		variables.forEach((name, value) -> this.variables.put(name, OptionsVariable.parse(name, value, files)));
		this.jvmArguments = List.copyOf(jvmArguments);
		this.prefix = List.copyOf(prefix);
		this.given.addAll(command.options());
		this.variables.values().forEach((variable) -> this.given.addAll(variable.options()));
		this.given.addAll(jvmArguments);
		this.addedOptions = new AddedOptions(this.given, processors, memory, storeSize);
		this.portOffsets = new PortOffsets(ports(this.given));
	}

	// A worker that is confined to some of them while it starts counts all the same what
	// it will have, unless the prefix gives it others
	private static int processors(int given, List<String> prefix) {
		return (given > 0 || !prefix.isEmpty()) ? given : Runtime.getRuntime().availableProcessors();
	}

	/**
	 * Say what a new worker is started with when it runs what the launcher was given. Its
	 * ports and files are its own until {@link #exited(int)}.
	 * @param place the place of the new worker
	 * @return its command line and environment
	 */
	public WorkerLaunch launch(WorkerPlace place) {
		return launch(place, this.command);
	}

	/**
	 * Say what a new worker is started with. Its ports and files are its own until
	 * {@link #exited(int)}.
	 * @param place the place of the new worker
	 * @param command the command of its generation, which differs from the launcher's in
	 * where the code is
	 * @return its command line and environment
	 */
	public WorkerLaunch launch(WorkerPlace place, JvmCommand command) {
		String name = this.names.take(place);
		String slot = (place.isSpare()) ? name : String.valueOf(place.slot());
		UnaryOperator<String> placed = (argument) -> argument.replace(SLOT, slot)
			.replace(ID, String.valueOf(place.id()));
		int offset = this.portOffsets.take(place);
		OptionRewriter rewriter = new OptionRewriter(name, offset);
		List<String> options = new ArrayList<>();
		command.options().stream().map(rewriter::rewrite).filter(Objects::nonNull).forEach(options::add);
		options.addAll(this.addedOptions.choose(place.workers()));
		options.add("-D%s=%d".formatted(WorkerIdentity.MARK, place.id()));
		// Last, because of two contradicting options the JVM obeys the last. Whoever uses
		// a placeholder has taken care that workers differ
		this.jvmArguments.stream()
			.map((argument) -> isPlaced(argument) ? placed.apply(argument) : rewriter.rewrite(argument))
			.filter(Objects::nonNull)
			.forEach(options::add);
		Map<String, String> environment = new HashMap<>();
		this.variables.forEach((key, variable) -> environment.put(key, variable.rewrite(rewriter::rewrite)));
		environment.put(WorkerIdentity.NAME, name);
		// The launcher keeps the ports that the options name, but none of the
		// application's
		environment.put(WorkerIdentity.OFFSET, String.valueOf(offset - 1));
		return launch(placed, command.withOptions(options), environment);
	}

	/**
	 * Say what a training start is started with: what decides whether an archive fits a
	 * worker, without what would be in a worker's way.
	 * @param command the command of the generation
	 * @param options further options, which nothing contradicts
	 * @param workers how many workers share the machine
	 * @return the command line and environment
	 */
	public WorkerLaunch training(JvmCommand command, List<String> options, int workers) {
		List<String> all = new ArrayList<>(command.options());
		all.addAll(this.addedOptions.choose(workers));
		this.jvmArguments.stream().map(WorkerCommand::placeNowhere).forEach(all::add);
		List<String> translated = new ArrayList<>();
		all.stream().map(WorkerCommand::translate).filter(Objects::nonNull).forEach(translated::add);
		translated.addAll(options);
		Map<String, String> rewritten = new HashMap<>();
		this.variables.forEach((name, variable) -> rewritten.put(name, variable.rewrite(WorkerCommand::translate)));
		rewritten.put(WorkerIdentity.NAME, TRAINING);
		return launch(WorkerCommand::placeNowhere, command.withOptions(translated), rewritten);
	}

	/**
	 * Say how a command that belongs to no worker is started as workers are.
	 * @param command the command
	 * @return its command line
	 */
	public WorkerLaunch prefixed(List<String> command) {
		return new WorkerLaunch(prefixed(WorkerCommand::placeNowhere, command), command.size(), Map.of());
	}

	/**
	 * Return whether something comes before the command lines, which can make workers
	 * another user.
	 * @return whether there is a prefix
	 */
	public boolean hasPrefix() {
		return !this.prefix.isEmpty();
	}

	/**
	 * Return the options that the user has given to workers, wherever they come from.
	 * @return the options
	 */
	public List<String> options() {
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
		this.names.release(id);
	}

	private WorkerLaunch launch(UnaryOperator<String> placed, JvmCommand command, Map<String, String> environment) {
		// The executable comes before the options
		return new WorkerLaunch(prefixed(placed, command.command()), this.prefix.size() + 1 + command.options().size(),
				environment);
	}

	private List<String> prefixed(UnaryOperator<String> placed, List<String> command) {
		return Stream.concat(this.prefix.stream().map(placed), command.stream()).toList();
	}

	private static String placeNowhere(String argument) {
		return argument.replace(SLOT, "0").replace(ID, "0");
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
