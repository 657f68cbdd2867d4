package io.clusterboot.session;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;

import io.clusterboot.contract.PeerAttribute;
import jakarta.servlet.http.HttpServletRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.security.authentication.TestingAuthenticationToken;
import org.springframework.security.core.context.SecurityContextImpl;
import org.springframework.security.core.session.SessionInformation;
import org.springframework.session.FindByIndexNameSessionRepository;
import org.springframework.session.security.SpringSessionBackedSessionRegistry;
import org.springframework.session.web.http.SessionRepositoryFilter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link ClusterSessionRepository}: one for each worker, which share a store.
 */
@ExtendWith(OutputCaptureExtension.class)
class ClusterSessionRepositoryTests extends SessionsOfTwoWorkers {

	private static final String CONTEXT = "SPRING_SECURITY_CONTEXT";

	@Test
	void whatOneWorkerSavesAnotherFinds() {
		ClusterSession session = this.first.createSession();
		session.setAttribute("name", "value");
		this.first.save(session);
		ClusterSession found = find(this.second, session.getId());
		assertThat(found.<String>getAttribute("name")).isEqualTo("value");
		assertThat(found.getAttributeNames()).containsExactly("name");
		assertThat(found.getCreationTime()).isEqualTo(session.getCreationTime());
		assertThat(found.getMaxInactiveInterval()).hasMinutes(30);
		assertThat(found.isExpired()).isFalse();
	}

	@Test
	void sessionThatWasNotSavedIsNotThere() {
		assertThat(this.second.findById(this.first.createSession().getId())).isNull();
		assertThat(this.second.findById("no such session")).isNull();
		assertThat(this.second.findById("x".repeat(10_000))).isNull();
		this.second.deleteById("x".repeat(10_000));
	}

	@Test
	void requestThatOnlyReadsWritesNothing() {
		String id = saved("name", "value", "number", 1);
		int writes = this.store.writes();
		ClusterSession session = find(this.second, id);
		session.setLastAccessedTime(Instant.now());
		session.getAttribute("name");
		session.setAttribute("number", 1);
		session.removeAttribute("other");
		this.second.save(session);
		this.second.save(session);
		assertThat(this.store.writes()).isEqualTo(writes);
		assertThat(this.store.renewals()).isEqualTo(1);
		assertThat(this.store.reads()).isZero();
	}

	@Test
	void lastAccessIsKeptToTheMinute() {
		String id = saved();
		Instant later = Instant.now().plusSeconds(61);
		ClusterSession session = find(this.second, id);
		session.setLastAccessedTime(later);
		this.second.save(session);
		assertThat(find(this.first, id).getLastAccessedTime()).isCloseTo(later, within());
	}

	private static org.assertj.core.data.TemporalUnitOffset within() {
		return new org.assertj.core.data.TemporalUnitWithinOffset(1, java.time.temporal.ChronoUnit.MILLIS);
	}

	@Test
	void sessionLivesAsLongAsItIsAccessed() {
		String id = saved();
		for (int i = 0; i < 5; i++) {
			this.store.pass(Duration.ofMinutes(29));
			this.first.save(find(this.first, id));
		}
		this.store.pass(Duration.ofMinutes(30));
		assertThat(this.first.findById(id)).isNull();
	}

	@Test
	void maxInactiveIntervalOfOneSessionIsItsOwn() {
		String id = saved();
		ClusterSession session = find(this.first, id);
		session.setMaxInactiveInterval(Duration.ofMinutes(1));
		this.first.save(session);
		this.store.pass(Duration.ofSeconds(59));
		assertThat(find(this.second, id).getMaxInactiveInterval()).hasMinutes(1);
		this.store.pass(Duration.ofSeconds(59));
		find(this.second, id).setAttribute("name", "value");
		this.store.pass(Duration.ofSeconds(59));
		find(this.second, id);
		this.store.pass(Duration.ofSeconds(60));
		assertThat(this.second.findById(id)).isNull();
	}

