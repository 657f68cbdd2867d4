package io.clusterboot.command;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

/**
 * Splits the text of an argument file into arguments as the {@code java} launcher does,
 * its oddities included: they decide what the application was really started with.
 */
final class ArgumentFile {

	private enum State {

		FIND_NEXT, IN_COMMENT, IN_QUOTE, IN_ESCAPE, SKIP_LEADING_SPACE, IN_TOKEN

	}

	private final List<String> arguments = new ArrayList<>();

	private State state = State.FIND_NEXT;

	private char quote;

	// What a quote or an escape has finished of the argument, null when there was none.
	// The launcher keeps it when a comment cuts the argument off.
	private @Nullable StringBuilder parts;

	private final StringBuilder current = new StringBuilder();

	private ArgumentFile() {
	}

	/**
	 * Split a text. The states and their transitions are those of {@code nextToken} and
	 * {@code readArgFile} in the JDK's {@code libjli/args.c}.
	 * @param text the text of an argument file
	 * @return the arguments in it
	 */
	static List<String> split(CharSequence text) {
		ArgumentFile file = new ArgumentFile();
		text.chars().forEach((character) -> file.accept((char) character));
		return file.finish();
	}

	/**
	 * Write arguments such that {@link #split} finds them again.
	 * @param arguments the arguments
	 * @return the text of an argument file
	 */
	static String join(List<String> arguments) {
		return arguments.stream().map(ArgumentFile::quote).collect(Collectors.joining("\n", "", "\n"));
	}

	private static String quote(String argument) {
		return '"' + argument.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n").replace("\r", "\\r")
				+ '"';
	}

	private void accept(char character) {
		switch (this.state) {
			case FIND_NEXT, SKIP_LEADING_SPACE -> {
				if (!isSpace(character) && !isNewline(character)) {
					this.state = (this.state == State.FIND_NEXT) ? State.IN_TOKEN : State.IN_QUOTE;
					this.current.setLength(0);
					acceptInArgument(character);
				}
			}
			case IN_ESCAPE -> acceptEscaped(character);
			case IN_COMMENT -> {
				if (isNewline(character)) {
					this.state = State.FIND_NEXT;
				}
			}
			default -> acceptInArgument(character);
		}
	}

	private void acceptInArgument(char character) {
		boolean quoted = (this.state == State.IN_QUOTE);
		// A newline ends even a quoted argument
		if (isNewline(character) || (isSpace(character) && !quoted)) {
			endArgument();
		}
		else if (character == '#' && !quoted) {
			this.current.setLength(0);
			this.state = State.IN_COMMENT;
		}
		else if (character == '\\' && quoted) {
			endPart();
			this.state = State.IN_ESCAPE;
		}
		else if ((character == '"' || character == '\'') && (!quoted || character == this.quote)) {
			if (!this.current.isEmpty()) {
				endPart();
			}
			this.quote = character;
			this.state = (quoted ? State.IN_TOKEN : State.IN_QUOTE);
		}
		else {
			this.current.append(character);
		}
	}

	private void acceptEscaped(char character) {
		if (isNewline(character)) {
			this.state = State.SKIP_LEADING_SPACE;
			return;
		}
		this.current.append(unescape(character));
		endPart();
		this.state = State.IN_QUOTE;
	}

	private void endPart() {
		if (this.parts == null) {
			this.parts = new StringBuilder();
		}
		this.parts.append(this.current);
		this.current.setLength(0);
	}

	private void endArgument() {
		endPart();
		this.arguments.add(String.valueOf(this.parts));
		this.parts = null;
		this.state = State.FIND_NEXT;
	}

	private List<String> finish() {
		if (this.state == State.IN_TOKEN || this.state == State.IN_QUOTE) {
			if (!this.current.isEmpty()) {
				endPart();
			}
			// An empty argument at the very end is lost, as in the launcher
			if (this.parts != null) {
				this.arguments.add(this.parts.toString());
			}
		}
		return this.arguments;
	}

	private static char unescape(char character) {
		return switch (character) {
			case 'n' -> '\n';
			case 'r' -> '\r';
			case 't' -> '\t';
			case 'f' -> '\f';
			default -> character;
		};
	}

	private static boolean isSpace(char character) {
		return character == ' ' || character == '\t' || character == '\f';
	}

	private static boolean isNewline(char character) {
		return character == '\n' || character == '\r';
	}

}
