package io.clusterboot.autoconfigure;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

import io.clusterboot.ClusterAnswers;
import io.clusterboot.MessageException;
import io.clusterboot.actuate.spread.SpreadingAdvisor;
import io.clusterboot.contract.PeerAttribute;
import io.clusterboot.worker.RemoteCluster;
import io.clusterboot.worker.messages.Messages;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.mockito.ArgumentCaptor;
import org.mockito.ArgumentMatchers;
import org.mockito.BDDMockito;
import org.mockito.Mockito;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.actuate.autoconfigure.endpoint.EndpointAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.endpoint.web.WebEndpointAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.logging.LoggersEndpointAutoConfiguration;
import org.springframework.boot.actuate.endpoint.InvocationContext;
import org.springframework.boot.actuate.endpoint.OperationType;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.annotation.DeleteOperation;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointsSupplier;
import org.springframework.boot.actuate.endpoint.web.WebOperation;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggerConfiguration;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link ClusterWideOperationsAutoConfiguration} and {@link SpreadingAdvisor}.
 */
@ExtendWith(OutputCaptureExtension.class)
class ClusterWideOperationsAutoConfigurationTests {

	private static final Map<String, Object> DEBUG = Map.of("name", "com.example", "configuredLevel", "DEBUG");

	private final RemoteCluster operations = Mockito.mock(RemoteCluster.class);

	private final LoggingSystem logging = Mockito.mock(LoggingSystem.class);

	private final CachesEndpoint caches = new CachesEndpoint();

	// Of the context that was started last
	private @Nullable Consumer<Object> handler;

