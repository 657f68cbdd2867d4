package io.clusterboot.it.variant;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

/**
 * An application that is as bad as {@code sample.configured} says: one that {@code dies}
 * a second after it was ready, or {@code errs} on every second request, except those of
 * whoever watches it.
 */
@AutoConfiguration
public final class ConfiguredAutoConfiguration {

	private static final String PROPERTY = "sample.configured";

	@Bean
	ApplicationRunner dying(Environment environment) {
		Executor later = CompletableFuture.delayedExecutor(1, TimeUnit.SECONDS);
		return (arguments) -> later.execute(() -> {
			if ("dies".equals(environment.getProperty(PROPERTY))) {
				Runtime.getRuntime().halt(1);
			}
		});
	}

	@Bean
	FilterRegistrationBean<Filter> erring(Environment environment) {
		boolean errs = "errs".equals(environment.getProperty(PROPERTY));
		AtomicInteger requests = new AtomicInteger();
		return new FilterRegistrationBean<>((request, response, chain) -> {
			boolean actuator = ((HttpServletRequest) request).getRequestURI().startsWith("/actuator");
			if (errs && !actuator && requests.incrementAndGet() % 2 == 0) {
				((HttpServletResponse) response).setStatus(HttpServletResponse.SC_INTERNAL_SERVER_ERROR);
			}
			else {
				chain.doFilter(request, response);
			}
		});
	}

}
