package io.clusterboot.command;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

/**
 * The value of an environment variable with JVM options, of which single options can be
 * replaced while the rest of the text stays as it is.
 */
public final class OptionsVariable {

	/**
	 * The variable that the launcher reads and in which it expands argument files. The
	 * JVM itself reads the other two.
	 */
	static final String LAUNCHER = "JDK_JAVA_OPTIONS";

	private final String text;

	private final List<Token> tokens;

	private OptionsVariable(String text, List<Token> tokens) {
		this.text = text;
		this.tokens = tokens;
	}

	/**
	 * Parse a value by the rules that {@code expand} in the JDK's {@code libjli/args.c}
	 * and {@code parse_options_buffer} in HotSpot's {@code arguments.cpp} share: options
	 * are separated by white space, quotes may stand anywhere, nothing can be escaped.
	 * @param name the name of the variable
	 * @param text its value, {@code null} when it is not set
	 * @param files how argument files are expanded, if they are
	 * @return the parsed variable
	 */
	public static OptionsVariable parse(String name, @Nullable String text, ArgumentFiles files) {
		String value = Objects.requireNonNullElse(text, "");
		boolean launcher = name.equals(LAUNCHER);
		List<Token> tokens = new ArrayList<>();
		int position = skipSpace(value, 0);
		while (position < value.length()) {
			int start = position;
			StringBuilder option = new StringBuilder();
			while (position < value.length() && !isSpace(value.charAt(position))) {
				char character = value.charAt(position++);
				if (character == '"' || character == '\'') {
					int end = value.indexOf(character, position);
					end = (end < 0) ? value.length() : end;
					option.append(value, position, end);
					position = Math.min(end + 1, value.length());
				}
				else {
					option.append(character);
				}
			}
			List<String> options = (launcher ? files.expand(option.toString()) : List.of(option.toString()));
			tokens.add(new Token(start, position, options));
			position = skipSpace(value, position);
		}
		return new OptionsVariable(value, tokens);
	}

	public List<String> options() {
		return this.tokens.stream().flatMap((token) -> token.options().stream()).toList();
	}

	/**
	 * Replace options. An argument file is only given up for its contents when one of its
	 * options changes.
	 * @param rewriter returns the option to use, {@code null} for none
	 * @return the new value of the variable
	 */
	String rewrite(Function<String, @Nullable String> rewriter) {
		StringBuilder rewritten = new StringBuilder();
		int copied = 0;
		for (Token token : this.tokens) {
			List<String> options = token.options().stream().map(rewriter).filter(Objects::nonNull).toList();
			if (!options.equals(token.options())) {
				rewritten.append(this.text, copied, token.start());
				rewritten.append(String.join(" ", options.stream().map(OptionsVariable::quote).toList()));
				copied = token.end();
			}
		}
		return rewritten.append(this.text, copied, this.text.length()).toString();
	}

	private static String quote(String option) {
		// Contents of an argument file may begin with @ and are expanded in the variable
		String literal = (ArgumentFiles.isExpandable(option) ? "@" + option : option);
		if (!literal.isEmpty() && literal.chars().noneMatch((it) -> isSpace(it) || it == '"' || it == '\'')) {
			return literal;
		}
		return '"' + literal.replace("\"", "\"'\"'\"") + '"';
	}

	private static int skipSpace(String value, int start) {
		int position = start;
		while (position < value.length() && isSpace(value.charAt(position))) {
			position++;
		}
		return position;
	}

	// isspace(3) in the C locale
	private static boolean isSpace(int character) {
		return character == ' ' || (character >= '\t' && character <= '\r');
	}

	private record Token(int start, int end, List<String> options) {

	}

}
