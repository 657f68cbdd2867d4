package io.clusterboot.autoconfigure;

import java.time.Duration;
import java.util.BitSet;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;

import javax.sql.DataSource;

import io.clusterboot.session.ClusterSession;
import io.clusterboot.session.ClusterSessionRepository;
import io.clusterboot.session.TestStore;
import io.clusterboot.store.ClusterStore;
import io.clusterboot.worker.RemoteStore;
import jakarta.servlet.DispatcherType;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.convert.DurationStyle;
import org.springframework.boot.session.autoconfigure.SessionAutoConfiguration;
import org.springframework.boot.session.jdbc.autoconfigure.JdbcSessionAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.web.servlet.AbstractFilterRegistrationBean;
import org.springframework.boot.web.servlet.DelegatingFilterProxyRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.session.FindByIndexNameSessionRepository;
import org.springframework.session.MapSession;
import org.springframework.session.MapSessionRepository;
import org.springframework.session.SessionIdGenerator;
import org.springframework.session.SessionRepository;
import org.springframework.session.config.SessionRepositoryCustomizer;
import org.springframework.session.config.annotation.web.http.EnableSpringHttpSession;
import org.springframework.session.jdbc.JdbcIndexedSessionRepository;
import org.springframework.session.web.http.SessionRepositoryFilter;
import org.springframework.transaction.PlatformTransactionManager;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ClusterSessionAutoConfiguration}.
 */
class ClusterSessionAutoConfigurationTests {

	private static final AutoConfigurations AUTO_CONFIGURATIONS = AutoConfigurations
		.of(ClusterSessionAutoConfiguration.class, SessionAutoConfiguration.class, JdbcSessionAutoConfiguration.class);

	private final WebApplicationContextRunner web = new WebApplicationContextRunner()
		.withConfiguration(AUTO_CONFIGURATIONS)
		.withBean(ClusterStore.class, TestStore::new);

	@Test
	void sessionsAreInTheStoreWhereNothingElseIsConfigured() {
		this.web.run((context) -> {
			assertThat(context).hasSingleBean(SessionRepository.class).hasSingleBean(SessionRepositoryFilter.class);
			ClusterSessionRepository repository = context.getBean(ClusterSessionRepository.class);
			ClusterSession session = repository.createSession();
			assertThat(session.getMaxInactiveInterval()).hasMinutes(30);
			repository.save(session);
			assertThat(repository.findById(session.getId())).isNotNull();
			assertThat(context).hasBean("cookieSerializer");
			assertDispatches(context.getBean(DelegatingFilterProxyRegistrationBean.class));
		});
	}

	@ParameterizedTest
	@CsvSource({ "spring.session.timeout=10m,10m", "spring.session.timeout=30,30s",
			"server.servlet.session.timeout=20m,20m", "server.servlet.session.timeout=30,30s",
			"spring.session.timeout=-1,-1s", "spring.session.timeout=,30m" })
	void timeoutIsThatOfSpringBoot(String property, String timeout) {
		this.web.withPropertyValues(property)
			.run((context) -> assertThat(
					context.getBean(ClusterSessionRepository.class).createSession().getMaxInactiveInterval())
				.isEqualTo(DurationStyle.detectAndParse(timeout)));
		this.web.withPropertyValues("spring.session.timeout=1m", "server.servlet.session.timeout=2m")
			.run((context) -> assertThat(
					context.getBean(ClusterSessionRepository.class).createSession().getMaxInactiveInterval())
				.hasMinutes(1));
	}