	@Test
	void sessionWithNegativeIntervalLivesForEver() {
		this.first.setDefaultMaxInactiveInterval(Duration.ofSeconds(-1));
		String id = saved();
		this.store.pass(Duration.ofDays(365));
		ClusterSession session = find(this.first, id);
		assertThat(session.isExpired()).isFalse();
		session.setMaxInactiveInterval(Duration.ofSeconds(Long.MAX_VALUE));
		this.first.save(session);
		assertThat(find(this.first, id).isExpired()).isFalse();
	}

	@Test
	void sessionWithIntervalOfZeroIsNoMore() {
		String id = saved();
		ClusterSession session = find(this.first, id);
		session.setMaxInactiveInterval(Duration.ZERO);
		assertThat(session.isExpired()).isTrue();
		this.first.save(session);
		assertThat(this.first.findById(id)).isNull();
	}

	@Test
	void twoWorkersThatWriteDifferentAttributesBothWin() {
		String id = saved("old", "old");
		ClusterSession one = find(this.first, id);
		ClusterSession other = find(this.second, id);
		one.setAttribute("one", 1);
		one.removeAttribute("old");
		other.setAttribute("other", 2);
		other.setMaxInactiveInterval(Duration.ofHours(1));
		this.first.save(one);
		this.second.save(other);
		ClusterSession both = find(this.first, id);
		assertThat(both.getAttributeNames()).containsExactlyInAnyOrder("one", "other");
		assertThat(both.getMaxInactiveInterval()).hasHours(1);
	}

	@Test
	void ofTwoWorkersThatWriteTheSameAttributeTheLastWins() {
		String id = saved("name", 0);
		ClusterSession one = find(this.first, id);
		ClusterSession other = find(this.second, id);
		one.setAttribute("name", 1);
		other.setAttribute("name", 2);
		this.second.save(other);
		this.first.save(one);
		assertThat(find(this.first, id).<Integer>getAttribute("name")).isEqualTo(1);
	}

	@Test
	void savedSessionGoesOn() {
		ClusterSession session = this.first.createSession();
		session.setAttribute("one", 1);
		this.first.save(session);
		session.setAttribute("two", 2);
		this.first.save(session);
		session.removeAttribute("one");
		this.first.save(session);
		assertThat(session.getAttributeNames()).containsExactly("two");
		assertThat(session.<Integer>getAttribute("one")).isNull();
		assertThat(find(this.second, session.getId()).getAttributeNames()).containsExactly("two");
	}

	@Test
	void sessionsAreFoundByPrincipal() {
		String ann = saved(FindByIndexNameSessionRepository.PRINCIPAL_NAME_INDEX_NAME, "ann");
		String byContext = saved(CONTEXT, context("ann"));
		saved(CONTEXT, context("bob"));
		saved();
		assertThat(this.second.findByPrincipalName("ann").keySet()).containsExactly(byContext, ann);
		assertThat(this.second.findByIndexNameAndIndexValue("other", "ann")).isEmpty();
		ClusterSession session = find(this.second, ann);
		session.changeSessionId();
		session.setAttribute("name", "value");
		this.second.save(session);
		assertThat(this.first.findByPrincipalName("ann").keySet()).containsExactly(session.getId(), byContext);
		session.removeAttribute(FindByIndexNameSessionRepository.PRINCIPAL_NAME_INDEX_NAME);
		this.second.save(session);
		assertThat(this.first.findByPrincipalName("ann").keySet()).containsExactly(byContext);
	}

	@Test
	void principalMayHaveALongName() {
		String name = "\u00e4".repeat(400);
		String id = saved(FindByIndexNameSessionRepository.PRINCIPAL_NAME_INDEX_NAME, name);
		assertThat(this.second.findByPrincipalName(name).keySet()).containsExactly(id);
	}

	@Test
	void registryOfSpringSecurityWorks() {
		String id = saved(CONTEXT, context("ann"));
		SpringSessionBackedSessionRegistry<ClusterSession> registry = new SpringSessionBackedSessionRegistry<>(
				this.second);
		assertThat(registry.getAllSessions("ann", false)).extracting(SessionInformation::getSessionId)
			.containsExactly(id);
		registry.getAllSessions("ann", false).get(0).expireNow();
		SessionInformation information = registry.getSessionInformation(id);
		assertThat(information).isNotNull();
		assertThat(information.isExpired()).isTrue();
		assertThat(registry.getAllSessions("ann", false)).isEmpty();
	}

