package io.clusterboot.keep;

import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

import io.clusterboot.PrimarySnapshot;
import io.clusterboot.contract.StoreLimits;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link BlockStore}.
 */
class BlockStoreTests {

	private static final int MEGABYTE = 1024 * 1024;

	private static final int OPERATIONS = 20_000;

	private static final Duration HOUR = Duration.ofHours(1);

	// Soon it begins again from below, as System.nanoTime() may
	private static final long START = Long.MAX_VALUE - Duration.ofMillis(5).toNanos();

	private final BlockStore store = new BlockStore(MEGABYTE);

	private long now = START;

	@Test
	void whatIsPutIsThereUntilItsTimeIsOver() {
		put("key", "value", HOUR, null);
		assertThat(get("key")).isEqualTo("value");
		this.now += HOUR.toNanos() - 1;
		assertThat(get("key")).isEqualTo("value");
		this.now++;
		assertThat(get("key")).isNull();
		assertThat(this.store.snapshot().entries()).isZero();
		assertThat(this.store.snapshot().evictions()).isZero();
	}

	@Test
	void whatIsRenewedIsThereForLonger() {
		put("key", "value", HOUR, null);
		this.now += HOUR.toNanos() / 2;
		BlockStore.Kept before = this.store.get("key", null, this.now);
		BlockStore.Kept renewed = this.store.get("key", HOUR, this.now);
		assertThat(renewed.version()).isEqualTo(before.version());
		this.now += HOUR.toNanos() - 1;
		assertThat(get("key")).isEqualTo("value");
		assertThat(this.store.get("key", Duration.ofNanos(1), this.now)).isNotNull();
		this.now++;
		assertThat(this.store.get("key", HOUR, this.now)).isNull();
	}

	@Test
	void whatIsReplacedHasToHaveTheVersionThatWasRead() {
		assertThat(replace("key", "one", 5)).isEqualTo(BlockStore.ABSENT);
		long first = replace("key", "one", BlockStore.ABSENT);
		assertThat(first).isPositive();
		assertThat(replace("key", "two", BlockStore.ABSENT)).isEqualTo(BlockStore.ABSENT);
		long second = replace("key", "two", first);
		assertThat(second).isGreaterThan(first);
		assertThat(replace("key", "three", first)).isEqualTo(BlockStore.ABSENT);
		assertThat(get("key")).isEqualTo("two");
		this.store.remove("key", this.now);
		put("key", "four", HOUR, null);
		assertThat(replace("key", "five", second)).isEqualTo(BlockStore.ABSENT);
	}

	@Test
	void groupHasItsKeysThoseUsedLastFirst() {
		put("a", "1", HOUR, "group");
		put("b", "2", Duration.ofMinutes(1), "group");
		put("c", "3", HOUR, "group");
		put("d", "4", HOUR, "other");
		put("e", "5", HOUR, null);
		get("a");
		assertThat(this.store.keys("group", this.now)).containsExactly("a", "c", "b");
		this.now += Duration.ofMinutes(1).toNanos();
		assertThat(this.store.keys("group", this.now)).containsExactly("a", "c");
		put("c", "3", HOUR, "other");
		assertThat(this.store.keys("group", this.now)).containsExactly("a");
		this.store.removeAll("other");
		assertThat(this.store.keys("other", this.now)).isEmpty();
		assertThat(get("c")).isNull();
		assertThat(get("e")).isEqualTo("5");
	}

	@Test
	void groupTellsNoMoreThanAThousandKeys() {
		IntStream.range(0, 1200).forEach((i) -> put("key" + i, "", HOUR, "group"));
		assertThat(this.store.keys("group", this.now)).hasSize(1000).startsWith("key1199").endsWith("key200");
		this.store.removeAll("group");
		assertThat(this.store.snapshot()).isEqualTo(new PrimarySnapshot.Store(0, 0, MEGABYTE, 0, 0));
	}

