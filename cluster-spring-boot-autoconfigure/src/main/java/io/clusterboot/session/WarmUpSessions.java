package io.clusterboot.session;

import java.io.IOException;

import io.clusterboot.contract.PeerAttribute;
import io.clusterboot.contract.WarmUpRequest;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;

import org.springframework.core.Ordered;
import org.springframework.session.web.http.SessionRepositoryFilter;

/**
 * Has no session kept that a request for the warm-up of a worker makes, such as for a
 * login page. Nobody comes back to it, and thousands of them would take the room of those
 * that users have.
 */
public final class WarmUpSessions implements Filter, Ordered {

	private final ClusterSessionRepository repository;

	/**
	 * Create the filter.
	 * @param repository the repository that is not to keep them
	 */
	public WarmUpSessions(ClusterSessionRepository repository) {
		this.repository = repository;
	}

	@Override
	public int getOrder() {
		return SessionRepositoryFilter.DEFAULT_ORDER - 1;
	}

	@Override
	public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
			throws IOException, ServletException {
		if (request.getAttribute(PeerAttribute.SIDE_DOOR) != null && request instanceof HttpServletRequest http
				&& WarmUpRequest.USER_AGENT.equals(http.getHeader("User-Agent"))) {
			this.repository.keepNoNewSessions(true);
			try {
				chain.doFilter(request, response);
			}
			finally {
				this.repository.keepNoNewSessions(false);
			}
		}
		else {
			chain.doFilter(request, response);
		}
	}

}
