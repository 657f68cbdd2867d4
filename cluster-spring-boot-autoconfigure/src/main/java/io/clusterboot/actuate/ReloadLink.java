package io.clusterboot.actuate;

import io.clusterboot.actuate.access.CallerCheck;
import io.clusterboot.actuate.access.ServletCaller;
import org.jspecify.annotations.Nullable;

/**
 * Leads the caller of the current request to a reload.
 */
final class ReloadLink {

	private ReloadLink() {
	}

	/**
	 * Tell the caller where a reload is: as a header of the answer, where that can be
	 * reached, and by what is returned.
	 * @param id the id of the reload
	 * @param operation the rest of the current request's path, behind the path of the
	 * endpoint
	 * @return the path of the reload as the caller reaches it, or {@code null} if the
	 * path of the current request is not known
	 */
	static @Nullable String announce(int id, String operation) {
		return (CallerCheck.isServletApiPresent()) ? ServletCaller.announce("/reloads/" + id, operation) : null;
	}

}
