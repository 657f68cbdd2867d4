package io.clusterboot.channel;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * How many bytes of a text travel whose length is somebody else's choice. One that is
 * longer loses its end: half a thread dump tells more than a message that cannot be sent.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
@interface Limit {

	/**
	 * For a thread dump.
	 */
	int LONG = 256 * 1024;

	/**
	 * For a line of a log.
	 */
	int LINE = 16 * 1024;

	/**
	 * For a sentence.
	 */
	int SENTENCE = 8 * 1024;

	/**
	 * Return the number of bytes in UTF-8.
	 * @return the limit
	 */
	int value();

}