	private static SecurityContextImpl context(String name) {
		return new SecurityContextImpl(new TestingAuthenticationToken(name, "secret", "ROLE_USER"));
	}

	@Test
	void sessionThatIsTooLongIsRefusedAndNamed() {
		String id = saved(FindByIndexNameSessionRepository.PRINCIPAL_NAME_INDEX_NAME, "ann", "small", "x");
		ClusterSession session = find(this.first, id);
		session.setAttribute("large", "x".repeat(1 << 20));
		assertThatIllegalStateException().isThrownBy(() -> this.first.save(session))
			.withMessageContainingAll("session of 'ann'", "may not be longer than 1048576", "'large' (10485");
		assertThat(find(this.first, id).getAttributeNames()).doesNotContain("large");
	}

	@Test
	void attributeThatCannotBeWrittenIsNamed() {
		ClusterSession session = this.first.createSession();
		session.setAttribute("thread", new Thread());
		assertThatIllegalStateException().isThrownBy(() -> this.first.save(session))
			.withMessageContainingAll("attribute 'thread'", "java.lang.Thread", "cluster.session-format=java");
	}

	@Test
	void attributeThatCannotBeReadCostsItselfOnly(CapturedOutput output) {
		String id = saved("good", "value", "bad", "value");
		Map<String, byte[]> attributes = find(this.first, id).kept().session().attributes();
		byte[] bad = attributes.get("bad");
		bad[bad.length - 1] = '?';
		String broken = this.broken(id, bad);
		for (int i = 0; i < 2; i++) {
			ClusterSession session = find(this.second, broken);
			assertThat(session.getAttributeNames()).containsExactly("good", "bad");
			assertThat(session.<String>getAttribute("good")).isEqualTo("value");
			assertThat(session.<String>getAttribute("bad")).isNull();
			assertThat(session.getAttributeNames()).containsExactly("good");
			session.setAttribute("good", "value" + i);
			this.second.save(session);
			session.setAttribute("good", "value");
			this.second.save(session);
		}
		assertThat(output.getOut().split("Cannot read the attribute 'bad' of a session, a java.lang.String"))
			.hasSize(2);
		assertThat(find(this.first, broken).kept().session().attributes().get("bad")).isEqualTo(bad);
	}

	private String broken(String id, byte[] bad) {
		StoredSession session = find(this.first, id).kept().session();
		Map<String, byte[]> attributes = new java.util.LinkedHashMap<>(session.attributes());
		attributes.put("bad", bad);
		this.store.put("session:broken", new StoredSession(session.created(), session.accessed(), session.interval(),
				session.principal(), attributes)
			.toBytes(), Duration.ofHours(1), null);
		return "broken";
	}

	@Test
	void sessionsOfAWarmUpAreNotKept() throws Exception {
		SessionRepositoryFilter<ClusterSession> sessions = new SessionRepositoryFilter<>(this.first);
		WarmUpSessions warmUp = new WarmUpSessions(this.first);
		for (boolean bySideDoor : new boolean[] { true, false }) {
			MockHttpServletRequest request = new MockHttpServletRequest();
			request.addHeader("User-Agent", "cluster-warm-up");
			request.setAttribute(PeerAttribute.SIDE_DOOR, (bySideDoor) ? true : null);
			MockHttpServletResponse response = new MockHttpServletResponse();
			warmUp.doFilter(request, response, (to, back) -> sessions.doFilter(to, back,
					(wrapped, answer) -> ((HttpServletRequest) wrapped).getSession().setAttribute("name", "value")));
			assertThat(response.getCookie("SESSION")).isNotNull();
			assertThat(this.store.size()).isEqualTo((bySideDoor) ? 0 : 1);
		}
	}

	@Test
	void sessionOfAnotherVersionIsNotThere() {
		this.store.put("session:other", new byte[] { 77, 1, 2, 3 }, Duration.ofHours(1), null);
		assertThat(this.first.findById("other")).isNull();
		this.first.deleteById("other");
	}

}
