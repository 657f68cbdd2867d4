package io.clusterboot.store;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import io.clusterboot.PrimaryUnavailableException;
import org.jspecify.annotations.Nullable;

/**
 * A store in the memory of a test, which can be silent.
 */
public class MemoryStore implements ClusterStore {

	private final int largest;

	private final Map<String, Kept> kept = new LinkedHashMap<>();

	private long lastVersion;

	private boolean silent;

	private int unanswered;

	public MemoryStore() {
		this(1024 * 1024);
	}

	public MemoryStore(int largest) {
		this.largest = largest;
	}

	/**
	 * Have the primary answer or not.
	 * @param silent whether it does not
	 */
	public synchronized void silent(boolean silent) {
		this.silent = silent;
	}

	private void requireAnswer() {
		if (this.silent) {
			this.unanswered++;
			throw new PrimaryUnavailableException("No answer within 5 s", null);
		}
	}

	/**
	 * Return how many questions nobody has answered.
	 * @return the number
	 */
	public synchronized int unanswered() {
		return this.unanswered;
	}

	public synchronized List<String> keys() {
		return List.copyOf(this.kept.keySet());
	}

	public synchronized @Nullable Duration timeToLive(String key) {
		Kept there = this.kept.get(key);
		return (there != null) ? there.timeToLive : null;
	}

	@Override
	public synchronized @Nullable Entry get(String key) {
		requireAnswer();
		Kept there = this.kept.get(key);
		return (there != null) ? new Entry(there.value.clone(), there.version) : null;
	}

	@Override
	public synchronized @Nullable Entry renew(String key, Duration timeToLive) {
		return get(key);
	}

	@Override
	public synchronized void put(String key, byte[] value, Duration timeToLive, @Nullable String group) {
		requireAnswer();
		if (value.length > this.largest) {
			throw new IllegalArgumentException("%d bytes are too many".formatted(value.length));
		}
		this.kept.put(key, new Kept(value.clone(), timeToLive, group, ++this.lastVersion));
	}

	@Override
	public synchronized long replace(String key, byte[] value, Duration timeToLive, @Nullable String group,
			long version) {
		requireAnswer();
		Kept there = this.kept.get(key);
		if (((there != null) ? there.version : ABSENT) != version) {
			return ABSENT;
		}
		put(key, value, timeToLive, group);
		return this.lastVersion;
	}

	@Override
	public synchronized boolean remove(String key) {
		requireAnswer();
		return this.kept.remove(key) != null;
	}

	@Override
	public synchronized List<String> keys(String group) {
		requireAnswer();
		return this.kept.entrySet()
			.stream()
			.filter((entry) -> group.equals(entry.getValue().group))
			.map(Map.Entry::getKey)
			.toList();
	}

	@Override
	public synchronized void removeAll(String group) {
		requireAnswer();
		this.kept.values().removeIf((there) -> Objects.equals(there.group, group));
	}

	private record Kept(byte[] value, Duration timeToLive, @Nullable String group, long version) {

	}

}
