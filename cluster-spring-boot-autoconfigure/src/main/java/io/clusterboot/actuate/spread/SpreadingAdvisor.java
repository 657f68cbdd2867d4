package io.clusterboot.actuate.spread;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

import io.clusterboot.ClusterAnswers;
import io.clusterboot.MessageException;
import io.clusterboot.actuate.access.CallerCheck;
import io.clusterboot.actuate.access.ServletCaller;
import io.clusterboot.worker.messages.Messages;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.actuate.endpoint.EndpointId;
import org.springframework.boot.actuate.endpoint.InvocationContext;
import org.springframework.boot.actuate.endpoint.OperationType;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.invoke.OperationInvoker;
import org.springframework.boot.actuate.endpoint.invoke.OperationInvokerAdvisor;
import org.springframework.boot.actuate.endpoint.invoke.OperationParameter;
import org.springframework.boot.actuate.endpoint.invoke.OperationParameters;
import org.springframework.core.log.LogMessage;

/**
 * Has all workers do what the operations of some endpoints change in one, over HTTP or
 * JMX. What is asked of a worker by its side door is for it alone.
 * <p>
 * The primary brings all changes to all workers in the same order, also to the one that
 * has made them: so they agree, although each begins with its own.
 */
public final class SpreadingAdvisor implements OperationInvokerAdvisor, SmartInitializingSingleton {

	private static final Log logger = LogFactory.getLog(SpreadingAdvisor.class);

	private static final Set<String> ENDPOINTS = Set.of(SpreadOperation.LOGGERS, "caches");

	private static final Duration TIMEOUT = Duration.ofSeconds(5);

	private final Messages messages;

	private final Runnable discovery;

	private final Map<SpreadOperation, OperationInvoker> operations = new ConcurrentHashMap<>();

	/**
	 * Create the advisor.
	 * @param messages by which workers hear of each other's changes
	 * @param discovery has all operations of this worker be advised, as late as the first
	 * of them is needed
	 */
	public SpreadingAdvisor(Messages messages, Runnable discovery) {
		this.messages = messages;
		this.discovery = discovery;
	}

	@Override
	public void afterSingletonsInstantiated() {
		this.messages.handle("cluster-operations", SpreadOperation.class, this::perform);
	}

	@Override
	public OperationInvoker apply(EndpointId endpointId, OperationType operationType, OperationParameters parameters,
			OperationInvoker invoker) {
		String endpoint = endpointId.toLowerCaseString();
		if (operationType == OperationType.READ || !ENDPOINTS.contains(endpoint)) {
			return invoker;
		}
		List<String> names = parameters.stream().map(OperationParameter::getName).sorted().toList();
		SpreadOperation operation = new SpreadOperation(endpoint, operationType.name(), names, Map.of());
		this.operations.put(operation, invoker);
		return (context) -> {
			Object result = invoker.invoke(context);
			if (!CallerCheck.isServletApiPresent() || !ServletCaller.isBySideDoor()) {
				spread(operation.with(context.getArguments()));
			}
			return result;
		};
	}

	private void spread(SpreadOperation operation) {
		ClusterAnswers<Void> answers;
		try {
			answers = this.messages.askAllHandlers(operation.topic(), operation, TIMEOUT);
		}
		catch (MessageException ex) {
			throw new MessageException(
					"This worker alone has done it, the others could not be told: " + ex.getMessage(), ex);
		}
		if (!answers.isComplete()) {
			Set<Integer> missing = new TreeSet<>(answers.silent());
			missing.addAll(answers.failures().keySet());
			logger.warn(LogMessage.format(
					"The workers %s have not confirmed a change of the endpoint '%s': they hang and do it later, or "
							+ "cannot do it",
					missing, operation.endpoint()));
		}
	}

	private void perform(SpreadOperation operation) {
		OperationInvoker invoker = this.operations.get(operation.key());
		if (invoker == null) {
			this.discovery.run();
			invoker = this.operations.get(operation.key());
		}
		if (invoker != null) {
			invoker.invoke(new InvocationContext(SecurityContext.NONE, operation.arguments()));
		}
		else {
			// As in another generation
			logger.debug(LogMessage.format("The endpoint '%s' of others is not exposed here", operation.endpoint()));
		}
	}

}
