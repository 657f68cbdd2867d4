package io.clusterboot.command;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * An option that makes the JVM listen on a port: the debugger's or one of JMX.
 *
 * @param before the text before the port
 * @param port the port
 * @param after the text after the port
 */
public record PortOption(String before, int port, String after) {

	private static final Pattern JDWP = Pattern.compile("(?:-agentlib:jdwp=|-Xrunjdwp:|-agentpath:[^=]*jdwp[^=]*=).*");

	private static final Pattern JDWP_SERVER = Pattern.compile("[=:,]server=y(?:,|$)");

	// host:port, *:port, [v6]:port or the port alone: jdk.jdwp.agent, socketTransport.c
	private static final Pattern JDWP_PORT = Pattern.compile("(?<=[=:,])address=(?:[^,]*:)?(?<port>\\d+)(?=,|$)");

	// jdk.internal.agent.Agent and sun.management.jmxremote.ConnectorBootstrap
	private static final Pattern JMX_PORT = Pattern
		.compile("-Dcom\\.sun\\.management\\.jmxremote\\.(?:rmi\\.|local\\.)?port=(?<port>\\d+)");

	/**
	 * Parse an option.
	 * @param option the option
	 * @return what it says, or {@code null} if it has nothing to do with a port
	 */
	public static @Nullable PortOption parse(String option) {
		Matcher matcher = JMX_PORT.matcher(option);
		if (matcher.matches()) {
			return of(option, matcher);
		}
		if (JDWP.matcher(option).matches() && JDWP_SERVER.matcher(option).find()) {
			matcher = JDWP_PORT.matcher(option);
			return matcher.find() ? of(option, matcher) : null;
		}
		return null;
	}

	String movedBy(int offset) {
		return this.before + (this.port + offset) + this.after;
	}

	private static @Nullable PortOption of(String option, Matcher matcher) {
		String digits = matcher.group("port");
		int port = (digits.length() <= 5) ? Integer.parseInt(digits) : 0;
		// Port 0 is a free one for each JVM already
		return (port == 0) ? null : new PortOption(option.substring(0, matcher.start("port")), port,
				option.substring(matcher.end("port")));
	}

}
