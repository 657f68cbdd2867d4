package io.clusterboot.bootstrap;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.Statement;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import javax.sql.DataSource;

import org.aopalliance.intercept.MethodInterceptor;
import org.jspecify.annotations.Nullable;

import org.springframework.aop.framework.ProxyFactory;
import org.springframework.beans.BeanWrapper;
import org.springframework.beans.BeansException;
import org.springframework.beans.PropertyAccessorFactory;
import org.springframework.beans.factory.config.BeanPostProcessor;

/**
 * Lets beans that are made in a training start read from databases and do nothing else
 * there: whatever they would write, a running service may not survive it.
 */
class ReadOnlyDataSources implements BeanPostProcessor {

	// A query that begins with WITH can change rows too, and SELECT INTO makes a table
	private static final Pattern QUERY = Pattern
		.compile("(?is)(?:\\s|\\(|--[^\\n]*\\n|/\\*.*?\\*/)*(?:select|values|show|explain|describe|with)\\b"
				+ "(?!.*\\b(?:into|insert|update|delete|merge)\\b).*");

	private static final List<String> URLS = List.of("jdbcUrl", "url", "URL");

	private final TrainingRefusal refusal;

	ReadOnlyDataSources(TrainingRefusal refusal) {
		this.refusal = refusal;
	}

	static boolean isQuery(String sql) {
		return QUERY.matcher(sql).matches();
	}

	@Override
	public Object postProcessAfterInitialization(Object bean, String name) throws BeansException {
		if (!(bean instanceof DataSource dataSource)) {
			return bean;
		}
		if (DatabaseFile.isMeantBy(url(dataSource))) {
			this.refusal.databaseFile("bean '%s'".formatted(name));
		}
		ProxyFactory factory = new ProxyFactory(dataSource);
		factory.setProxyTargetClass(!Modifier.isFinal(dataSource.getClass().getModifiers()));
		factory.addAdvice((MethodInterceptor) (call) -> {
			Object result = call.proceed();
			return (result instanceof Connection connection) ? proxy(Connection.class, connection, this.refusal)
					: result;
		});
		return factory.getProxy(dataSource.getClass().getClassLoader());
	}

	private static String url(DataSource dataSource) {
		BeanWrapper properties = PropertyAccessorFactory.forBeanPropertyAccess(dataSource);
		return URLS.stream()
			.filter(properties::isReadableProperty)
			.map(properties::getPropertyValue)
			.filter(Objects::nonNull)
			.map(Object::toString)
			.findFirst()
			.orElse("");
	}

	private static <T> T proxy(Class<T> type, T target, TrainingRefusal refusal) {
		return type
			.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] { type }, new Guard(target, refusal)));
	}

	private record Guard(Object target, TrainingRefusal refusal) implements InvocationHandler {

		@Override
		public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments) throws Throwable {
			if (arguments != null && arguments.length > 0 && arguments[0] instanceof String sql
					&& isStatement(method.getName()) && !isQuery(sql)) {
				this.refusal.end("a bean writes to the application's database when it is made (%s ...)"
					.formatted(beginningOf(sql)));
			}
			try {
				return guard(method.invoke(this.target, arguments));
			}
			catch (InvocationTargetException ex) {
				throw ex.getTargetException();
			}
		}

		// Without the values
		private static String beginningOf(String sql) {
			return Stream.of(sql.strip().split("[\\s(]+")).limit(3).collect(Collectors.joining(" "));
		}

		private static boolean isStatement(String method) {
			return method.startsWith("prepare") || method.startsWith("execute") || method.equals("addBatch");
		}

		private @Nullable Object guard(@Nullable Object result) {
			return (result instanceof Statement statement && !(result instanceof PreparedStatement))
					? proxy(Statement.class, statement, this.refusal) : result;
		}

	}

}
