package io.clusterboot.code;

import java.nio.file.Path;
import java.util.function.UnaryOperator;

import io.clusterboot.command.JvmCommand;

/**
 * The code of one generation: what its workers run, however often they are started and
 * whatever happens to the files that it was made from.
 *
 * @param command the command line to start workers with
 * @param workingDirectory the directory to start them in
 */
public record CodeCopy(JvmCommand command, Path workingDirectory) {

	// Something in the command line that is a path, or part of a class path
	CodeCopy replace(String path, String other) {
		UnaryOperator<String> replace = (text) -> text.replace(path, other);
		return new CodeCopy(
				new JvmCommand(this.command.executable(), this.command.options().stream().map(replace).toList(),
						this.command.main().stream().map(replace).toList(), this.command.arguments()),
				this.workingDirectory);
	}

}