	@Test
	void whatWasNotUsedForLongestMakesRoomAndIsCounted() {
		int each = 98_000;
		IntStream.range(0, 10).forEach((i) -> put("key" + i, "x".repeat(each), HOUR, null));
		assertThat(this.store.snapshot().evictions()).isZero();
		get("key0");
		put("more", "x".repeat(each), HOUR, null);
		assertThat(get("key0")).isNotNull();
		assertThat(get("key1")).isNull();
		assertThat(get("key2")).isNotNull();
		PrimarySnapshot.Store full = this.store.snapshot();
		assertThat(full.evictions()).isEqualTo(1);
		assertThat(full.entries()).isEqualTo(10);
		assertThat(full.bytes()).isBetween(10L * each, full.maxBytes());
	}

	@Test
	void whatHasRunOutMakesRoomBeforeWhatHasNot() {
		put("old", "x".repeat(1000), HOUR, null);
		IntStream.range(0, 200).forEach((i) -> put("short" + i, "x".repeat(4000), Duration.ofSeconds(1), null));
		this.now += Duration.ofSeconds(2).toNanos();
		IntStream.range(0, 200).forEach((i) -> put("long" + i, "x".repeat(4000), HOUR, null));
		assertThat(get("old")).isNotNull();
		assertThat(this.store.snapshot().evictions()).isZero();
	}

	@Test
	void nothingIsKeptInAStoreWithoutSize() {
		BlockStore none = new BlockStore(0);
		assertThatIllegalArgumentException()
			.isThrownBy(() -> none.put("key", ByteBuffer.allocate(0), HOUR, null, StoreLimits.ANY_VERSION, this.now))
			.withMessageContaining("'cluster.store.max-size' is 0");
		assertThat(none.get("key", HOUR, this.now)).isNull();
		assertThat(none.remove("key", this.now)).isFalse();
		assertThat(none.keys("group", this.now)).isEmpty();
		none.removeAll("group");
		assertThat(none.snapshot()).isEqualTo(new PrimarySnapshot.Store(0, 0, 0, 0, 1));
	}

	@ParameterizedTest
	@ValueSource(longs = { -1, StoreLimits.LARGEST + 1, Long.MAX_VALUE, Long.MIN_VALUE })
	void storeOfASizeThatIsNotAllowedIsRefused(long size) {
		assertThatIllegalArgumentException().isThrownBy(() -> new BlockStore(size))
			.withMessageContaining("cluster.store.max-size")
			.withMessageContaining(String.valueOf(size));
	}

	@ParameterizedTest
	@ValueSource(longs = { 1, 100, 263, 264, 500, 1000, 4096, 100_000, MEGABYTE - 1, MEGABYTE + 1, 5_555_555 })
	void whatFitsByItselfIsKeptAndWhatDoesNotIsRefusedAndHarmsNothing(long size) {
		BlockStore odd = new BlockStore(size);
		int longest = -1;
		for (int length : new int[] { 0, 1, 150, 200, 800, 3900, 4000, 90_000, 99_000, 1_000_000, MEGABYTE }) {
			try {
				odd.put("key", ByteBuffer.wrap(new byte[length]), HOUR, "group", StoreLimits.ANY_VERSION, this.now);
				longest = length;
			}
			catch (IllegalArgumentException ex) {
				assertThat(ex).hasMessageContaining("cluster.store.max-size");
			}
			assertThat(odd.snapshot().bytes()).isLessThanOrEqualTo(size);
			BlockStore.Kept kept = odd.get("key", null, this.now);
			assertThat((kept != null) ? kept.value().length : -1).isEqualTo(longest);
		}
	}

