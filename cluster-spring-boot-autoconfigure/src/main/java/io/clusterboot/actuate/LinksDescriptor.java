package io.clusterboot.actuate;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * Where the caller finds the rest of an answer.
 *
 * @param self where the resource itself is
 */
public record LinksDescriptor(@JsonProperty("self") Link self) {

	static @Nullable LinksDescriptor toSelf(@Nullable String href) {
		return (href != null) ? new LinksDescriptor(new Link(href)) : null;
	}

	/**
	 * One link.
	 *
	 * @param href the path, as the caller's own request had it
	 */
	public record Link(@JsonProperty("href") String href) {

	}

}
