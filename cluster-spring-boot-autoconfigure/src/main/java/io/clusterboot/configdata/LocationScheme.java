package io.clusterboot.configdata;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.springframework.boot.context.config.ConfigDataLocation;

/**
 * What the location of config data begins with.
 *
 * @param name the scheme with its colon, or nothing for a path
 */
record LocationScheme(String name) {

	static final String TREE = "configtree:";

	private static final Set<String> STANDARD = Set.of("", "file:", "classpath:", "resource:");

	private static final String ENVIRONMENT = "env:";

	private static final Pattern PATTERN = Pattern.compile("[a-zA-Z][a-zA-Z0-9+.-]*:");

	static LocationScheme of(ConfigDataLocation location) {
		Matcher matcher = PATTERN.matcher(location.getValue());
		return new LocationScheme((matcher.lookingAt()) ? matcher.group().toLowerCase(Locale.ROOT) : "");
	}

	/**
	 * Return whether these are files and resources to Spring Boot.
	 * @return whether they are
	 */
	boolean isStandard() {
		return STANDARD.contains(this.name);
	}

	/**
	 * Return whether all workers of a generation find the same here: the environment of a
	 * cluster does not change.
	 * @return whether it is so
	 */
	boolean isConstant() {
		return isStandard() || this.name.equals(TREE) || this.name.equals(ENVIRONMENT);
	}

}
