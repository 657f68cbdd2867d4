package io.clusterboot.worker.messages;

import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import io.clusterboot.message.ClusterMessage;
import org.jspecify.annotations.Nullable;

import org.springframework.context.ApplicationListener;
import org.springframework.context.event.ApplicationListenerMethodAdapter;
import org.springframework.context.event.EventListenerFactory;
import org.springframework.core.Ordered;
import org.springframework.core.ResolvableType;
import org.springframework.util.ClassUtils;

/**
 * Makes listeners of the methods that get a {@link ClusterMessage}, which answer with
 * what the method returns. It knows by them which kinds of message somebody listens to.
 */
public final class MessageListenerFactory implements EventListenerFactory, Ordered {

	// What is bound to a transaction is Spring's, everything else would be too
	private static final int ORDER = 100;

	private final Map<String, ResolvableType> types = new ConcurrentHashMap<>();

	@Override
	public boolean supportsMethod(Method method) {
		return method.getParameterCount() == 1 && method.getParameterTypes()[0] == ClusterMessage.class;
	}

	@Override
	public ApplicationListener<?> createApplicationListener(String beanName, Class<?> type, Method method) {
		ResolvableType payload = ResolvableType.forMethodParameter(method, 0, type).getGeneric(0);
		this.types.put(Letters.nameOf(payload.resolve(Object.class)), payload);
		return new AnsweringListener(beanName, type, method);
	}

	/**
	 * Find who listens to a message.
	 * @param name the name of its kind
	 * @param classLoader where classes are
	 * @return what it is and what listeners take it for, or {@code null} if nobody
	 * listens to such messages
	 */
	@Nullable Kind find(String name, @Nullable ClassLoader classLoader) {
		ResolvableType declared = this.types.get(name);
		if (declared != null) {
			return new Kind((declared.resolve() != null) ? declared.getType() : Object.class, declared);
		}
		try {
			Class<?> type = ClassUtils.forName(name, classLoader);
			return this.types.values()
				.stream()
				.filter((heard) -> heard.resolve(Object.class).isAssignableFrom(type))
				.reduce((one, other) -> one.resolve(Object.class).isAssignableFrom(other.resolve(Object.class)) ? other
						: one)
				.map((nearest) -> new Kind(type, nearest))
				.orElse(null);
		}
		catch (ClassNotFoundException | LinkageError ex) {
			return null;
		}
	}

	@Override
	public int getOrder() {
		return ORDER;
	}

	/**
	 * A kind of message.
	 *
	 * @param type what its payload is
	 * @param declared what listeners say it is
	 */
	record Kind(Type type, ResolvableType declared) {

	}

	/**
	 * Answers with what the method returns.
	 */
	private static final class AnsweringListener extends ApplicationListenerMethodAdapter {

		AnsweringListener(String beanName, Class<?> type, Method method) {
			super(beanName, type, method);
		}

		@Override
		protected @Nullable Object doInvoke(@Nullable Object... args) {
			Exchange.heard();
			return super.doInvoke(args);
		}

		@Override
		protected void handleResult(Object result) {
			Exchange.answer(result);
		}

	}

}
