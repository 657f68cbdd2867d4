package io.clusterboot.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Locale;

import org.springframework.util.Assert;

/**
 * What Redis does in one step.
 */
enum Script {

	JOIN, BEAT, TAKEN, POST, LEAVE, LEAD, RESIGN, LOCK, RENEW, UNLOCK, SWAP, FIND, KEEP, LIST, CLEAR;

	private final byte[] text;

	Script() {
		String file = name().toLowerCase(Locale.ROOT) + ".lua";
		try (InputStream in = Script.class.getResourceAsStream(file)) {
			Assert.state(in != null, () -> "There is no " + file);
			this.text = in.readAllBytes();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	byte[] text() {
		return this.text;
	}

}
