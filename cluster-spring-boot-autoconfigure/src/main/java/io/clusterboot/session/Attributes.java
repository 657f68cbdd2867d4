package io.clusterboot.session;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.core.log.LogMessage;

/**
 * Attributes of sessions as bytes: the name of the value's class, the format, the value.
 */
class Attributes {

	private static final Log logger = LogFactory.getLog(Attributes.class);

	// A name may be made of what a client sends
	private static final int MOST_WARNINGS = 1000;

	private final AttributeFormat format;

	private final Set<String> warned = ConcurrentHashMap.newKeySet();

	Attributes(AttributeFormat format) {
		this.format = format;
	}

	/**
	 * Return an attribute as bytes.
	 * @param name its name
	 * @param value its value
	 * @return the bytes
	 * @throws IllegalStateException if the format cannot write it, or could not read it
	 */
	byte[] write(String name, Object value) {
		String type = value.getClass().getName();
		try {
			ByteArrayOutputStream bytes = new ByteArrayOutputStream();
			DataOutputStream out = new DataOutputStream(bytes);
			out.writeUTF(type);
			out.writeByte(this.format.id());
			out.write(this.format.write(value));
			return bytes.toByteArray();
		}
		catch (Exception | LinkageError | StackOverflowError ex) {
			throw new IllegalStateException(
					"The session's attribute '%s' is a %s, which cannot be kept for another worker to read: %s. Put something simpler into the session, %s"
						.formatted(name, type, reason(ex), this.format.advice()),
					ex);
		}
	}

	/**
	 * Return an attribute, or nothing if it cannot be read: another generation may have
	 * written it.
	 * @param name its name
	 * @param bytes the bytes
	 * @return its value or {@code null}
	 */
	@Nullable Object read(String name, byte[] bytes) {
		String type = "?";
		try {
			DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
			type = in.readUTF();
			if (in.readByte() != this.format.id()) {
				throw new IOException("It was written in another format");
			}
			return this.format.read(in.readAllBytes());
		}
		catch (Exception | LinkageError | StackOverflowError ex) {
			warn(name, type, ex);
			return null;
		}
	}

	private void warn(String name, String type, Throwable failure) {
		if (this.warned.size() < MOST_WARNINGS && this.warned.add(name + " " + type)) {
			logger.warn(LogMessage.format(
					"Cannot read the attribute '%s' of a session, a %s, and go on without it, now and wherever else it is found: %s",
					name, type, reason(failure)));
			logger.debug("It cannot be read", failure);
		}
	}

	// The message of Jackson goes over many lines, and quotes what it has read
	private static String reason(Throwable failure) {
		String message = String.valueOf(failure.getMessage()).lines().findFirst().orElse("");
		return "%s: %s".formatted(failure.getClass().getSimpleName(), message.replaceAll("\\.$", ""));
	}

}
