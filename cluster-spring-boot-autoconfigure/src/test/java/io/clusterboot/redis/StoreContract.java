package io.clusterboot.redis;

import java.time.Duration;
import java.util.List;

import io.clusterboot.redis.ClusterContract.Text;
import io.clusterboot.redis.ClusterContract.Worker;
import io.clusterboot.store.ClusterStore;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.cache.Cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * What an application may rely on that has something kept, wherever that is.
 */
@Timeout(60)
abstract class StoreContract {

	static final Duration TIMEOUT = Duration.ofSeconds(20);

	abstract Worker start();

	@Test
	void whatIsKeptIsThereUntilItsTimeIsOver() {
		ClusterStore store = start().store();
		assertThat(store.get("timed")).isNull();
		assertThat(store.renew("timed", TIMEOUT)).isNull();
		byte[] bytes = { 0, -1, '\r', '\n' };
		store.put("timed", bytes, TIMEOUT, null);
		ClusterStore.Entry kept = store.get("timed");
		assertThat(kept).isNotNull();
		assertThat(kept.value()).isEqualTo(bytes);
		ClusterStore.Entry renewed = store.renew("timed", Duration.ofMillis(300));
		assertThat(renewed).isNotNull();
		assertThat(renewed.version()).isEqualTo(kept.version()).isPositive();
		Awaitility.await().atMost(TIMEOUT).until(() -> store.get("timed") == null);
		store.put("timed", new byte[0], Duration.ofSeconds(1), null);
		assertThat(store.renew("timed", Duration.ofDays(1_000_000))).isNotNull();
		Awaitility.await().pollDelay(Duration.ofMillis(1200)).until(() -> store.get("timed") != null);
		assertThat(store.remove("timed")).isTrue();
		assertThat(store.remove("timed")).isFalse();
		assertThat(store.get("timed")).isNull();
	}

	@Test
	void whatIsReplacedHasToHaveTheVersionThatWasRead() {
		ClusterStore store = start().store();
		assertThat(replace(store, "one", 5)).isEqualTo(ClusterStore.ABSENT);
		assertThat(replace(store, "one", -1)).isEqualTo(ClusterStore.ABSENT);
		long first = replace(store, "one", ClusterStore.ABSENT);
		assertThat(first).isPositive();
		assertThat(replace(store, "two", ClusterStore.ABSENT)).isEqualTo(ClusterStore.ABSENT);
		long second = replace(store, "two", first);
		assertThat(second).isGreaterThan(first);
		assertThat(replace(store, "three", first)).isEqualTo(ClusterStore.ABSENT);
		ClusterStore.Entry kept = store.get("replaced");
		assertThat(kept).isNotNull();
		assertThat(new String(kept.value())).isEqualTo("two");
		assertThat(kept.version()).isEqualTo(second);
		store.remove("replaced");
		assertThat(replace(store, "four", second)).isEqualTo(ClusterStore.ABSENT);
		assertThat(replace(store, "four", ClusterStore.ABSENT)).isGreaterThan(second);
	}

	private static long replace(ClusterStore store, String value, long version) {
		return store.replace("replaced", value.getBytes(), TIMEOUT, null, version);
	}

	@Test
	void groupHasItsKeysThoseUsedLastFirst() {
		ClusterStore store = start().store();
		byte[] value = { 1 };
		store.put("a", value, TIMEOUT, "group");
		store.put("b", value, TIMEOUT, "group");
		store.put("c \u00e9", value, TIMEOUT, "group");
		store.put("d", value, TIMEOUT, "other");
		store.put("e", value, TIMEOUT, null);
		store.put("f", value, TIMEOUT, "group");
		store.get("a");
		store.remove("f");
		assertThat(store.keys("group")).containsExactly("a", "c \u00e9", "b");
		store.renew("c \u00e9", TIMEOUT);
		store.renew("b", Duration.ofMillis(100));
		Awaitility.await().atMost(TIMEOUT).until(() -> store.get("b") == null);
		assertThat(store.keys("group")).containsExactly("c \u00e9", "a");
		store.put("a", value, TIMEOUT, "other");
		assertThat(store.keys("group")).containsExactly("c \u00e9");
		store.removeAll("other");
		assertThat(store.keys("other")).isEmpty();
		assertThat(store.get("a")).isNull();
		assertThat(store.get("d")).isNull();
		assertThat(store.get("e")).isNotNull();
		for (int i = 0; i < 1200; i++) {
			store.put("key" + i, value, TIMEOUT, "large");
		}
		assertThat(store.keys("large")).hasSize(1000).startsWith("key1199").endsWith("key200");
		store.removeAll("large");
		assertThat(store.keys("large")).isEmpty();
		assertThat(store.get("key0")).isNull();
		assertThat(store.keys("group")).containsExactly("c \u00e9");
	}

	@Test
	void whatIsTooLongIsNotKept() {
		ClusterStore store = start().store();
		String longest = "\u00e9".repeat(250);
		byte[] value = new byte[1024 * 1024];
		store.put(longest, value, TIMEOUT, longest);
		assertThat(store.get(longest)).isNotNull();
		assertThat(store.keys(longest)).containsExactly(longest);
		assertThatIllegalArgumentException().isThrownBy(() -> store.put("a", new byte[value.length + 1], TIMEOUT, null))
			.withMessageContaining("at most 1048576 bytes");
		for (String name : List.of(longest + "x", "x".repeat(501))) {
			assertThatIllegalArgumentException().isThrownBy(() -> store.get(name)).withMessageContaining("501");
			assertThatIllegalArgumentException().isThrownBy(() -> store.put("a", value, TIMEOUT, name));
			assertThatIllegalArgumentException().isThrownBy(() -> store.remove(name));
			assertThatIllegalArgumentException().isThrownBy(() -> store.keys(name));
			assertThatIllegalArgumentException().isThrownBy(() -> store.removeAll(name));
		}
		assertThatIllegalArgumentException().isThrownBy(() -> store.put("a", value, Duration.ZERO, null))
			.withMessageContaining("more than zero");
		assertThatIllegalArgumentException().isThrownBy(() -> store.renew("a", Duration.ofSeconds(-1)));
	}

	@Test
	void cacheKeepsWhatItIsGiven() {
		Cache cache = start().cache("owners");
		assertThat(cache.get("a")).isNull();
		cache.put("a", List.of(new Text("x"), 1L));
		assertThat(cache.get("a", Object.class)).isEqualTo(List.of(new Text("x"), 1L));
		assertThat(cache.putIfAbsent("a", "y")).isNotNull();
		cache.put("b", null);
		assertThat(cache.get("b")).isNotNull().extracting(Cache.ValueWrapper::get).isNull();
		assertThat(cache.get("b", () -> "not asked")).isNull();
		assertThat(cache.get("c", () -> new Text("computed"))).isEqualTo(new Text("computed"));
		assertThat(cache.get("c", Text.class)).isEqualTo(new Text("computed"));
		assertThat(cache.evictIfPresent("c")).isTrue();
		assertThat(cache.evictIfPresent("c")).isFalse();
		assertThat(cache.invalidate()).isTrue();
		assertThat(cache.invalidate()).isFalse();
		assertThat(cache.get("a")).isNull();
	}

}
