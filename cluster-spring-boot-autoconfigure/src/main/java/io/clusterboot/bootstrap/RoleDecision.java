package io.clusterboot.bootstrap;

import io.clusterboot.contract.ClusterRole;

import org.springframework.boot.logging.LogLevel;

/**
 * What a run of a {@code SpringApplication} is to be, and why.
 *
 * @param role the role
 * @param reason a phrase in lower case without a full stop, fit to follow a colon
 * @param level how loud the reason is to be said
 */
record RoleDecision(ClusterRole role, String reason, LogLevel level) {

	static RoleDecision of(ClusterRole role, String reason) {
		return new RoleDecision(role, reason, LogLevel.DEBUG);
	}

	static RoleDecision quietlyNone(String reason) {
		return new RoleDecision(ClusterRole.NONE, reason, LogLevel.DEBUG);
	}

	static RoleDecision loudlyNone(String reason) {
		return new RoleDecision(ClusterRole.NONE, reason, LogLevel.WARN);
	}

}
