package io.clusterboot.code;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.clusterboot.command.AddedOptions;
import io.clusterboot.command.ArgumentFiles;
import io.clusterboot.command.JvmCommand;
import io.clusterboot.command.OptionsVariable;
import io.clusterboot.command.WorkerCommand;
import org.jspecify.annotations.Nullable;

/**
 * An AOT cache that the user has made. The JVM takes it only with the module options that
 * it was recorded with.
 */
public final class UserArchive {

	private static final String CACHE = "-XX:AOTCache=";

	private static final String MODE = "-XX:AOTMode=";

	private final String option;

	private final boolean required;

	private UserArchive(String option, boolean required) {
		this.option = option;
		this.required = required;
	}

	/**
	 * Find a cache that this JVM can use and its workers cannot, or the other way round,
	 * because workers have options that this JVM does not have.
	 * @param command the command of this JVM
	 * @param variables the values of those of {@link WorkerCommand#VARIABLES} that are
	 * set
	 * @return the cache or {@code null} if there is none
	 */
	public static @Nullable UserArchive findUnfit(JvmCommand command, Map<String, String> variables) {
		List<String> options = new ArrayList<>(command.options());
		ArgumentFiles files = new ArgumentFiles(Path.of(""));
		variables.forEach((name, value) -> options.addAll(OptionsVariable.parse(name, value, files).options()));
		String cache = options.stream().filter((option) -> option.startsWith(CACHE)).findFirst().orElse(null);
		if (cache == null || options.containsAll(AddedOptions.ALWAYS)) {
			return null;
		}
		return new UserArchive(cache, options.contains(MODE + "on"));
	}

	/**
	 * Return whether workers cannot start without it.
	 * @return whether the user insists on it
	 */
	public boolean isRequired() {
		return this.required;
	}

	/**
	 * Say what is wrong and what to do.
	 * @return a sentence
	 */
	public String describe() {
		return ("Workers cannot use the archive of %s unless it was recorded with options that they have: "
				+ "add '%s' both to the run that records it and to this command line")
			.formatted(this.option, String.join(" ", AddedOptions.ALWAYS));
	}

}
