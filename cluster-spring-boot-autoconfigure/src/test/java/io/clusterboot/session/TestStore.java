package io.clusterboot.session;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.clusterboot.store.ClusterStore;
import org.jspecify.annotations.Nullable;

/**
 * A store in memory, whose time passes when a test says so, and which tells what it was
 * asked. It refuses what the real one refuses.
 */
public class TestStore implements ClusterStore {

	private static final int LONGEST_KEY = 500;

	private static final int LONGEST_VALUE = 1 << 20;

	private final Map<String, Kept> kept = new HashMap<>();

	private Duration now = Duration.ZERO;

	private long version = 1000;

	private int reads;

	private int renewals;

	private int writes;

	private Runnable beforeWrite = () -> {
	};

	synchronized void pass(Duration time) {
		this.now = this.now.plus(time);
	}

	/**
	 * Have something else done before the next write, as another worker might.
	 * @param action what to do, once
	 */
	void beforeNextWrite(Runnable action) {
		this.beforeWrite = () -> {
			this.beforeWrite = () -> {
			};
			action.run();
		};
	}

	int reads() {
		return this.reads;
	}

	int renewals() {
		return this.renewals;
	}

	int writes() {
		return this.writes;
	}

	synchronized int size() {
		this.kept.values().removeIf((value) -> value.end().compareTo(this.now) <= 0);
		return this.kept.size();
	}

	synchronized Duration timeToLive(String key) {
		return this.kept.get(key).end().minus(this.now);
	}

	@Override
	public synchronized @Nullable Entry get(String key) {
		this.reads++;
		Kept found = find(key);
		return (found != null) ? new Entry(found.value().clone(), found.version()) : null;
	}

	@Override
	public synchronized @Nullable Entry renew(String key, Duration timeToLive) {
		this.renewals++;
		Kept found = find(key);
		if (found == null) {
			return null;
		}
		this.kept.put(key, new Kept(found.value(), found.version(), end(timeToLive), found.group(), ++this.version));
		return new Entry(found.value().clone(), found.version());
	}

	@Override
	public void put(String key, byte[] value, Duration timeToLive, @Nullable String group) {
		this.beforeWrite.run();
		synchronized (this) {
			this.writes++;
			keep(key, value, timeToLive, group);
		}
	}

	@Override
	public long replace(String key, byte[] value, Duration timeToLive, @Nullable String group, long version) {
		this.beforeWrite.run();
		synchronized (this) {
			this.writes++;
			Kept found = find(key);
			return (((found != null) ? found.version() : ABSENT) == version) ? keep(key, value, timeToLive, group)
					: ABSENT;
		}
	}

	private long keep(String key, byte[] value, Duration timeToLive, @Nullable String group) {
		check(key, LONGEST_KEY);
		if (group != null) {
			check(group, LONGEST_KEY);
		}
		if (value.length > LONGEST_VALUE) {
			throw new IllegalArgumentException("Too long");
		}
		this.version++;
		this.kept.put(key, new Kept(value.clone(), this.version, end(timeToLive), group, this.version));
		return this.version;
	}

	@Override
	public boolean remove(String key) {
		this.beforeWrite.run();
		synchronized (this) {
			this.writes++;
			boolean wasThere = find(key) != null;
			this.kept.remove(key);
			return wasThere;
		}
	}

	@Override
	public synchronized List<String> keys(String group) {
		check(group, LONGEST_KEY);
		return this.kept.entrySet()
			.stream()
			.filter((entry) -> group.equals(entry.getValue().group()) && find(entry.getKey()) != null)
			.sorted(Comparator.comparing((entry) -> -entry.getValue().used()))
			.map(Map.Entry::getKey)
			.toList();
	}

	@Override
	public synchronized void removeAll(String group) {
		this.kept.values().removeIf((value) -> group.equals(value.group()));
	}

	private @Nullable Kept find(String key) {
		check(key, LONGEST_KEY);
		Kept found = this.kept.get(key);
		return (found != null && found.end().compareTo(this.now) > 0) ? found : null;
	}

	private Duration end(Duration timeToLive) {
		if (timeToLive.isZero() || timeToLive.isNegative()) {
			throw new IllegalArgumentException("Not positive");
		}
		// Overflows where the real one would
		Math.addExact(System.nanoTime(), timeToLive.toNanos());
		return this.now.plus(timeToLive);
	}

	private static void check(String text, int most) {
		if (text.getBytes(StandardCharsets.UTF_8).length > most) {
			throw new IllegalArgumentException("Too long");
		}
	}

	private record Kept(byte[] value, long version, Duration end, @Nullable String group, long used) {

	}

}
