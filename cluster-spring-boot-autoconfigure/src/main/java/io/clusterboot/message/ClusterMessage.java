package io.clusterboot.message;

import org.jspecify.annotations.Nullable;

/**
 * A message of a worker. Methods with {@code @EventListener} and a parameter of this type
 * get those whose payload is of the type that they name. All are called one after the
 * other on a thread that serves no requests; the messages of one sender come in the order
 * in which they were sent. What a method returns answers a message that asks, also later
 * if it is a {@link java.util.concurrent.CompletionStage}.
 *
 * @param <T> the type of the payload
 * @param payload what was sent
 * @param sender the id of the worker that sent it
 * @param topic what it is the last word on, or {@code null} if it was not retained
 */
public record ClusterMessage<T>(T payload, int sender, @Nullable String topic) {

}
