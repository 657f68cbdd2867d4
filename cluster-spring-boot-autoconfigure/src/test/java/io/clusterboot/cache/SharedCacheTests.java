package io.clusterboot.cache;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

import io.clusterboot.PrimaryUnavailableException;
import io.clusterboot.store.MemoryStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.cache.Cache;
import org.springframework.cache.Cache.ValueWrapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link SharedCache}, as workers see it.
 */
@ExtendWith(OutputCaptureExtension.class)
class SharedCacheTests {

	private final MemoryStore store = new MemoryStore(1000);

	private final Cache cache = worker(1).getCache("owners");

	private final Cache other = worker(2).getCache("owners");

	private SharedCacheManager worker(int id) {
		return new SharedCacheManager(this.store, new WorkerLocks().of(id), Duration.ofMinutes(5), JsonMapper::new,
				getClass().getClassLoader());
	}

	@Test
	void whatOneWorkerPutsAllHave() {
		assertThat(this.other.get("a")).isNull();
		this.cache.put("a", List.of(1L));
		assertThat(this.other.get("a")).extracting(ValueWrapper::get).isEqualTo(List.of(1L));
		assertThat(this.other.get("a", Object.class)).isEqualTo(List.of(1L))
			.isNotSameAs(this.other.get("a", Object.class));
		assertThatIllegalStateException().isThrownBy(() -> this.other.get("a", String.class));
		assertThat(this.store.keys()).singleElement()
			.satisfies((key) -> assertThat(this.store.timeToLive(key)).hasMinutes(5));
	}

	@Test
	void nullIsAValue() {
		this.cache.put("a", null);
		assertThat(this.other.get("a")).isNotNull().extracting(ValueWrapper::get).isNull();
		assertThat(this.other.get("a", String.class)).isNull();
		assertThat(this.other.get("a", () -> "not asked")).isNull();
		assertThat(this.other.putIfAbsent("a", "x")).isNotNull().extracting(ValueWrapper::get).isNull();
	}

	@Test
	void onlyTheFirstOneIsPutIfAbsent() {
		assertThat(this.cache.putIfAbsent("a", "first")).isNull();
		assertThat(this.other.putIfAbsent("a", "second")).extracting(ValueWrapper::get).isEqualTo("first");
		assertThat(this.cache.get("a", String.class)).isEqualTo("first");
	}

	@Test
	void evictionsReachAllWorkersAndNoOtherCache() {
		Cache elsewhere = worker(1).getCache("pets");
		for (Cache each : List.of(this.cache, elsewhere)) {
			each.put("a", 1);
			each.put("b", 2);
			each.put("c", 3);
		}
		this.cache.evict("a");
		assertThat(this.other.get("a")).isNull();
		assertThat(this.cache.evictIfPresent("b")).isTrue();
		assertThat(this.cache.evictIfPresent("b")).isFalse();
		assertThat(this.other.get("b")).isNull();
		assertThat(this.other.get("c")).isNotNull();
		this.cache.clear();
		assertThat(this.other.get("c")).isNull();
		assertThat(this.cache.invalidate()).isFalse();
		this.cache.put("a", 1);
		assertThat(this.other.invalidate()).isTrue();
		assertThat(this.cache.get("a")).isNull();
		assertThat(elsewhere.get("a")).isNotNull();
	}

	@Test
	void cacheIsThereWhenItIsNamed() {
		SharedCacheManager manager = worker(1);
		assertThat(manager.getCacheNames()).isEmpty();
		assertThat(manager.getCache("a")).isSameAs(manager.getCache("a"));
		assertThat(manager.getCacheNames()).containsExactly("a");
		assertThatIllegalArgumentException().isThrownBy(() -> manager.getCache("a".repeat(101)))
			.withMessage("The name of a cache has 1 to 100 characters, not 101");
		assertThatIllegalArgumentException().isThrownBy(
				() -> new SharedCacheManager(this.store, new WorkerLocks().of(1), Duration.ZERO, JsonMapper::new, null))
			.withMessageStartingWith("The property 'cluster.cache.time-to-live' must be a duration greater than zero");
	}

	@Test
	void valueThatIsComputedIsKept() {
		assertThat(this.cache.get("a", () -> List.of("x"))).isEqualTo(List.of("x"));
		assertThat(this.other.get("a", () -> List.of("not asked"))).isEqualTo(List.of("x"));
	}

	@Test
	void valueThatIsEvictedWhileItIsComputedIsNotKept() {
		assertThat(this.cache.get("a", () -> {
			this.other.evict("a");
			return "old";
		})).isEqualTo("old");
		assertThat(this.cache.get("a")).isNull();
		assertThat(this.cache.get("b", () -> {
			this.other.clear();
			return "old";
		})).isEqualTo("old");
		assertThat(this.cache.get("b")).isNull();
		assertThat(this.cache.get("c", () -> {
			this.other.put("c", "new");
			return "old";
		})).isEqualTo("old");
		assertThat(this.cache.get("c", String.class)).isEqualTo("new");
	}

	@Test
	void valueThatIsBeingComputedIsNotThere() {
		this.cache.get("a", () -> {
			assertThat(this.other.get("a")).isNull();
			assertThat(this.other.evictIfPresent("a")).isFalse();
			return "x";
		});
		this.cache.get("b", () -> {
			assertThat(this.other.putIfAbsent("b", "first")).isNull();
			return "second";
		});
		assertThat(this.cache.get("b", String.class)).isEqualTo("first");
	}