	private final WebApplicationContextRunner plain = new WebApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(EndpointAutoConfiguration.class, WebEndpointAutoConfiguration.class,
				LoggersEndpointAutoConfiguration.class, ClusterWideOperationsAutoConfiguration.class))
		.withBean(LoggingSystem.class, () -> this.logging)
		.withBean(CachesEndpoint.class, () -> this.caches)
		.withBean(OtherEndpoint.class)
		.withPropertyValues("management.endpoints.web.exposure.include=*");

	private final WebApplicationContextRunner worker = this.plain.withInitializer(Workers.joining(this.operations));

	@AfterEach
	void reset() {
		RequestContextHolder.resetRequestAttributes();
	}

	@Test
	void levelIsSetHereAndTheOthersAreToldAlsoThoseThatStartLater() {
		this.worker.run((context) -> {
			BDDMockito.given(this.logging.getLoggerConfiguration("com.example"))
				.willReturn(new LoggerConfiguration("com.example", null, LogLevel.INFO));
			all(context, Set.of());
			invoke(context, "loggers", DEBUG);
			BDDMockito.then(this.logging).should().setLogLevel("com.example", LogLevel.DEBUG);
			String topic = told(context).topic();
			assertThat(topic).isNotNull().hasSizeLessThan(200);
			invoke(context, "loggers", Map.of("name", "com.example"));
			assertThat(told(context).topic()).as("the last word on the same logger").isEqualTo(topic);
			invoke(context, "loggers", Map.of("name", "x".repeat(1000)));
			assertThat(told(context).topic()).hasSizeLessThan(200).isNotEqualTo(topic);
		});
	}

	@Test
	void whatOthersHaveDoneIsDoneHereAndToldToNobody() {
		this.worker.run((context) -> {
			all(context, Set.of());
			invoke(context, "loggers", DEBUG);
			invoke(context, "caches", Map.of());
			List<Object> operations = allTold(context);
			Mockito.clearInvocations(this.logging);
			operations.forEach((operation) -> hear(context, throughTheWire(operation)));
			BDDMockito.then(this.logging).should().setLogLevel("com.example", LogLevel.DEBUG);
			assertThat(this.caches.cleared).containsExactly("all", "all");
			assertThat(allTold(context)).hasSameSizeAs(operations);
		});
	}

	@Test
	void levelThatIsTakenBackIsTakenBackInOthers() {
		this.worker.run((context) -> {
			all(context, Set.of());
			invoke(context, "loggers", Map.of("name", "com.example"));
			Object operation = told(context).operation();
			Mockito.clearInvocations(this.logging);
			hear(context, throughTheWire(operation));
			BDDMockito.then(this.logging).should().setLogLevel("com.example", null);
		});
	}

	@Test
	void clearedCachesAreNotKeptForThoseThatStartLater() {
		this.worker.run((context) -> {
			all(context, Set.of());
			invoke(context, "caches", Map.of("cache", "orders", "unrelated", 1));
			assertThat(told(context).topic()).isNull();
			hear(context, throughTheWire(told(context).operation()));
			assertThat(this.caches.cleared).containsExactly("orders", "orders");
		});
	}

	@Test
	void whatIsAskedOfThisWorkerAloneIsToldToNobody() {
		MockHttpServletRequest request = new MockHttpServletRequest();
		request.setAttribute(PeerAttribute.SIDE_DOOR, true);
		RequestContextHolder.setRequestAttributes(new ServletRequestAttributes(request));
		this.worker.run((context) -> {
			invoke(context, "loggers", DEBUG);
			BDDMockito.then(this.logging).should().setLogLevel("com.example", LogLevel.DEBUG);
			assertThat(allTold(context)).isEmpty();
		});
	}

	@Test
	void otherEndpointsAndWhatFailsConcernThisWorkerOnly() {
		this.worker.run((context) -> {
			invoke(context, "other", Map.of());
			assertThatExceptionOfType(RuntimeException.class)
				.isThrownBy(() -> invoke(context, "loggers", Map.of("name", "x", "configuredLevel", "NONSENSE")));
			assertThat(allTold(context)).isEmpty();
		});
	}

	@Test
	void workersThatDoNotConfirmAreNamedInTheLog(CapturedOutput output) {
		this.worker.run((context) -> {
			all(context, Set.of(4));
			invoke(context, "loggers", DEBUG);
			assertThat(output).contains("The workers [4] have not confirmed a change of the endpoint 'loggers'");
		});
	}

	@Test
	void callerHearsThatTheOthersCouldNotBeTold() {
		this.worker.run((context) -> {
			BDDMockito
				.given(messages(context).askAllHandlers(ArgumentMatchers.any(), ArgumentMatchers.any(),
						ArgumentMatchers.any()))
				.willThrow(new MessageException("The primary is busy", null));
			assertThatExceptionOfType(MessageException.class).isThrownBy(() -> invoke(context, "loggers", DEBUG))
				.withMessageContaining("This worker alone has done it")
				.withMessageContaining("The primary is busy");
		});
	}

	@Test
	void operationsAreFoundWhereEverythingElseIsLazy() {
		this.worker.withPropertyValues("spring.main.lazy-initialization=true").run((context) -> {
			all(context, Set.of());
			invoke(context, "loggers", DEBUG);
			Object operation = told(context).operation();
			this.worker.withPropertyValues("spring.main.lazy-initialization=true").run((other) -> {
				Mockito.clearInvocations(this.logging);
				hear(other, throughTheWire(operation));
				BDDMockito.then(this.logging).should().setLogLevel("com.example", LogLevel.DEBUG);
			});
		});
	}

	@Test
	void workerThatDoesNotExposeTheEndpointIgnoresIt() {
		this.worker.run((context) -> {
			all(context, Set.of());
			invoke(context, "loggers", DEBUG);
			Object operation = told(context).operation();
			this.worker.withPropertyValues("management.endpoints.web.exposure.include=health").run((other) -> {
				Mockito.clearInvocations(this.logging);
				hear(other, throughTheWire(operation));
				BDDMockito.then(this.logging).shouldHaveNoInteractions();
			});
		});
	}

	@Test
	void anyOtherApplicationHasNone() {
		this.plain.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(SpreadingAdvisor.class));
	}

	private void all(ApplicationContext context, Set<Integer> silent) {
		BDDMockito
			.given(messages(context).askAllHandlers(ArgumentMatchers.any(), ArgumentMatchers.any(),
					ArgumentMatchers.any()))
			.willReturn(new ClusterAnswers<>(Map.of(), Map.of(), Set.of(), silent));
	}

	private Messages messages(ApplicationContext context) {
		assertThat(context).isNotNull();
		return this.operations.messages();
	}

	private Told told(ApplicationContext context) {
		ArgumentCaptor<@Nullable String> topic = ArgumentCaptor.captor();
		ArgumentCaptor<Object> operation = ArgumentCaptor.captor();
		Mockito.verify(messages(context), Mockito.atLeastOnce())
			.askAllHandlers(topic.capture(), operation.capture(), ArgumentMatchers.any(Duration.class));
		return new Told(topic.getValue(), operation.getValue());
	}

	private List<Object> allTold(ApplicationContext context) {
		ArgumentCaptor<Object> operation = ArgumentCaptor.captor();
		Mockito.verify(messages(context), Mockito.atLeast(0))
			.askAllHandlers(ArgumentMatchers.any(), operation.capture(), ArgumentMatchers.any(Duration.class));
		return operation.getAllValues();
	}

	@SuppressWarnings("unchecked")
	private void hear(ApplicationContext context, Object operation) {
		ArgumentCaptor<Consumer<Object>> handler = ArgumentCaptor.captor();
		Mockito.verify(messages(context), Mockito.atLeast(0))
			.handle(ArgumentMatchers.any(), (Class<Object>) ArgumentMatchers.any(Class.class), handler.capture());
		this.handler = (handler.getAllValues().isEmpty()) ? this.handler : handler.getValue();
		assertThat(this.handler).isNotNull();
		this.handler.accept(operation);
	}

	private static Object throughTheWire(Object operation) {
		JsonMapper mapper = new JsonMapper();
		return mapper.readValue(mapper.writeValueAsBytes(operation), operation.getClass());
	}

	private static void invoke(ApplicationContext context, String id, Map<String, Object> arguments) {
		WebOperation operation = context.getBean(WebEndpointsSupplier.class)
			.getEndpoints()
			.stream()
			.filter((endpoint) -> endpoint.getEndpointId().toLowerCaseString().equals(id))
			.flatMap((endpoint) -> endpoint.getOperations().stream())
			.filter((candidate) -> candidate.getType() != OperationType.READ)
			.filter((candidate) -> candidate.getRequestPredicate().getPath().contains("{cache}") == arguments
				.containsKey("cache"))
			.findFirst()
			.orElseThrow();
		operation.invoke(new InvocationContext(SecurityContext.NONE, arguments));
	}

	private record Told(@Nullable String topic, Object operation) {

	}

	@Endpoint(id = "caches")
	static class CachesEndpoint {

		private final List<String> cleared = new ArrayList<>();

		@DeleteOperation
		void clearAll() {
			this.cleared.add("all");
		}

		@DeleteOperation
		void clear(@Selector String cache) {
			this.cleared.add(cache);
		}

	}

	@Endpoint(id = "other")
	static class OtherEndpoint {

		@WriteOperation
		void write() {
		}

	}

}
