package io.clusterboot.redis;

import java.nio.charset.StandardCharsets;

/**
 * The names of everything that is on Redis. All of a cluster have the same hash tag, so
 * that they are on one node where Redis has several.
 *
 * @param prefix what they begin with
 */
record BusKeys(String prefix) {

	static BusKeys of(String prefix, String name) {
		return new BusKeys(prefix + ":{" + name + "}:");
	}

	byte[] machines() {
		return key("machines");
	}

	byte[] lastMachine() {
		return key("machines:last");
	}

	byte[] members() {
		return key("members");
	}

	byte[] readers() {
		return key("readers");
	}

	byte[] letters() {
		return key("letters");
	}

	byte[] letters(Address worker) {
		return key("letters:" + worker);
	}

	byte[] lettersSize() {
		return key("size");
	}

	byte[] lettersSize(Address worker) {
		return key("size:" + worker);
	}

	byte[] topics() {
		return key("topics");
	}

	byte[] topicsSize() {
		return key("topics:size");
	}

	byte[] counters() {
		return key("counters");
	}

	byte[] lock(String name) {
		return key("lock:" + name);
	}

	byte[] lastLock() {
		return key("locks:last");
	}

	byte[] kept(String key) {
		return key("store:key:" + key);
	}

	byte[] lastKept() {
		return key("store:last");
	}

	byte[] group(String name) {
		return key("store:group:" + name);
	}

	byte[] leader() {
		return key("leader");
	}

	byte[] leaderToken() {
		return key("leader:token");
	}

	byte[] jobs() {
		return key("jobs");
	}

	private byte[] key(String name) {
		return bytes(this.prefix + name);
	}

	static byte[] bytes(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

	static String text(byte[] bytes) {
		return new String(bytes, StandardCharsets.UTF_8);
	}

}
