package io.clusterboot.lead;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongConsumer;

import io.clusterboot.Cluster;
import io.clusterboot.ClusterLeader;
import io.clusterboot.OncePerCluster;
import io.clusterboot.channel.Leading;
import io.clusterboot.channel.Message;
import io.clusterboot.channel.Reply;
import io.clusterboot.channel.Request;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.mockito.BDDMockito;
import org.mockito.Mockito;

import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.ContextRefreshedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.scheduling.annotation.Scheduled;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link OncePerCluster}.
 */
class OncePerClusterTests {

	private static final List<String> DONE = new CopyOnWriteArrayList<>();

	private final AtomicBoolean leads = new AtomicBoolean(true);

	private final ClusterLeader leader = new ClusterLeader() {

		@Override
		public OptionalLong token() {
			return (OncePerClusterTests.this.leads.get()) ? OptionalLong.of(7) : OptionalLong.empty();
		}

		@Override
		public boolean run(LongConsumer work) {
			token().ifPresent(work);
			return isLeader();
		}

	};

	private final Cluster cluster = Mockito.mock();

	@BeforeEach
	void begin() {
		DONE.clear();
		BDDMockito.given(this.cluster.leader()).willReturn(this.leader);
	}

	@Test
	void leaderDoesWhatIsOncePerCluster() {
		runner(false).withBean(Work.class).run((context) -> {
			Work work = context.getBean(Work.class);
			work.act();
			assertThat(DONE).containsExactly("heard", "acted");
			assertThat(work.text()).isEqualTo("text");
			assertThat(work.optional()).hasValue("text");
			assertThatIllegalStateException().isThrownBy(work::fail).withMessage("failed");
		});
	}

	@Test
	void anybodyElseDoesNothing() {
		this.leads.set(false);
		runner(false).withBean(Work.class).run((context) -> {
			Work work = context.getBean(Work.class);
			work.act();
			work.fail();
			assertThat(DONE).isEmpty();
			assertThat(work.text()).isNull();
			assertThat(work.optional()).isEmpty();
			assertThat(work.everywhere()).isEqualTo(3);
		});
	}

	@Test
	void whatReturnsAPrimitiveIsRefusedAtTheStart() {
		runner(false).withBean(Counting.class)
			.run((context) -> assertThat(context).hasFailed()
				.getFailure()
				.rootCause()
				.hasMessageContaining("Counting.count cannot be @OncePerCluster: it returns a primitive"));
	}

	@Test
	void whatIsScheduledRunsWhileThisWorkerLeads() {
		runner(false).withUserConfiguration(Schedule.class).run((context) -> {
			Awaitility.await().until(() -> DONE.contains("once") && DONE.contains("each"));
			this.leads.set(false);
			Awaitility.await().until(() -> quiet("once"));
			assertThat(quiet("each")).isFalse();
		});
	}

	@Test
	void allThatIsScheduledRunsOnTheLeaderOnlyIfThatIsWanted() {
		this.leads.set(false);
		runner(true).withUserConfiguration(Schedule.class).run((context) -> {
			Awaitility.await().during(Duration.ofMillis(200)).until(DONE::isEmpty);
			this.leads.set(true);
			Awaitility.await().until(() -> DONE.contains("once") && DONE.contains("each"));
		});
	}

	@Test
	void runnerRunsWhenTheWorkerIsTheFirstToLead() {
		WorkerLeader[] worker = new WorkerLeader[1];
		worker[0] = new WorkerLeader((message) -> answer(worker[0], message));
		BDDMockito.given(this.cluster.leader()).willReturn(worker[0]);
		runner(false).withUserConfiguration(Runners.class).run((context) -> {
			for (ApplicationRunner runner : context.getBeansOfType(ApplicationRunner.class).values()) {
				runner.run(null);
			}
			assertThat(DONE).isEmpty();
			worker[0].hears(new Leading.Grant(7, true, Duration.ofSeconds(5), Duration.ofSeconds(30)));
			Awaitility.await().until(() -> DONE.size() == 3);
			assertThat(DONE).containsExactlyInAnyOrder("class", "lambda", "failing");
		});
	}

	private static void answer(WorkerLeader leader, Message message) {
		if (message instanceof Request.Lease lease) {
			leader.hears(new Reply.Lease(lease.id(), true));
		}
	}

	private static boolean quiet(String what) {
		long before = DONE.stream().filter(what::equals).count();
		Awaitility.await().pollDelay(Duration.ofMillis(100)).until(() -> true);
		return DONE.stream().filter(what::equals).count() == before;
	}

	private ApplicationContextRunner runner(boolean scheduling) {
		return new ApplicationContextRunner().withBean(Cluster.class, () -> this.cluster)
			.withBean(OncePerClusterPostProcessor.class, () -> new OncePerClusterPostProcessor(scheduling));
	}

	static class Work {

		@OncePerCluster
		void act() {
			DONE.add("acted");
		}

		@OncePerCluster
		@EventListener(ContextRefreshedEvent.class)
		void hear() {
			DONE.add("heard");
		}

		@OncePerCluster
		String text() {
			return "text";
		}

		@OncePerCluster
		Optional<String> optional() {
			return Optional.of("text");
		}

		@OncePerCluster
		void fail() {
			throw new IllegalStateException("failed");
		}

		int everywhere() {
			return 3;
		}

	}

	static class Counting {

		@OncePerCluster
		int count() {
			return 1;
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableScheduling
	static class Schedule {

		@Bean
		Once once() {
			return new Once();
		}

		@Bean
		Each each() {
			return new Each();
		}

	}

	static class Once {

		@OncePerCluster
		@Scheduled(fixedRate = 10)
		void tick() {
			DONE.add("once");
		}

	}

	static class Each {

		@Scheduled(fixedRate = 10)
		int tick() {
			DONE.add("each");
			return 1;
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Runners {

		@Bean
		Seed seed() {
			return new Seed();
		}

		@Bean
		@OncePerCluster
		ApplicationRunner lambda() {
			return (arguments) -> DONE.add("lambda");
		}

		@Bean
		@OncePerCluster
		ApplicationRunner failing() {
			return (arguments) -> {
				DONE.add("failing");
				throw new IllegalStateException("failed");
			};
		}

	}

	static class Seed implements ApplicationRunner {

		@Override
		@OncePerCluster
		public void run(ApplicationArguments arguments) {
			DONE.add("class");
		}

	}

}
