package io.clusterboot.settings;

import io.clusterboot.ClusterException;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.origin.Origin;
import org.springframework.boot.origin.OriginProvider;

/**
 * Thrown when a {@code cluster.*} property has a value that is not allowed.
 */
public final class InvalidClusterPropertyException extends ClusterException implements OriginProvider {

	private final String name;

	private final String value;

	private final String allowed;

	private final transient @Nullable Origin origin;

	public InvalidClusterPropertyException(String name, String value, String allowed, @Nullable Origin origin) {
		super("Property '%s' has the value '%s' but must be %s".formatted(name, value, allowed), null);
		this.name = name;
		this.value = value;
		this.allowed = allowed;
		this.origin = origin;
	}

	InvalidClusterPropertyException withOrigin(@Nullable Origin origin) {
		return new InvalidClusterPropertyException(this.name, this.value, this.allowed, origin);
	}

	/**
	 * Return the name of the property.
	 * @return the name
	 */
	public String getName() {
		return this.name;
	}

	/**
	 * Return the value that was refused.
	 * @return the value
	 */
	public String getValue() {
		return this.value;
	}

	/**
	 * Return what would have been allowed.
	 * @return a phrase that continues "must be"
	 */
	public String getAllowed() {
		return this.allowed;
	}

	@Override
	public @Nullable Origin getOrigin() {
		return this.origin;
	}

}
