package io.clusterboot.session;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for sessions that get a new id or are deleted, of which other requests know
 * nothing.
 */
class MovingSessionsTests extends SessionsOfTwoWorkers {

	@Test
	void deletedSessionIsNotBroughtBackByWhoHasItStill() {
		String id = saved("name", "value");
		ClusterSession late = find(this.first, id);
		ClusterSession later = find(this.first, id);
		this.second.deleteById(id);
		late.setAttribute("name", "late");
		this.first.save(late);
		later.changeSessionId();
		this.first.save(later);
		assertThat(this.first.findById(id)).isNull();
		assertThat(this.first.findById(later.getId())).isNull();
		assertThat(this.store.size()).isZero();
	}

	@Test
	void sessionWithNewIdIsFoundUnderThatOnly() {
		String id = saved("name", "value");
		ClusterSession session = find(this.first, id);
		String newId = session.changeSessionId();
		session.setAttribute("other", "value");
		this.first.save(session);
		this.first.save(session);
		assertThat(this.second.findById(id)).isNull();
		assertThat(find(this.second, newId).getAttributeNames()).containsExactly("name", "other");
	}

	@Test
	void newSessionWithAnotherIdIsFoundUnderThat() {
		ClusterSession session = this.first.createSession();
		String id = session.getId();
		String newId = session.changeSessionId();
		this.first.save(session);
		assertThat(this.second.findById(id)).isNull();
		find(this.second, newId);
	}

	@Test
	void whatAnotherRequestWritesAfterTheChangeOfIdIsTakenAlong() {
		String id = saved("name", "value");
		ClusterSession slow = find(this.second, id);
		ClusterSession session = find(this.first, id);
		String newId = session.changeSessionId();
		this.first.save(session);
		slow.setAttribute("name", "value");
		this.second.save(slow);
		slow.setAttribute("name", "another");
		this.second.save(slow);
		assertThat(this.second.findById(id)).isNull();
		assertThat(find(this.first, newId).<String>getAttribute("name")).isEqualTo("another");
	}

	@Test
	void whatAnotherRequestWritesDuringTheChangeOfIdIsTakenAlong() {
		String id = saved("name", "value");
		ClusterSession session = find(this.first, id);
		String newId = session.changeSessionId();
		this.store.beforeNextWrite(() -> {
			ClusterSession fast = find(this.second, id);
			fast.setAttribute("name", "value");
			this.second.save(fast);
		});
		this.first.save(session);
		assertThat(find(this.first, newId).<String>getAttribute("name")).isEqualTo("value");
	}

	@Test
	void sessionThatIsDeletedUnderItsOldIdIsDeletedUnderItsNewOne() {
		String id = saved("name", "value");
		ClusterSession session = find(this.first, id);
		String newId = session.changeSessionId();
		this.store.beforeNextWrite(() -> this.second.deleteById(id));
		this.first.save(session);
		assertThat(this.first.findById(newId)).isNull();
		String again = saved("name", "value");
		ClusterSession other = find(this.first, again);
		String otherId = other.changeSessionId();
		this.first.save(other);
		this.second.deleteById(again);
		assertThat(this.first.findById(otherId)).isNull();
	}

	@Test
	void sessionThatGetsANewIdWhileItIsDeletedIsDeleted() {
		String id = saved("name", "value");
		ClusterSession session = find(this.first, id);
		String newId = session.changeSessionId();
		this.store.beforeNextWrite(() -> this.first.save(session));
		this.second.deleteById(id);
		assertThat(this.first.findById(newId)).isNull();
		assertThat(this.first.findById(id)).isNull();
	}

}
