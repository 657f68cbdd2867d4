package io.clusterboot.keep;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a {@link BlockStore} is to do, as simple as it can be said. It knows what must be
 * there, but not when the store notices that a time is over: until then that takes room.
 */
final class ModelStore {

	private final BlockStore store;

	private final int room;

	// Whether nothing ever runs out, so that it is known how much room there is
	private final boolean exact;

	// The one that was not used for longest first
	private final Map<String, Item> items = new LinkedHashMap<>(16, 0.75F, true);

	private long blocks;

	private long lost;

	ModelStore(BlockStore store, int room, boolean exact) {
		this.store = store;
		this.room = room;
		this.exact = exact;
	}

	void put(String key, byte[] value, long expires, @Nullable String group, long version) {
		remove(key);
		int size = Entries.count(bytes(key), (group != null) ? bytes(group) : null, value.length);
		while (this.exact && this.blocks + size > this.room) {
			remove(this.items.keySet().iterator().next());
			this.lost++;
		}
		this.items.put(key, new Item(value, expires, group, version, size));
		this.blocks += size;
	}

	private void remove(String key) {
		Item item = this.items.remove(key);
		this.blocks -= (item != null) ? item.size : 0;
	}

	void removed(String key, boolean found, long now) {
		if (!found && live(key, now) != null) {
			evicted(key, now);
			return;
		}
		assertThat(found).isEqualTo(live(key, now) != null);
		remove(key);
	}

	void removeAll(String group) {
		this.items.entrySet()
			.stream()
			.filter((entry) -> group.equals(entry.getValue().group))
			.map(Map.Entry::getKey)
			.toList()
			.forEach(this::remove);
	}

	/**
	 * Check what the store has said.
	 * @param key the key of what it was asked for
	 * @param kept its answer
	 * @param now the time
	 */
	void got(String key, BlockStore.@Nullable Kept kept, long now) {
		Item item = live(key, now);
		if (item == null) {
			assertThat(kept).isNull();
		}
		else if (kept == null) {
			evicted(key, now);
		}
		else {
			assertThat(kept.value()).isEqualTo(item.value);
			assertThat(kept.version()).isEqualTo(item.version);
			this.items.get(key);
		}
	}

	void expire(String key, long time) {
		Item item = this.items.get(key);
		if (item != null) {
			this.items.put(key, new Item(item.value, time, item.group, item.version, item.size));
		}
	}

	long version(String key, long now) {
		Item item = live(key, now);
		return (item != null) ? item.version : BlockStore.ABSENT;
	}

	/**
	 * Check what the store has said a group has.
	 * @param group the group
	 * @param keys the keys
	 * @param now the time
	 */
	void listed(String group, List<String> keys, long now) {
		List<String> expected = new ArrayList<>();
		this.items.forEach((key, item) -> {
			if (group.equals(item.group) && item.expires - now > 0) {
				expected.add(key);
			}
		});
		Collections.reverse(expected);
		// Those that had to make room are the last
		int told = (this.exact) ? expected.size() : Math.min(expected.size(), keys.size());
		assertThat(keys).isEqualTo(expected.subList(0, told));
	}

	/**
	 * Check everything. It is used in the order of its last use, which stays the same.
	 * @param now the time
	 */
	void check(long now) {
		for (String key : List.copyOf(this.items.keySet())) {
			got(key, this.store.get(key, null, now), now);
		}
		var snapshot = this.store.snapshot();
		if (this.exact) {
			assertThat(snapshot.evictions()).isEqualTo(this.lost);
			assertThat(snapshot.entries()).isEqualTo(this.items.size());
			assertThat(snapshot.bytes()).isEqualTo(this.blocks * Blocks.SIZE);
		}
		assertThat(snapshot.evictions()).isGreaterThanOrEqualTo(this.lost);
	}

	// Everything that was used before it must have had to make room, too
	private void evicted(String key, long now) {
		assertThat(this.exact).as("there was room for %s", key).isFalse();
		Iterator<Map.Entry<String, Item>> oldest = this.items.entrySet().iterator();
		boolean found = false;
		while (!found) {
			Map.Entry<String, Item> entry = oldest.next();
			found = entry.getKey().equals(key);
			if (entry.getValue().expires - now > 0) {
				assertThat(this.store.get(entry.getKey(), null, now)).isNull();
				this.lost++;
			}
			oldest.remove();
		}
	}

	// Does not use it
	private @Nullable Item live(String key, long now) {
		for (Map.Entry<String, Item> entry : this.items.entrySet()) {
			if (entry.getKey().equals(key)) {
				return (entry.getValue().expires - now > 0) ? entry.getValue() : null;
			}
		}
		return null;
	}

	private static byte[] bytes(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

	/**
	 * What must be there.
	 */
	private record Item(byte[] value, long expires, @Nullable String group, long version, int size) {

	}

}
