package io.clusterboot.redis;

import java.time.Duration;
import java.util.List;
import java.util.function.Function;

import io.clusterboot.PrimaryUnavailableException;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.core.NestedExceptionUtils;
import org.springframework.core.log.LogMessage;
import org.springframework.dao.DataAccessException;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.ReturnType;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/**
 * Asks Redis. Nobody waits long: once it has not answered, everybody is refused at once
 * until the beat of this worker has heard from it again.
 */
final class BusClient implements AutoCloseable {

	private static final Log logger = LogFactory.getLog(BusClient.class);

	private final LettuceConnectionFactory connections;

	private volatile @Nullable String trouble;

	BusClient(LettuceConnectionFactory connections) {
		this.connections = connections;
	}

	/**
	 * Ask for something.
	 * @param <T> the type of the answer
	 * @param question asks
	 * @return the answer
	 * @throws PrimaryUnavailableException if there is none in time
	 */
	<T> T ask(Function<RedisConnection, T> question) {
		String trouble = this.trouble;
		if (trouble != null) {
			throw new PrimaryUnavailableException("Redis cannot be reached: " + trouble, null);
		}
		try {
			return on(question);
		}
		catch (DataAccessException | IllegalStateException ex) {
			throw failed(ex);
		}
	}

	List<String> ask(Script script, List<byte[]> keys, Object... arguments) {
		return ask((connection) -> run(connection, script, keys, arguments)).stream().map(BusKeys::text).toList();
	}

	/**
	 * Ask for something by which it is known whether others may.
	 * @param <T> the type of the answer
	 * @param question asks
	 * @return the answer
	 * @throws PrimaryUnavailableException if there is none in time
	 */
	<T> T probe(Function<RedisConnection, T> question) {
		try {
			T answer = on(question);
			if (this.trouble != null) {
				logger.info("Redis answers");
				this.trouble = null;
			}
			return answer;
		}
		catch (DataAccessException | IllegalStateException ex) {
			PrimaryUnavailableException failure = failed(ex);
			// One that is dead may not know it, and one that does waits ever longer
			reset();
			throw failure;
		}
	}

	private <T> T on(Function<RedisConnection, T> question) {
		RedisConnection connection = this.connections.getConnection();
		try {
			return question.apply(connection);
		}
		finally {
			connection.close();
		}
	}

	private PrimaryUnavailableException failed(RuntimeException ex) {
		if (Thread.currentThread().isInterrupted()) {
			return new PrimaryUnavailableException("Interrupted while waiting for Redis", ex);
		}
		String reason = String.valueOf(NestedExceptionUtils.getMostSpecificCause(ex).getMessage());
		if (this.trouble == null) {
			logger.warn(LogMessage.format(
					"Redis does not answer. Nothing that this worker shares with others works " + "until it does: %s",
					reason));
		}
		this.trouble = reason;
		return new PrimaryUnavailableException("Redis did not answer: " + reason, ex);
	}

	private void reset() {
		try {
			this.connections.resetConnection();
		}
		catch (RuntimeException ex) {
			logger.debug("A connection could not be closed", ex);
		}
	}

	boolean answers() {
		return this.trouble == null;
	}

	/**
	 * Return a connection of its own, for who waits.
	 * @return the connection, to be closed
	 */
	RedisConnection connect() {
		return this.connections.getConnection();
	}

	@SuppressWarnings("unchecked")
	static List<byte[]> run(RedisConnection connection, Script script, List<byte[]> keys, Object... arguments) {
		byte[][] all = new byte[keys.size() + arguments.length][];
		for (int i = 0; i < keys.size(); i++) {
			all[i] = keys.get(i);
		}
		for (int i = 0; i < arguments.length; i++) {
			Object argument = arguments[i];
			all[keys.size() + i] = (argument instanceof byte[] bytes) ? bytes
					: BusKeys.bytes((argument instanceof Duration duration) ? String.valueOf(duration.toMillis())
							: String.valueOf(argument));
		}
		Object result = connection.scriptingCommands().eval(script.text(), ReturnType.MULTI, keys.size(), all);
		return (result instanceof List<?> list) ? (List<byte[]>) list : List.of();
	}

	@Override
	public void close() {
		this.trouble = "this worker ends";
		this.connections.destroy();
	}

}
