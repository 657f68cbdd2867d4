package io.clusterboot.autoconfigure;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import io.clusterboot.Cluster;
import io.clusterboot.ClusterAnswers;
import io.clusterboot.MessageException;
import io.clusterboot.message.ClusterMessage;
import io.clusterboot.message.MessageName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.mockito.BDDMockito;
import org.mockito.Mockito;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for messages, in an application that is its own only worker.
 */
@Timeout(60)
class LocalMessagesTests {

	private static final Duration TIMEOUT = Duration.ofSeconds(20);

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(ClusterAutoConfiguration.class))
		.withUserConfiguration(Listeners.class);

	@Test
	void broadcastIsHeardByThoseWhoListenToItsType() {
		this.runner.run((context) -> {
			Cluster cluster = context.getBean(Cluster.class);
			cluster.broadcast(new Greeting("one")).join();
			cluster.broadcast(new Farewell("two")).join();
			cluster.retain("greeting", new Greeting("three")).join();
			assertThat(context.getBean(Listeners.class).next()).isEqualTo("Greeting one from 1 on null");
			assertThat(context.getBean(Listeners.class).next()).isEqualTo("Farewell two from 1 on null");
			assertThat(context.getBean(Listeners.class).next()).isEqualTo("Greeting three from 1 on greeting");
		});
	}

	@Test
	void whatIsSentBeforeListenersAreThereIsHeard() {
		this.runner.withUserConfiguration(EarlySender.class)
			.run((context) -> assertThat(context.getBean(Listeners.class).next())
				.isEqualTo("Greeting early from 1 on null"));
	}

	@Test
	void requestIsAnsweredByWhatAListenerReturns() {
		this.runner.run((context) -> {
			Cluster cluster = context.getBean(Cluster.class);
			assertThat(cluster.request(1, new Question(20), Integer.class, TIMEOUT).join()).isEqualTo(21);
			assertThat(cluster.request(1, new SlowQuestion("x"), Greeting.class, TIMEOUT).join())
				.isEqualTo(new Greeting("later x"));
			assertThat(cluster.request(1, new Greeting("nobody answers"), Void.class, TIMEOUT).join()).isNull();
			assertThat(cluster.requestAll(new Question(1), Integer.class, TIMEOUT).join())
				.isEqualTo(new ClusterAnswers<>(Map.of(1, 2), Map.of(), Set.of(), Set.of()));
		});
	}

	@Test
	void requestFailsWithTheReason() {
		this.runner.run((context) -> {
			Cluster cluster = context.getBean(Cluster.class);
			assertFails(cluster.request(1, new Question(-1), Integer.class, TIMEOUT), "it must not be negative");
			assertFails(cluster.request(1, "text", Integer.class, TIMEOUT),
					"nobody there listens to a java.lang.String");
			assertFails(cluster.request(1, new Question(1), Greeting.class, TIMEOUT), "cannot be read");
			assertFails(cluster.request(2, new Question(1), Integer.class, TIMEOUT), "it is not there any more");
			assertFails(cluster.request(1, new SlowQuestion("never"), Greeting.class, Duration.ofMillis(50)),
					"it did not answer in time");
			assertFails(cluster.send(2, new Greeting("")), "There is no worker 2");
			assertThat(cluster.requestAll(new Question(-1), Integer.class, TIMEOUT).join().failures().get(1))
				.contains("negative");
		});
	}

	@Test
	void whatCannotBeSentIsRefusedAtTheSender() {
		this.runner.withPropertyValues("cluster.messages.max-size=1KB").run((context) -> {
			Cluster cluster = context.getBean(Cluster.class);
			assertThatIllegalArgumentException().isThrownBy(() -> cluster.broadcast(new Greeting("x".repeat(2000))))
				.withMessageContaining("over the 1024 bytes of cluster.messages.max-size");
			Map<String, Object> cycle = new HashMap<>();
			cycle.put("self", cycle);
			assertThatIllegalArgumentException().isThrownBy(() -> cluster.broadcast(cycle))
				.withMessageContaining("no form in JSON");
			assertThatIllegalArgumentException().isThrownBy(() -> cluster.retain("", new Greeting("x")))
				.withMessageContaining("A topic has 1 to 200 characters");
			assertThatIllegalArgumentException().isThrownBy(() -> cluster.send(0, new Greeting("x")));
		});
	}

	@Test
	void nameOfAMessageNeedNotBeThatOfItsClass() {
		this.runner.run((context) -> {
			context.getBean(Cluster.class).broadcast(new OtherFarewell("renamed")).join();
			assertThat(context.getBean(Listeners.class).next()).isEqualTo("Farewell renamed from 1 on null");
		});
	}

	@Test
	void listenerToAKindHearsWhatIsOfThatKind() {
		this.runner.run((context) -> {
			context.getBean(Cluster.class).broadcast(new Circle(2)).join();
			assertThat(context.getBean(Listeners.class).next()).isEqualTo("Shape Circle[radius=2]");
		});
	}

	@Test
	void listIsHeardWithWhatIsInIt() {
		this.runner.run((context) -> {
			context.getBean(Cluster.class).broadcast(List.of(new Greeting("a"), new Greeting("b"))).join();
			assertThat(context.getBean(Listeners.class).next()).isEqualTo("List [Greeting[text=a], Greeting[text=b]]");
		});
	}

	@Test
	void beanOfTheApplicationIsNotShutDownWithItsContext() {
		new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(ClusterAutoConfiguration.class))
			.withUserConfiguration(OwnCluster.class)
			.run((context) -> {
				Cluster mine = context.getBean("mine", Cluster.class);
				context.getSourceApplicationContext().close();
				BDDMockito.then(mine).should(BDDMockito.never()).shutdown();
			});
	}

	@Test
	void listenerThatFailsDoesNotKeepTheNextFromBeingHeard() {
		this.runner.run((context) -> {
			Cluster cluster = context.getBean(Cluster.class);
			cluster.broadcast(new Question(-1)).join();
			cluster.broadcast(new Greeting("next")).join();
			assertThat(context.getBean(Listeners.class).next()).isEqualTo("Greeting next from 1 on null");
		});
	}

	private static void assertFails(CompletableFuture<?> future, String reason) {
		assertThatExceptionOfType(CompletionException.class).isThrownBy(future::join)
			.withCauseInstanceOf(MessageException.class)
			.withMessageContaining(reason);
	}

	record Greeting(String text) {

	}

	@MessageName("farewell")
	record Farewell(String text) {

	}

	@MessageName("farewell")
	record OtherFarewell(String text) {

	}

	record Question(int number) {

	}

	record SlowQuestion(String text) {

	}

	interface Shape {

	}

	record Circle(int radius) implements Shape {

	}

	@Configuration(proxyBeanMethods = false)
	static class Listeners {

		private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();

		@EventListener
		void onGreeting(ClusterMessage<Greeting> message) {
			add("Greeting", message.payload().text(), message);
		}

		@EventListener
		void onFarewell(ClusterMessage<Farewell> message) {
			add("Farewell", message.payload().text(), message);
		}

		@EventListener
		void onShape(ClusterMessage<? extends Shape> message) {
			this.heard.add("Shape " + message.payload());
		}

		@EventListener
		void onList(ClusterMessage<List<Greeting>> message) {
			this.heard.add("List " + message.payload());
		}

		@EventListener
		int onQuestion(ClusterMessage<Question> message) {
			if (message.payload().number() < 0) {
				throw new IllegalStateException("it must not be negative");
			}
			return message.payload().number() + 1;
		}

		@EventListener
		CompletableFuture<Greeting> onSlowQuestion(ClusterMessage<SlowQuestion> message) {
			CompletableFuture<Greeting> answer = new CompletableFuture<>();
			if (!message.payload().text().equals("never")) {
				answer.completeAsync(() -> new Greeting("later " + message.payload().text()));
			}
			return answer;
		}

		private void add(String type, String text, ClusterMessage<?> message) {
			this.heard.add("%s %s from %d on %s".formatted(type, text, message.sender(), message.topic()));
		}

		String next() throws InterruptedException {
			return this.heard.poll(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnCluster {

		@Bean
		Cluster mine() {
			return Mockito.mock(Cluster.class);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class EarlySender {

		@Bean
		String sent(Cluster cluster) {
			cluster.broadcast(new Greeting("early"));
			return "sent";
		}

	}

}
