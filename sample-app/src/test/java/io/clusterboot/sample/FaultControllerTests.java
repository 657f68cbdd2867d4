package io.clusterboot.sample;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.LivenessState;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.context.ApplicationListener;
import org.springframework.mock.env.MockEnvironment;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.setup.MockMvcBuilders;
import org.springframework.web.context.support.GenericWebApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link FaultController} and {@link SlowFilter}.
 */
class FaultControllerTests {

	private final GenericWebApplicationContext context = new GenericWebApplicationContext();

	private final SlowFilter slowFilter = new SlowFilter();

	private final MockMvcTester mvc = MockMvcTester.create(MockMvcBuilders
		.standaloneSetup(new FaultController(this.context, this.slowFilter), new HelloController(new MockEnvironment()))
		.addFilters(this.slowFilter)
		.build());

	private final List<Object> states = new ArrayList<>();

	private final String pid = "pid=" + ProcessHandle.current().pid();

	@BeforeEach
	void listen() {
		ApplicationListener<AvailabilityChangeEvent<?>> listener = (event) -> this.states.add(event.getState());
		this.context.addApplicationListener(listener);
		this.context.refresh();
	}

	@Test
	void faultsAreOffUnlessAskedFor() {
		WebApplicationContextRunner runner = new WebApplicationContextRunner().withUserConfiguration(SlowFilter.class,
				FaultController.class);
		runner.run((context) -> assertThat(context).doesNotHaveBean(FaultController.class)
			.doesNotHaveBean(SlowFilter.class));
		runner.withPropertyValues("sample.faults=true")
			.run((context) -> assertThat(context).hasSingleBean(FaultController.class).hasSingleBean(SlowFilter.class));
	}

	@Test
	void leakAddsUp() {
		assertThat(this.mvc.post().uri("/faults/leak?megabytes=2")).hasStatusOk();
		assertThat(this.mvc.post().uri("/faults/leak?megabytes=1")).hasStatusOk()
			.hasBodyTextEqualTo("Leaked 1 MB, 3 MB altogether, on " + this.pid);
	}

	@Test
	void brokenSaysSo() {
		assertThat(this.mvc.post().uri("/faults/broken")).hasStatusOk().hasBodyTextEqualTo("Broken on " + this.pid);
		assertThat(this.states).containsExactly(LivenessState.BROKEN);
	}

	@Test
	void slowDelaysOnlyTheRoot() {
		assertThat(this.mvc.post().uri("/faults/slow?millis=300")).hasStatusOk().bodyText().endsWith(this.pid);
		long start = System.nanoTime();
		assertThat(this.mvc.get().uri("/")).hasStatusOk();
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(300));
		start = System.nanoTime();
		assertThat(this.mvc.post().uri("/faults/fill-pool?seconds=0")).hasStatusOk();
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMillis(300));
	}

}