	@Test
	void whatIsNotAllowedIsRefused() {
		String longest = "€".repeat(166) + "12";
		put(longest, "value", HOUR, longest);
		assertThat(get(longest)).isEqualTo("value");
		assertThat(this.store.keys(longest, this.now)).containsExactly(longest);
		assertThatIllegalArgumentException().isThrownBy(() -> put(longest + "3", "", HOUR, null))
			.withMessage("A key has at most 500 bytes in UTF-8, not 501");
		assertThatIllegalArgumentException().isThrownBy(() -> put("key", "", HOUR, longest + "3"))
			.withMessageStartingWith("A group has at most");
		assertThatIllegalArgumentException().isThrownBy(() -> get(longest + "3"));
		assertThatIllegalArgumentException().isThrownBy(() -> this.store.remove("x".repeat(MEGABYTE), this.now));
		assertThatIllegalArgumentException().isThrownBy(() -> this.store.keys(longest + "3", this.now));
		assertThatIllegalArgumentException().isThrownBy(() -> this.store.removeAll(longest + "3"));
		assertThatIllegalArgumentException().isThrownBy(() -> put("key", "x".repeat(MEGABYTE + 1), HOUR, null))
			.withMessage("What is kept has at most 1048576 bytes, not 1048577");
		for (Duration duration : List.of(Duration.ZERO, Duration.ofNanos(-1), Duration.ofSeconds(Long.MIN_VALUE))) {
			assertThatIllegalArgumentException().isThrownBy(() -> put("key", "", duration, null));
			assertThatIllegalArgumentException().isThrownBy(() -> this.store.get("key", duration, this.now));
		}
		assertThat(this.store.snapshot().entries()).isOne();
	}

	@Test
	void longestTimeIsForEver() {
		put("key", "value", Duration.ofSeconds(Long.MAX_VALUE, 999_999_999), null);
		this.now += Duration.ofDays(30_000).toNanos();
		assertThat(get("key")).isEqualTo("value");
	}

	@Test
	void memoryIsTakenWhenItIsNeededAndNeverMore() {
		long before = directMemory();
		BlockStore large = new BlockStore(5 * MEGABYTE + 12_345);
		large.get("key", HOUR, this.now);
		large.keys("group", this.now);
		large.removeAll("group");
		assertThat(directMemory()).isLessThanOrEqualTo(before);
		large.put("key", ByteBuffer.allocate(1), HOUR, null, StoreLimits.ANY_VERSION, this.now);
		assertThat(directMemory() - before).isLessThanOrEqualTo(MEGABYTE);
		for (int i = 0; i < 50; i++) {
			large.put("key" + i, ByteBuffer.allocate(500_000), HOUR, null, StoreLimits.ANY_VERSION, this.now);
		}
		assertThat(directMemory() - before).isLessThanOrEqualTo(5 * MEGABYTE + 12_345);
		assertThat(large.snapshot().entries()).isEqualTo(10);
	}

	@Test
	void manyMayUseItAtOnce() {
		List<CompletableFuture<Void>> users = new ArrayList<>();
		for (int user = 0; user < 4; user++) {
			int seed = user;
			users.add(CompletableFuture.runAsync(() -> {
				RandomGenerator random = new SplittableRandom(seed);
				for (int i = 0; i < 5000; i++) {
					String key = "key" + random.nextInt(100);
					put(key, "x".repeat(random.nextInt(20_000)), HOUR, "group" + random.nextInt(3));
					get(key);
					this.store.keys("group1", this.now);
					assertThat(this.store.snapshot().bytes()).isBetween(0L, (long) MEGABYTE);
				}
			}));
		}
		assertThat(users).allSatisfy((user) -> assertThat(user).succeedsWithin(Duration.ofMinutes(1)));
		IntStream.range(0, 3).forEach((group) -> this.store.removeAll("group" + group));
		assertThat(this.store.snapshot().bytes()).isZero();
	}

