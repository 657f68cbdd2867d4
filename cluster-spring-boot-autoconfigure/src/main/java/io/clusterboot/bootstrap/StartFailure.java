package io.clusterboot.bootstrap;

import java.net.BindException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;

import io.clusterboot.ClusterException;
import io.clusterboot.contract.WorkerIdentity;
import io.clusterboot.machine.ListeningPorts;

import org.springframework.boot.web.server.PortInUseException;

/**
 * Why an application did not start, in one line for the primary.
 */
final class StartFailure {

	// By name, because there may be no Tomcat
	private static final String CONNECTOR_FAILED = "org.springframework.boot.tomcat.ConnectorStartFailedException";

	private final Supplier<? extends Set<Integer>> takenPorts;

	StartFailure(Supplier<? extends Set<Integer>> takenPorts) {
		this.takenPorts = takenPorts;
	}

	/**
	 * Create one for a worker.
	 * @param worker the worker, whose siblings may have what it needs
	 * @return what describes its failure
	 */
	static StartFailure of(WorkerIdentity worker) {
		return new StartFailure(() -> takenPorts(worker));
	}

	String describe(Throwable failure) {
		List<Throwable> causes = causes(failure);
		Throwable telling = causes.stream()
			.filter(StartFailure::isTelling)
			.findFirst()
			.orElseGet(() -> causes.get(causes.size() - 1));
		String reason = (isTelling(telling)) ? String.valueOf(telling.getMessage()) : telling.toString();
		String text = reason.strip().lines().findFirst().orElse("").replaceAll("\\.$", "");
		return (causes.stream().anyMatch(StartFailure::isTakenPort)) ? text + describeTakenPorts() : text;
	}

	private String describeTakenPorts() {
		String ports = this.takenPorts.get().stream().map(String::valueOf).collect(Collectors.joining(", "));
		return (!ports.isEmpty()) ? "; another worker has bound port %s, which workers cannot share".formatted(ports)
				: "";
	}

	private static boolean isTelling(Throwable cause) {
		return cause instanceof ClusterException || cause instanceof PortInUseException || isFailedConnector(cause);
	}

	private static boolean isTakenPort(Throwable cause) {
		return cause instanceof BindException || cause instanceof PortInUseException || isFailedConnector(cause);
	}

	private static boolean isFailedConnector(Throwable cause) {
		return cause.getClass().getName().equals(CONNECTOR_FAILED);
	}

	private static List<Throwable> causes(Throwable failure) {
		Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
		List<Throwable> causes = new ArrayList<>();
		for (Throwable cause = failure; cause != null && seen.add(cause); cause = cause.getCause()) {
			causes.add(cause);
		}
		return causes;
	}

	private static SortedSet<Integer> takenPorts(WorkerIdentity worker) {
		ListeningPorts listening = new ListeningPorts();
		SortedSet<Integer> ports = new TreeSet<>();
		ProcessHandle.of(worker.primaryPid())
			.stream()
			.flatMap(ProcessHandle::children)
			.filter((sibling) -> !sibling.equals(ProcessHandle.current()))
			.forEach((sibling) -> ports.addAll(listening.chosenBy(sibling.pid())));
		ports.remove(worker.port());
		return ports;
	}

}
