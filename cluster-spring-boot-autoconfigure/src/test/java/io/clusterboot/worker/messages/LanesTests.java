package io.clusterboot.worker.messages;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import io.clusterboot.channel.Letter;
import io.clusterboot.channel.Mail;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Lanes}.
 */
class LanesTests {

	private final Lanes lanes = new Lanes(new Receipts((mail) -> {
	}));

	private final BlockingQueue<String> handled = new LinkedBlockingQueue<>();

	@AfterEach
	void end() {
		this.lanes.end();
	}

	@Test
	void lettersThatComeBeforeTheirHandlerAreHandledInTheirOrder() throws Exception {
		arrive("cluster:a", "1");
		arrive("cluster:a", "2");
		this.lanes.handle("cluster:a", "test", this::handle);
		arrive("cluster:a", "3");
		assertThat(List.of(next(), next(), next())).containsExactly("1", "2", "3");
	}

	@Test
	void lettersThatNobodyHandlesGoToTheOthersOnce() throws Exception {
		this.lanes.handle("cluster:b", "test", this::handle);
		arrive("cluster:a", "early");
		this.lanes.complete((delivery) -> this.handled.add("others " + delivery.letter().topic()));
		assertThat(next()).isEqualTo("others early");
		arrive("cluster:b", "1");
		assertThat(next()).isEqualTo("1");
		assertThat(find("cluster:c", "late")).isNull();
	}

	@Test
	void lettersOfTheApplicationHaveNoLane() {
		assertThat(find("com.example.Greeting", "1")).isNull();
	}

	private void handle(Mail.Delivery delivery) {
		this.handled.add(String.valueOf(delivery.letter().topic()));
	}

	private String next() throws InterruptedException {
		String next = this.handled.poll(20, TimeUnit.SECONDS);
		assertThat(next).isNotNull();
		return next;
	}

	private void arrive(String kind, String topic) {
		Inbox lane = find(kind, topic);
		assertThat(lane).isNotNull();
		lane.add(new Mail.Delivery(1, 0, letter(kind, topic)));
	}

	private @Nullable Inbox find(String kind, String topic) {
		return this.lanes.find(letter(kind, topic));
	}

	private static Letter letter(String kind, String topic) {
		return new Letter(kind, topic, ByteBuffer.allocate(0));
	}

}
