package io.clusterboot.worker.messages;

import java.lang.reflect.Method;
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

	private final Map<String, Class<?>> types = new ConcurrentHashMap<>();

	@Override
	public boolean supportsMethod(Method method) {
		return method.getParameterCount() == 1 && method.getParameterTypes()[0] == ClusterMessage.class;
	}

	@Override
	public ApplicationListener<?> createApplicationListener(String beanName, Class<?> type, Method method) {
		Class<?> payload = ResolvableType.forMethodParameter(method, 0, type).getGeneric(0).resolve(Object.class);
		this.types.put(Letters.nameOf(payload), payload);
		return new AnsweringListener(beanName, type, method);
	}

	/**
	 * Return the kind of a message.
	 * @param name its name
	 * @param classLoader where classes are
	 * @return the class, or {@code null} if nobody listens to such messages
	 */
	@Nullable Class<?> find(String name, @Nullable ClassLoader classLoader) {
		Class<?> declared = this.types.get(name);
		if (declared != null) {
			return declared;
		}
		try {
			Class<?> type = ClassUtils.forName(name, classLoader);
			return (this.types.values().stream().anyMatch((heard) -> heard.isAssignableFrom(type))) ? type : null;
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
	 * Answers with what the method returns.
	 */
	private static final class AnsweringListener extends ApplicationListenerMethodAdapter {

		AnsweringListener(String beanName, Class<?> type, Method method) {
			super(beanName, type, method);
		}

		@Override
		protected void handleResult(Object result) {
			Exchange.answer(result);
		}

	}

}