	@Test
	void springSessionAloneIsEnough() {
		new WebApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(ClusterSessionAutoConfiguration.class))
			.withBean(ClusterStore.class, TestStore::new)
			.withClassLoader(new FilteredClassLoader("org.springframework.boot.session"))
			.withPropertyValues("server.servlet.session.timeout=20m")
			.run((context) -> {
				assertThat(context).hasNotFailed().hasSingleBean(ClusterSessionRepository.class);
				assertThat(context.getBean(ClusterSessionRepository.class).createSession().getMaxInactiveInterval())
					.hasMinutes(20);
				assertDispatches(context.getBean(DelegatingFilterProxyRegistrationBean.class));
			});
	}

	private static void assertDispatches(AbstractFilterRegistrationBean<?> registration) {
		assertThat(registration.determineDispatcherTypes())
			.isEqualTo(EnumSet.of(DispatcherType.ASYNC, DispatcherType.ERROR, DispatcherType.REQUEST));
		assertThat(registration.getOrder()).isEqualTo(SessionRepositoryFilter.DEFAULT_ORDER);
	}

	@Test
	void sessionsAreInTheMemoryOfAnApplicationWithoutACluster() {
		new WebApplicationContextRunner().withConfiguration(AUTO_CONFIGURATIONS)
			.withConfiguration(AutoConfigurations.of(ClusterAutoConfiguration.class))
			.run((context) -> {
				assertThat(context).hasSingleBean(LocalStore.class);
				ClusterSessionRepository repository = context.getBean(ClusterSessionRepository.class);
				ClusterSession session = repository.createSession();
				session.setAttribute(FindByIndexNameSessionRepository.PRINCIPAL_NAME_INDEX_NAME, "ann");
				repository.save(session);
				session.changeSessionId();
				repository.save(session);
				assertThat(repository.findByPrincipalName("ann").keySet()).containsExactly(session.getId());
				repository.deleteById(session.getId());
				assertThat(repository.findById(session.getId())).isNull();
				assertThat(repository.findByPrincipalName("ann")).isEmpty();
			});
	}

	@Test
	void sessionsOfAWorkerAreInThePrimary() {
		new WebApplicationContextRunner().withConfiguration(AUTO_CONFIGURATIONS)
			.withConfiguration(AutoConfigurations.of(ClusterAutoConfiguration.class))
			.withInitializer((context) -> Workers.joining().initialize(context))
			.run((context) -> assertThat(context).hasSingleBean(RemoteStore.class)
				.hasSingleBean(ClusterSessionRepository.class));
	}

	@Test
	void nothingHappensWithoutSpringSession() {
		this.web.withClassLoader(new FilteredClassLoader("org.springframework.session"))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(ClusterSessionRepository.class));
	}

	@ParameterizedTest
	@ValueSource(strings = { "cluster.sessions=none", "cluster.sessions=NONE", "cluster.store.max-size=0" })
	void nothingHappensWhereSessionsAreNotInTheStore(String property) {
		this.web.withPropertyValues(property)
			.run((context) -> assertThat(context).hasNotFailed()
				.doesNotHaveBean(SessionRepository.class)
				.doesNotHaveBean(SessionRepositoryFilter.class));
	}

	@Test
	void sizeOfThePrimarysStoreDoesNotMatterWhereRedisIsTheStore() {
		this.web.withPropertyValues("cluster.store.max-size=0", "cluster.bus=redis")
			.run((context) -> assertThat(context).hasSingleBean(ClusterSessionRepository.class));
	}

	@Test
	void nothingHappensWhereNoServletsAre() {
		new ApplicationContextRunner().withConfiguration(AUTO_CONFIGURATIONS)
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(SessionRepository.class));
		new ReactiveWebApplicationContextRunner().withConfiguration(AUTO_CONFIGURATIONS)
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(SessionRepository.class));
	}

	@Test
	void repositoryOfTheApplicationComesFirst() {
		this.web.withUserConfiguration(OwnRepository.class)
			.run((context) -> assertThat(context).hasNotFailed()
				.getBean(SessionRepository.class)
				.isInstanceOf(MapSessionRepository.class));
	}

	@Test
	void databaseComesFirst() {
		JdbcDataSource database = new JdbcDataSource();
		database.setURL("jdbc:h2:mem:sessions");
		this.web.withBean(DataSource.class, () -> database)
			.withBean(PlatformTransactionManager.class, () -> new JdbcTransactionManager(database))
			.run((context) -> assertThat(context).hasNotFailed()
				.getBean(SessionRepository.class)
				.isInstanceOf(JdbcIndexedSessionRepository.class));
	}

	@Test
	void whatOthersCustomizeIsCustomized() {
		this.web.withUserConfiguration(Customizing.class).run((context) -> {
			ClusterSession session = context.getBean(ClusterSessionRepository.class).createSession();
			assertThat(session.getId()).isEqualTo("id");
			assertThat(session.getMaxInactiveInterval()).isEqualTo(Duration.ofHours(1));
		});
	}

	@Test
	void formatMayBeJavas() {
		this.web.withPropertyValues("cluster.session-format=java").run((context) -> {
			ClusterSessionRepository repository = context.getBean(ClusterSessionRepository.class);
			ClusterSession session = repository.createSession();
			session.setAttribute("name", new BitSet());
			repository.save(session);
			assertThat(repository.findById(session.getId())).isNotNull()
				.extracting((found) -> found.getAttribute("name"))
				.isEqualTo(new BitSet());
		});
	}

	@Test
	void springSecurityNeedNotBeThere() {
		this.web
			.withClassLoader(new FilteredClassLoader("org.springframework.security", "org.springframework.web.servlet"))
			.run((context) -> {
				ClusterSessionRepository repository = context.getBean(ClusterSessionRepository.class);
				ClusterSession session = repository.createSession();
				session.setAttribute("name", List.of(1));
				repository.save(session);
				assertThat(repository.findById(session.getId())).isNotNull();
			});
	}

	@Test
	void missingJacksonIsNamed() {
		this.web.withClassLoader(new FilteredClassLoader("tools.jackson"))
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContainingAll("needs Jackson", "cluster.session-format=java", "cluster.sessions=none"));
		this.web.withClassLoader(new FilteredClassLoader("tools.jackson", "org.springframework.security"))
			.withPropertyValues("cluster.session-format=java")
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Configuration(proxyBeanMethods = false)
	@EnableSpringHttpSession
	static class OwnRepository {

		@Bean
		SessionRepository<MapSession> ownRepository() {
			return new MapSessionRepository(new HashMap<>());
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Customizing {

		@Bean
		SessionIdGenerator ids() {
			return () -> "id";
		}

		@Bean
		SessionRepositoryCustomizer<ClusterSessionRepository> customizer() {
			return (repository) -> repository.setDefaultMaxInactiveInterval(Duration.ofHours(1));
		}

	}

}
