package io.clusterboot.settings;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Explains an {@link InvalidClusterPropertyException}.
 */
class InvalidClusterPropertyFailureAnalyzer extends AbstractFailureAnalyzer<InvalidClusterPropertyException> {

	@Override
	protected @Nullable FailureAnalysis analyze(Throwable rootFailure, InvalidClusterPropertyException cause) {
		String from = (cause.getOrigin() != null) ? " (from %s)".formatted(cause.getOrigin()) : "";
		String description = "The value '%s' of the property '%s'%s is not valid.".formatted(cause.getValue(),
				cause.getName(), from);
		String action = "Set '%s' to %s.".formatted(cause.getName(), cause.getAllowed());
		return new FailureAnalysis(description, action, cause);
	}

}
