package io.clusterboot.cli.drill;

import java.io.IOException;

import org.jspecify.annotations.Nullable;

/**
 * Whoever has the drill done.
 */
public interface Audience {

	/**
	 * Hear that the application has been started.
	 * @param port the port of the cluster
	 */
	void started(int port);

	/**
	 * Hear that a part begins.
	 * @param step its name
	 */
	void begins(String step);

	/**
	 * Hear how it ended.
	 * @param step all about it
	 */
	void ended(Step step);

	/**
	 * Look again and again, for as long as there is time.
	 * @param <T> what is looked for
	 * @param look returns it, or {@code null} if it is not there yet
	 * @param what what that is, for whoever waits in vain
	 * @return what was looked for
	 * @throws IOException if looking failed
	 */
	<T> T await(Look<T> look, String what) throws IOException;

	/**
	 * Looks for something.
	 *
	 * @param <T> what
	 */
	@FunctionalInterface
	interface Look<T> {

		@Nullable T look() throws IOException;

	}

}
