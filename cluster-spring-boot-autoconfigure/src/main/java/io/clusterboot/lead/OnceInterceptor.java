package io.clusterboot.lead;

import java.lang.reflect.Array;
import java.util.Optional;
import java.util.function.Supplier;

import io.clusterboot.ClusterLeader;
import org.aopalliance.intercept.MethodInterceptor;
import org.aopalliance.intercept.MethodInvocation;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.aop.ProxyMethodInvocation;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.CommandLineRunner;

/**
 * Lets a method run if this worker leads.
 */
final class OnceInterceptor implements MethodInterceptor {

	private static final Log logger = LogFactory.getLog(OnceInterceptor.class);

	private final Supplier<ClusterLeader> leader;

	OnceInterceptor(Supplier<ClusterLeader> leader) {
		this.leader = leader;
	}

	@Override
	public @Nullable Object invoke(MethodInvocation invocation) throws Throwable {
		ClusterLeader leader = this.leader.get();
		Outcome outcome = new Outcome();
		if (leader.run((token) -> outcome.of(invocation))) {
			return outcome.get();
		}
		if (isRunner(invocation) && leader instanceof WorkerLeader worker
				&& invocation instanceof ProxyMethodInvocation proxied) {
			MethodInvocation later = proxied.invocableClone();
			worker.whenFirst(() -> runLater(later));
		}
		return nothing(invocation.getMethod().getReturnType());
	}

	private static boolean isRunner(MethodInvocation invocation) {
		return (invocation.getThis() instanceof ApplicationRunner || invocation.getThis() instanceof CommandLineRunner)
				&& invocation.getMethod().getName().equals("run");
	}

	// The start is over, so nothing can end it
	private static void runLater(MethodInvocation invocation) {
		try {
			invocation.proceed();
		}
		catch (Throwable ex) {
			logger.error("A runner has failed that runs once per cluster: " + invocation.getThis(), ex);
		}
	}

	private static @Nullable Object nothing(Class<?> type) {
		if (type == Optional.class) {
			return Optional.empty();
		}
		return (type.isPrimitive() && type != void.class) ? Array.get(Array.newInstance(type, 1), 0) : null;
	}

	/**
	 * What a method has returned or thrown.
	 */
	private static final class Outcome {

		private @Nullable Object result;

		private @Nullable Throwable failure;

		void of(MethodInvocation invocation) {
			try {
				this.result = invocation.proceed();
			}
			catch (Throwable ex) {
				this.failure = ex;
			}
		}

		@Nullable Object get() throws Throwable {
			if (this.failure != null) {
				throw this.failure;
			}
			return this.result;
		}

	}

}
