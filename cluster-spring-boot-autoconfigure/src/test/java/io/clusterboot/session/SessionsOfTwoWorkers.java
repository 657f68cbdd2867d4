package io.clusterboot.session;

import io.clusterboot.contract.SessionFormat;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The repositories of two workers, which share a store.
 */
abstract class SessionsOfTwoWorkers {

	final TestStore store = new TestStore();

	final ClusterSessionRepository first = repository();

	final ClusterSessionRepository second = repository();

	private ClusterSessionRepository repository() {
		return new ClusterSessionRepository(this.store, SessionFormat.JSON, getClass().getClassLoader());
	}

	/**
	 * Have the first worker save a new session.
	 * @param attributes names and values
	 * @return its id
	 */
	String saved(Object... attributes) {
		ClusterSession session = this.first.createSession();
		for (int i = 0; i < attributes.length; i += 2) {
			session.setAttribute((String) attributes[i], attributes[i + 1]);
		}
		this.first.save(session);
		return session.getId();
	}

	static ClusterSession find(ClusterSessionRepository repository, String id) {
		ClusterSession session = repository.findById(id);
		assertThat(session).isNotNull();
		return session;
	}

}
