package io.clusterboot.it.variant;

import java.util.concurrent.atomic.AtomicInteger;

import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;

/**
 * An application that answers every second request with a server error, except those of
 * whoever watches it.
 */
@AutoConfiguration
public final class ErringAutoConfiguration {

	@Bean
	FilterRegistrationBean<Filter> erring() {
		AtomicInteger requests = new AtomicInteger();
		return new FilterRegistrationBean<>((request, response, chain) -> {
			boolean actuator = ((HttpServletRequest) request).getRequestURI().startsWith("/actuator");
			if (!actuator && requests.incrementAndGet() % 2 == 0) {
				((HttpServletResponse) response).setStatus(HttpServletResponse.SC_INTERNAL_SERVER_ERROR);
			}
			else {
				chain.doFilter(request, response);
			}
		});
	}

}
