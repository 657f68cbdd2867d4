package io.clusterboot.channel;

import io.clusterboot.posix.Descriptor;
import org.jspecify.annotations.Nullable;

/**
 * Gets what arrives on a {@link MessageChannel}, on the channel's reading thread.
 */
public interface MessageHandler {

	/**
	 * Handle a message.
	 * @param message the message
	 * @param descriptor the descriptor that came with it, to be owned by the handler
	 */
	void onMessage(Message message, @Nullable Descriptor descriptor);

	/**
	 * The channel ended; nothing comes after this. Called once.
	 * @param reason why
	 */
	void onEnd(String reason);

}
