package io.clusterboot.bootstrap;

import java.util.Map;

import io.clusterboot.contract.WriteAccess;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.MapPropertySource;
import org.springframework.util.ClassUtils;

/**
 * What the user says about who may use the endpoint of the cluster. To expose it is not
 * to let everybody write: that takes a property that says so.
 */
class EndpointExposure {

	private static final Log logger = LogFactory.getLog(EndpointExposure.class);

	private static final String INCLUDE = "management.endpoints.web.exposure.include";

	private static final String ACCESS = "management.endpoint.cluster.access";

	private static final String SPRING_SECURITY = "org.springframework.security.web.SecurityFilterChain";

	private final Binder binder;

	EndpointExposure(Binder binder) {
		this.binder = binder;
	}

	static MapPropertySource defaults() {
		return new MapPropertySource("clusterDefaults", Map.of(INCLUDE, "health,cluster"));
	}

	boolean isByDefault() {
		return !this.binder.bind(INCLUDE, Bindable.listOf(String.class)).isBound();
	}

	WriteAccess writeAccess() {
		if (this.binder.bind(ACCESS, String.class).orElse("").equalsIgnoreCase("unrestricted")) {
			return WriteAccess.UNRESTRICTED;
		}
		// Where the user exposed nothing, an authenticated one may be any customer's
		return (isByDefault()) ? WriteAccess.LOCAL : WriteAccess.LOCAL_OR_AUTHENTICATED;
	}

	/**
	 * Warn of what everybody may do who reaches the port.
	 */
	void check() {
		if (writeAccess() == WriteAccess.UNRESTRICTED && !ClassUtils.isPresent(SPRING_SECURITY, null)) {
			logger.warn("'" + ACCESS + "' is 'unrestricted' and there is no Spring Security: whoever reaches the "
					+ "port may reload, scale and stop the cluster");
		}
	}

}
