package io.clusterboot.cache;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

import io.clusterboot.contract.StoreLimits;

import org.springframework.cache.interceptor.SimpleKey;

/**
 * Under which key of the store a value of a cache is.
 *
 * @param text the key of the store, which no other value of any cache has
 */
record StoredKey(String text) {

	/**
	 * Return where a value is.
	 * @param cache the name of the cache
	 * @param key the key of the value
	 * @return the key of the store
	 * @throws IllegalArgumentException if the key is of a kind that has no text of its
	 * own
	 */
	static StoredKey of(String cache, Object key) {
		String text = EvictionKey.textOf(key);
		if (text == null) {
			throw new IllegalArgumentException(
					("A key of the shared cache '%s' cannot be a %s. Give it one of texts, numbers without a fraction, "
							+ "booleans, UUIDs or several of these, such as by the key of @Cacheable")
						.formatted(cache, describe(key)));
		}
		// With the length, as a name can look like another one and the beginning of a key
		String place = "cache " + cache.length() + ' ' + cache + ' ';
		return new StoredKey(
				(sizeOf(place + text) <= StoreLimits.LONGEST_NAME) ? place + text : place + '#' + hash(text));
	}

	private static String describe(Object key) {
		return key.getClass().getName() + ((key instanceof SimpleKey) ? " of anything else" : "");
	}

	private static int sizeOf(String text) {
		return text.getBytes(StandardCharsets.UTF_8).length;
	}

	/**
	 * Return the name of the lock that one has who computes the value.
	 * @return the name, of fewer than 100 characters
	 */
	String lock() {
		return "cache " + hash(this.text);
	}

	// Users may choose keys, so nobody must find two that have the same
	private static String hash(String text) {
		try {
			MessageDigest digest = MessageDigest.getInstance("SHA-256");
			return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException("Every JVM has SHA-256", ex);
		}
	}

}