	@ParameterizedTest(name = "seed {0}")
	@MethodSource("seeds")
	void storeDoesAsTheModelSays(long seed) {
		RandomGenerator random = new SplittableRandom(seed);
		boolean exact = random.nextBoolean();
		long size = 1000 + random.nextLong((random.nextBoolean()) ? MEGABYTE : 12 * MEGABYTE);
		int keys = 1 + random.nextInt((random.nextBoolean()) ? 50 : 2000);
		BlockStore tried = new BlockStore(size);
		int segments = (int) ((size + MEGABYTE - 1) / MEGABYTE);
		int room = segments * ((int) (size / segments) / (Blocks.SIZE + 8));
		ModelStore model = new ModelStore(tried, room, exact);
		int longest = (random.nextBoolean()) ? 2000 : 20_000;
		for (int i = 0; i < OPERATIONS; i++) {
			this.now += random.nextInt(1000);
			String key = "key" + "k".repeat(random.nextInt(3) * 100) + random.nextInt(keys);
			String group = (random.nextInt(3) > 0) ? "group" + random.nextInt(5) : null;
			Duration time = (exact) ? HOUR : Duration.ofNanos(1 + random.nextInt(500_000));
			try {
				switch (random.nextInt(12)) {
					case 0 -> model.removed(key, tried.remove(key, this.now), this.now);
					case 1, 2, 3 -> model.got(key, tried.get(key, null, this.now), this.now);
					case 4, 5 -> {
						BlockStore.Kept kept = tried.get(key, time, this.now);
						model.got(key, kept, this.now);
						if (kept != null) {
							model.expire(key, this.now + time.toNanos());
						}
					}
					case 6 -> {
						String some = "group" + random.nextInt(5);
						model.listed(some, tried.keys(some, this.now), this.now);
					}
					case 7 -> {
						if (random.nextInt(20) == 0) {
							tried.removeAll("group1");
							model.removeAll("group1");
						}
					}
					case 8 -> replace(tried, model, key, group, time, random);
					default -> {
						byte[] value = value(random, longest);
						put(tried, model, key, value, time, group, StoreLimits.ANY_VERSION);
					}
				}
				if (i % 2000 == 0) {
					model.check(this.now);
				}
			}
			catch (AssertionError | RuntimeException ex) {
				throw new AssertionError("Seed %d, operation %d".formatted(seed, i), ex);
			}
		}
		model.check(this.now);
	}

	private void replace(BlockStore tried, ModelStore model, String key, @Nullable String group, Duration time,
			RandomGenerator random) {
		model.got(key, tried.get(key, null, this.now), this.now);
		long version = model.version(key, this.now);
		byte[] value = new byte[random.nextInt(100)];
		if (random.nextBoolean()) {
			put(tried, model, key, value, time, group, version);
		}
		else {
			assertThat(tried.put(key, ByteBuffer.wrap(value), time, group, version + 1, this.now))
				.isEqualTo(BlockStore.ABSENT);
		}
	}

	private void put(BlockStore tried, ModelStore model, String key, byte[] value, Duration time,
			@Nullable String group, long version) {
		long given;
		try {
			given = tried.put(key, ByteBuffer.wrap(value), time, group, version, this.now);
		}
		catch (IllegalArgumentException ex) {
			assertThat(ex).hasMessageContaining("There is no room");
			return;
		}
		assertThat(given).isPositive();
		model.put(key, value, this.now + time.toNanos(), group, given);
	}

	private static byte[] value(RandomGenerator random, int longest) {
		byte[] value = new byte[(random.nextInt(200) == 0) ? random.nextInt(MEGABYTE + 1) : random.nextInt(longest)];
		random.nextBytes(value);
		return value;
	}

	static LongStream seeds() {
		return LongStream.concat(LongStream.range(0, 12), new Random().longs(4));
	}

	private void put(String key, String value, Duration timeToLive, @Nullable String group) {
		this.store.put(key, ByteBuffer.wrap(value.getBytes()), timeToLive, group, StoreLimits.ANY_VERSION, this.now);
	}

	private long replace(String key, String value, long version) {
		return this.store.put(key, ByteBuffer.wrap(value.getBytes()), HOUR, null, version, this.now);
	}

	private @Nullable String get(String key) {
		BlockStore.Kept kept = this.store.get(key, null, this.now);
		return (kept != null) ? new String(kept.value()) : null;
	}

	private static long directMemory() {
		return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class)
			.stream()
			.filter((pool) -> pool.getName().equals("direct"))
			.mapToLong(BufferPoolMXBean::getMemoryUsed)
			.sum();
	}

}
