package io.clusterboot;

/**
 * What the code of {@code docs/api.md} takes for granted in the application.
 */
public abstract class ApiPageSurroundings {

	protected Cluster cluster;

	protected Helper cache;

	protected Helper invoices;

	protected Helper orders;

	protected Helper owners;

	protected Helper pager;

	protected Helper reports;

	protected Helper work;

	protected int users;

	/**
	 * What applications have to do.
	 */
	public interface Helper {

		void begin();

		void call(String text);

		String next();

		void read();

		void send();

		void send(long token);

		int size();

	}

	/**
	 * A question.
	 */
	public record CacheSizeQuestion() {

	}

}
