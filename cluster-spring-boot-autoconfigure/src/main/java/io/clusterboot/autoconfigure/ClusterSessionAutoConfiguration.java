package io.clusterboot.autoconfigure;

import java.time.Duration;
import java.time.temporal.ChronoUnit;

import io.clusterboot.contract.SessionFormat;
import io.clusterboot.contract.SessionHome;
import io.clusterboot.session.ClusterSessionRepository;
import io.clusterboot.session.WarmUpSessions;
import io.clusterboot.store.ClusterStore;
import jakarta.servlet.DispatcherType;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication.Type;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.convert.DurationStyle;
import org.springframework.boot.web.servlet.DelegatingFilterProxyRegistrationBean;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotatedTypeMetadata;
import org.springframework.session.IndexResolver;
import org.springframework.session.Session;
import org.springframework.session.SessionIdGenerator;
import org.springframework.session.SessionRepository;
import org.springframework.session.config.SessionRepositoryCustomizer;
import org.springframework.session.config.annotation.web.http.SpringHttpSessionConfiguration;
import org.springframework.session.web.http.SessionRepositoryFilter;
import org.springframework.util.ClassUtils;
import org.springframework.util.unit.DataSize;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for sessions of Spring Session in
 * the {@link ClusterStore}, whatever that is in this process. It backs off where the
 * application has another {@link SessionRepository}.
 */
@AutoConfiguration(beforeName = "org.springframework.boot.session.autoconfigure.SessionAutoConfiguration",
		afterName = { "org.springframework.boot.session.jdbc.autoconfigure.JdbcSessionAutoConfiguration",
				"org.springframework.boot.session.data.redis.autoconfigure.SessionDataRedisAutoConfiguration" })
@ConditionalOnClass(SessionRepositoryFilter.class)
@ConditionalOnWebApplication(type = Type.SERVLET)
@Conditional(ClusterSessionAutoConfiguration.OnSessionsInStore.class)
@ConditionalOnMissingBean(SessionRepository.class)
@Import(SpringHttpSessionConfiguration.class)
public final class ClusterSessionAutoConfiguration {

	@Bean
	ClusterSessionRepository sessionRepository(ClusterStore store, ApplicationContext context,
			ObjectProvider<IndexResolver<Session>> indexResolver, ObjectProvider<SessionIdGenerator> sessionIdGenerator,
			ObjectProvider<SessionRepositoryCustomizer<ClusterSessionRepository>> customizers) {
		Environment environment = context.getEnvironment();
		SessionFormat format = Binder.get(environment)
			.bind("cluster.session-format", SessionFormat.class)
			.orElse(SessionFormat.JSON);
		ClassLoader classLoader = context.getClassLoader();
		ClusterSessionRepository repository = new ClusterSessionRepository(store, format,
				(classLoader != null) ? classLoader : ClassUtils.getDefaultClassLoader());
		Duration timeout = timeout(environment);
		if (timeout != null) {
			repository.setDefaultMaxInactiveInterval(timeout);
		}
		indexResolver.ifUnique(repository::setIndexResolver);
		sessionIdGenerator.ifUnique(repository::setSessionIdGenerator);
		customizers.orderedStream().forEach((customizer) -> customizer.customize(repository));
		return repository;
	}

	@Bean
	WarmUpSessions clusterWarmUpSessions(ClusterSessionRepository repository) {
		return new WarmUpSessions(repository);
	}

	// As Spring Boot's own, whose module for sessions need not be there
	private static @Nullable Duration timeout(Environment environment) {
		String timeout = environment.getProperty("spring.session.timeout",
				environment.getProperty("server.servlet.session.timeout", ""));
		return (!timeout.isBlank()) ? DurationStyle.detectAndParse(timeout.trim(), ChronoUnit.SECONDS) : null;
	}

	/**
	 * Sessions are to be in the store, and there is one.
	 */
	static class OnSessionsInStore extends SpringBootCondition {

		@Override
		public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
			Binder binder = Binder.get(context.getEnvironment());
			if (binder.bind("cluster.sessions", SessionHome.class).orElse(SessionHome.PRIMARY) == SessionHome.NONE) {
				return ConditionOutcome.noMatch("'cluster.sessions' is 'none'");
			}
			boolean hasRoom = WorkerBeans.isOnRedis(context.getEnvironment())
					|| binder.bind("cluster.store.max-size", DataSize.class).map(DataSize::toBytes).orElse(1L) > 0;
			return (hasRoom) ? ConditionOutcome.match() : ConditionOutcome.noMatch("'cluster.store.max-size' is 0");
		}

	}

	/**
	 * What Spring Boot's own module for sessions does, where it is not there.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnMissingClass("org.springframework.boot.session.autoconfigure.SessionAutoConfiguration")
	static class FilterConfiguration {

		@Bean
		DelegatingFilterProxyRegistrationBean clusterSessionRepositoryFilterRegistration() {
			DelegatingFilterProxyRegistrationBean registration = new DelegatingFilterProxyRegistrationBean(
					"springSessionRepositoryFilter");
			registration.setDispatcherTypes(DispatcherType.ASYNC, DispatcherType.ERROR, DispatcherType.REQUEST);
			registration.setOrder(SessionRepositoryFilter.DEFAULT_ORDER);
			return registration;
		}

	}

}
