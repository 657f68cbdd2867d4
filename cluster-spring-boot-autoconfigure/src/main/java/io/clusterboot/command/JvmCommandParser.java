package io.clusterboot.command;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * Splits the arguments of {@code java} into options, main and arguments of the
 * application. The rules are those of {@code checkArg} in the JDK's
 * {@code libjli/args.c}.
 */
final class JvmCommandParser {

	// IsWhiteSpaceOption in libjli/java.c, less -m and --module, whose value is the main
	private static final Set<String> OPTIONS_WITH_VALUE = Set.of("-cp", "-classpath", "--class-path", "-p",
			"--module-path", "--upgrade-module-path", "--add-modules", "--limit-modules", "--add-exports",
			"--add-opens", "--add-reads", "--patch-module", "--enable-native-access", "--describe-module", "-d",
			"--source");

	private static final Set<String> MAIN_OPTIONS = Set.of("-jar", "-m", "--module");

	private final ArgumentFiles files;

	private final List<String> options = new ArrayList<>();

	private final List<String> main = new ArrayList<>();

	private final List<String> arguments = new ArrayList<>();

	private @Nullable String mainOption;

	private boolean expectingValue;

	JvmCommandParser(ArgumentFiles files) {
		this.files = files;
		if (files.isDisabled()) {
			this.options.add(ArgumentFiles.DISABLE);
		}
	}

	JvmCommand parse(String executable, List<String> commandLine) {
		for (String argument : commandLine) {
			if (this.main.isEmpty()) {
				this.files.expand(argument).forEach(this::accept);
			}
			else {
				this.arguments.add(argument);
			}
		}
		return new JvmCommand(executable, this.options, this.main, this.arguments);
	}

	private void accept(String argument) {
		if (!this.main.isEmpty()) {
			this.arguments.add(argument);
		}
		else if (argument.startsWith("--module=")) {
			this.main.add(argument);
		}
		else if (MAIN_OPTIONS.contains(argument)) {
			// Further options may stand between -jar and the jar
			this.mainOption = argument;
			this.expectingValue = false;
		}
		else if (argument.startsWith("-")) {
			this.options.add(argument);
			this.expectingValue = OPTIONS_WITH_VALUE.contains(argument);
		}
		else if (this.expectingValue) {
			this.options.add(argument);
			this.expectingValue = false;
		}
		else {
			if (this.mainOption != null) {
				this.main.add(this.mainOption);
			}
			this.main.add(argument);
		}
	}

}
