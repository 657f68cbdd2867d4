package io.clusterboot.worker;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;

import io.clusterboot.PrimaryUnavailableException;
import io.clusterboot.channel.Message;
import io.clusterboot.channel.Reply;
import io.clusterboot.channel.Request;
import io.clusterboot.contract.WorkerIdentity;
import io.clusterboot.lead.LocalLeader;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link RemoteStore}.
 */
class RemoteStoreTests {

	private static final Duration HOUR = Duration.ofHours(1);

	private final List<Message> sent = new CopyOnWriteArrayList<>();

	private final RemoteCluster cluster = new RemoteCluster(() -> new WorkerIdentity(7, 2, 3, 8080, 1, "/tmp"),
			this.sent::add, new LocalLeader(1));

	private final RemoteStore store = new RemoteStore(this.cluster);

	@Test
	void whatIsKeptIsKeptByThePrimary() {
		byte[] value = { 1, 2, 3 };
		answered(() -> {
			this.store.put("key", value, HOUR, "group");
			return null;
		}, (id) -> new Reply.Version(id, 5));
		assertThat(this.sent.get(0))
			.isEqualTo(new Request.Put(id(0), "key", ByteBuffer.wrap(value), HOUR, "group", -1));
		assertThat(answered(() -> this.store.replace("key", value, HOUR, null, 5), (id) -> new Reply.Version(id, 6)))
			.isEqualTo(6);
		assertThat(this.sent.get(1)).isEqualTo(new Request.Put(id(1), "key", ByteBuffer.wrap(value), HOUR, null, 5));
		ByteBuffer part = ByteBuffer.wrap(new byte[] { 9, 1, 2, 9 }, 1, 2);
		assertThat(answered(() -> this.store.get("key"), (id) -> new Reply.Kept(id, part, 6)))
			.satisfies((entry) -> assertThat(entry.value()).containsExactly(1, 2))
			.satisfies((entry) -> assertThat(entry.version()).isEqualTo(6));
		assertThat(this.sent.get(2)).isEqualTo(new Request.Get(id(2), "key", null));
		assertThat(answered(() -> this.store.renew("key", HOUR), (id) -> new Reply.Kept(id, null, 0))).isNull();
		assertThat(this.sent.get(3)).isEqualTo(new Request.Get(id(3), "key", HOUR));
		assertThat(answered(() -> this.store.remove("key"), (id) -> new Reply.Removed(id, true))).isTrue();
		assertThat(answered(() -> this.store.keys("group"), (id) -> new Reply.Keys(id, List.of("a"))))
			.containsExactly("a");
		answered(() -> {
			this.store.removeAll("group");
			return null;
		}, (id) -> new Reply.Removed(id, true));
		assertThat(this.sent).endsWith(new Request.Remove(id(4), "key"), new Request.Keys(id(5), "group"),
				new Request.RemoveAll(id(6), "group"));
	}

	@Test
	void whatIsNotAllowedIsNotAskedFor() {
		String tooLong = "x".repeat(501);
		byte[] value = new byte[0];
		assertThatIllegalArgumentException().isThrownBy(() -> this.store.get(tooLong))
			.withMessage("A key has at most 500 bytes in UTF-8, not 501");
		assertThatIllegalArgumentException().isThrownBy(() -> this.store.renew(tooLong, HOUR));
		assertThatIllegalArgumentException().isThrownBy(() -> this.store.renew("key", Duration.ZERO));
		assertThatIllegalArgumentException().isThrownBy(() -> this.store.put(tooLong, value, HOUR, null));
		assertThatIllegalArgumentException().isThrownBy(() -> this.store.put("key", value, HOUR, tooLong));
		assertThatIllegalArgumentException().isThrownBy(() -> this.store.put("key", value, HOUR.negated(), null));
		assertThatIllegalArgumentException()
			.isThrownBy(() -> this.store.put("key", new byte[1024 * 1024 + 1], HOUR, null));
		assertThatIllegalArgumentException().isThrownBy(() -> this.store.remove(tooLong));
		assertThatIllegalArgumentException().isThrownBy(() -> this.store.keys(tooLong));
		assertThatIllegalArgumentException().isThrownBy(() -> this.store.removeAll(tooLong));
		assertThat(this.store.replace("key", value, HOUR, null, -1)).isZero();
		assertThat(this.sent).isEmpty();
	}

	@Test
	void whatThePrimaryRefusesForGoodIsAnIllegalArgument() {
		assertThatIllegalArgumentException().isThrownBy(() -> answered(() -> {
			this.store.put("key", new byte[10], HOUR, null);
			return null;
		}, (id) -> new Reply.Invalid(id, "'cluster.store.max-size' is 0"))).withMessageContaining("max-size");
	}

	@Test
	void busyPrimaryIsAskedAgain() {
		CompletableFuture<Boolean> there = CompletableFuture.supplyAsync(() -> this.store.get("key") != null, thread());
		for (int i = 0; i < 3; i++) {
			int asked = i;
			Awaitility.await().until(() -> this.sent.size() > asked);
			this.cluster.received(new Reply.Refusal(id(asked), "busy"));
		}
		Awaitility.await().until(() -> this.sent.size() > 3);
		this.cluster.received(new Reply.Kept(id(3), ByteBuffer.allocate(1), 1));
		assertThat(there).succeedsWithin(Duration.ofSeconds(10)).isEqualTo(true);
	}

	@Test
	@Timeout(30)
	void silentPrimaryKeepsNobodyWaitingForLongNorIsAskedTooMuch() {
		long begun = System.nanoTime();
		List<CompletableFuture<Void>> askers = IntStream.range(0, 200)
			.mapToObj(
					(i) -> CompletableFuture.runAsync(() -> assertThatExceptionOfType(PrimaryUnavailableException.class)
						.isThrownBy(() -> this.store.put("key" + i, new byte[100_000], HOUR, null))
						.withMessageStartingWith("The primary "), thread()))
			.toList();
		assertThat(askers).allSatisfy((asker) -> assertThat(asker).succeedsWithin(Duration.ofSeconds(15)));
		assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(8));
		assertThat(this.sent).hasSizeBetween(1, 64);
	}

	private <T> T answered(Supplier<T> question, Function<Long, Reply> reply) {
		int asked = this.sent.size();
		CompletableFuture<T> answer = CompletableFuture.supplyAsync(question, thread());
		Awaitility.await().until(() -> this.sent.size() > asked);
		this.cluster.received(reply.apply(id(asked)));
		try {
			return answer.join();
		}
		catch (CompletionException ex) {
			throw (RuntimeException) ex.getCause();
		}
	}

	private static Executor thread() {
		return (task) -> new Thread(task, "asker").start();
	}

	private long id(int index) {
		return ((Request) this.sent.get(index)).id();
	}

}
