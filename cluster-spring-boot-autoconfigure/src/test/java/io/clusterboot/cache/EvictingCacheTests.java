package io.clusterboot.cache;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import org.springframework.cache.concurrent.ConcurrentMapCache;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link EvictingCache}.
 */
class EvictingCacheTests {

	private final List<@Nullable Object> told = new ArrayList<>();

	private final EvictingCache cache = new EvictingCache(new ConcurrentMapCache("values"), this.told::add);

	@Test
	void othersHearOfEvictionsAndOfNothingElse() {
		this.cache.put("a", 1);
		this.cache.putIfAbsent("b", 2);
		assertThat(this.cache.get("a", Integer.class)).isEqualTo(1);
		assertThat(this.told).isEmpty();
		this.cache.evict("a");
		this.cache.evictIfPresent("b");
		this.cache.clear();
		this.cache.invalidate();
		assertThat(this.told).containsExactly("a", "b", null, null);
		assertThat(this.cache.get("a")).isNull();
	}

	@Test
	void whatOthersEvictIsNotToldAgain() {
		this.cache.put("a", 1);
		this.cache.put("b", 2);
		this.cache.evictHere("a");
		assertThat(this.cache.get("a")).isNull();
		assertThat(this.cache.get("b")).isNotNull();
		this.cache.evictHere(null);
		assertThat(this.cache.get("b")).isNull();
		assertThat(this.told).isEmpty();
	}

	@Test
	void valueThatWasAskedForBeforeAnEvictionIsNotKeptAfterIt() {
		assertThat(this.cache.get("a")).isNull();
		this.cache.evictHere("a");
		this.cache.put("a", "old");
		assertThat(this.cache.get("a")).isNull();
		this.cache.put("a", "new");
		assertThat(this.cache.get("a", String.class)).isEqualTo("new");
	}

	@Test
	void valueThatIsLoadedDuringAnEvictionIsNotKept() {
		assertThat(this.cache.get("a", () -> {
			this.cache.evictHere("b");
			return "old";
		})).isEqualTo("old");
		assertThat(this.cache.get("a")).isNull();
	}

	@Test
	void valueThatIsAskedForWhileAnotherIsLoadedDoesNotHideAnEviction() {
		assertThat(this.cache.get("a")).isNull();
		this.cache.evictHere("a");
		assertThat(this.cache.get("b")).isNull();
		this.cache.put("b", "new");
		this.cache.put("a", "old");
		assertThat(this.cache.get("a")).isNull();
		assertThat(this.cache.get("b", String.class)).isEqualTo("new");
	}

	@Test
	void valueThatNobodyPutAfterAskingDoesNotKeepAnOldOneAlive() {
		assertThat(this.cache.get("a")).isNull();
		this.cache.put("b", "old");
		this.cache.evictHere("c");
		// As @CachePut does, on the thread that once asked in vain
		this.cache.get("b");
		this.cache.put("b", "new");
		assertThat(this.cache.get("b", String.class)).isEqualTo("new");
		this.cache.put("a", "first");
		assertThat(this.cache.get("a")).isNull();
		this.cache.put("a", "second");
		assertThat(this.cache.get("a", String.class)).isEqualTo("second");
	}

}
