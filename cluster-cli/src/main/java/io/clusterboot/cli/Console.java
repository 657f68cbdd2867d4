package io.clusterboot.cli;

import java.io.PrintWriter;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Where the command prints, and in which form.
 */
final class Console {

	private static final Pattern COLORS = Pattern.compile("\u001b\\[[0-9;]*m");

	// What a program prints may move the cursor or rename the terminal, if it is let
	private static final Pattern CONTROLS = Pattern.compile("[\\p{Cntrl}&&[^\t\u001b]]|\u001b(?!\\[[0-9;]*m)");

	private static final int FIRST_COLOR = 31;

	private static final int COLORS_OF_SLOTS = 6;

	@Option(names = "--json", description = "Print JSON.")
	private boolean json;

	@Option(names = "--no-color", description = "Print no colours. So does NO_COLOR, or what is no terminal.")
	private boolean noColor;

	@Spec(Spec.Target.MIXEE)
	private CommandSpec spec;

	PrintWriter out() {
		return this.spec.commandLine().getOut();
	}

	PrintWriter err() {
		return this.spec.commandLine().getErr();
	}

	boolean isJson() {
		return this.json;
	}

	/**
	 * Return whether somebody watches, who can be shown how far something is.
	 * @return whether this is a terminal that can do more than print lines
	 */
	boolean isInteractive() {
		return System.console() != null && Terminal.isTerminal() && !"dumb".equals(System.getenv("TERM"));
	}

	private boolean isColored() {
		String variable = System.getenv("NO_COLOR");
		return !this.noColor && !this.json && (variable == null || variable.isEmpty()) && isInteractive();
	}

	String good(String text) {
		return color(32, text);
	}

	String bad(String text) {
		return color(31, text);
	}

	String pending(String text) {
		return color(33, text);
	}

	String faint(String text) {
		return color(2, text);
	}

	String bold(String text) {
		return color(1, text);
	}

	String ofSlot(int slot, String text) {
		return color((slot >= 0) ? FIRST_COLOR + slot % COLORS_OF_SLOTS : 2, text);
	}

	private String color(int code, String text) {
		return (isColored()) ? "\u001b[%dm%s\u001b[0m".formatted(code, text) : text;
	}

	/**
	 * Return what somebody else has written, so that a terminal only shows it.
	 * @param text the text
	 * @return the text, with colours where there may be some
	 */
	String foreign(@Nullable String text) {
		String shown = CONTROLS.matcher((text != null) ? text : "").replaceAll("?");
		return (isColored()) ? shown : COLORS.matcher(shown).replaceAll("");
	}

	/**
	 * Return a text without anything that is not shown.
	 * @param text the text
	 * @return the text without colours
	 */
	static String plain(String text) {
		return COLORS.matcher(CONTROLS.matcher(text).replaceAll("?")).replaceAll("");
	}

	void print(Object value) {
		out().println(Json.of(value));
		out().flush();
	}

}