	@Test
	void valueThatIsTooLargeIsNotKeptAndNeitherIsTheOneBefore(CapturedOutput output) {
		String large = "x".repeat(1001);
		this.cache.put("a", "small");
		this.cache.put("a", large);
		assertThat(this.other.get("a")).isNull();
		assertThat(this.cache.get("b", () -> large)).isEqualTo(large);
		assertThat(this.other.get("b")).isNull();
		assertThat(this.cache.putIfAbsent("c", large)).isNull();
		assertThat(this.store.keys()).isEmpty();
		assertThat(output.getOut().lines().filter((line) -> line.contains("WARN"))).singleElement()
			.asString()
			.contains("A value of the cache owners is not kept", "1003 bytes are too many");
	}

	@Test
	void storeThatKeepsNothingFailsNobody() {
		Cache vain = new SharedCacheManager(new MemoryStore(0), new WorkerLocks().of(1), Duration.ofMinutes(5),
				JsonMapper::new, null)
			.getCache("owners");
		vain.put("a", "x");
		assertThat(vain.get("a")).isNull();
		assertThat(vain.get("a", () -> "y")).isEqualTo("y");
	}

	@Test
	void whatHasNoFormFails() {
		assertThatIllegalArgumentException().isThrownBy(() -> this.cache.put("a", new Object()))
			.withMessageContaining("'owners' cannot keep a java.lang.Object under the key a");
		assertThatIllegalArgumentException().isThrownBy(() -> this.cache.get("a", Object::new));
		assertThatIllegalArgumentException().isThrownBy(() -> this.cache.get(1.5)).withMessageContaining("'owners'");
	}

	@Test
	void silentPrimaryFailsNobodyButWhoEvicts(CapturedOutput output) {
		this.cache.put("a", "x");
		this.store.silent(true);
		for (int i = 0; i < 3; i++) {
			assertThat(this.cache.get("a")).isNull();
			assertThat(this.cache.get("a", () -> "y")).isEqualTo("y");
			this.cache.put("a", "z");
			assertThat(this.cache.putIfAbsent("a", "z")).isNull();
		}
		assertThatExceptionOfType(PrimaryUnavailableException.class).isThrownBy(() -> this.cache.evict("a"));
		assertThatExceptionOfType(PrimaryUnavailableException.class).isThrownBy(() -> this.cache.evictIfPresent("a"));
		assertThatExceptionOfType(PrimaryUnavailableException.class).isThrownBy(this.cache::clear);
		assertThat(output.getOut().lines().filter((line) -> line.contains("WARN"))).singleElement()
			.asString()
			.contains(
					"The store of the cluster does not answer. Until it does, values of shared caches are computed anew");
	}

	@Test
	void silentPrimaryKeepsWhoeverReadsWaitingOnce() {
		this.store.silent(true);
		assertThat(this.cache.get("a")).isNull();
		this.cache.put("a", "computed");
		assertThat(this.cache.get("a", () -> "computed")).isEqualTo("computed");
		assertThat(this.store.unanswered()).isEqualTo(1);
		this.cache.put("a", "changed");
		assertThat(this.store.unanswered()).as("so that it hears of what has changed").isEqualTo(2);
	}

	@Test
	void silentPrimaryIsAskedAgainAfterAWhile(CapturedOutput output) {
		AtomicLong now = new AtomicLong();
		CautiousStore cautious = new CautiousStore(this.store, Duration.ofMinutes(5), now::get);
		cautious.put("a", "group", new byte[1]);
		this.store.silent(true);
		for (int minute = 0; minute < 3; minute++) {
			for (int i = 0; i < 6; i++) {
				assertThat(cautious.get("a")).isNull();
				assertThat(cautious.answers()).isFalse();
				now.addAndGet(Duration.ofSeconds(10).toNanos());
			}
		}
		this.store.silent(false);
		assertThat(cautious.answers()).isTrue();
		assertThat(cautious.get("a")).isNotNull();
		assertThat(output.getOut().lines().filter((line) -> line.contains("does not answer"))).hasSize(3);
	}

	@Test
	void futuresAreKeptWhenTheyAreThere() {
		assertThat(this.cache.retrieve("a")).isNull();
		assertThat(this.cache.retrieve("a", () -> CompletableFuture.completedFuture("x")).join()).isEqualTo("x");
		assertThat(Objects.requireNonNull(this.other.retrieve("a")).join()).isInstanceOf(ValueWrapper.class)
			.extracting((wrapper) -> ((ValueWrapper) wrapper).get())
			.isEqualTo("x");
		List<String> asked = new ArrayList<>();
		Supplier<CompletableFuture<String>> failing = () -> {
			asked.add("once");
			return CompletableFuture.failedFuture(new IllegalStateException("no"));
		};
		assertThat(this.other.retrieve("a", failing).join()).isEqualTo("x");
		assertThat(asked).isEmpty();
		assertThat(this.other.retrieve("b", failing)).failsWithin(Duration.ofSeconds(10))
			.withThrowableThat()
			.withCauseInstanceOf(IllegalStateException.class);
	}

}
