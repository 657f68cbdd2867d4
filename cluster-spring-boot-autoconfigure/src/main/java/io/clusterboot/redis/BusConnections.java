package io.clusterboot.redis;

import java.time.Duration;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.TimeoutOptions;

import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/**
 * Makes the connections of the bus: to where those of the application go, with its
 * credentials, but of their own, as nobody may wait for them as long as an application
 * wants to.
 */
final class BusConnections {

	/**
	 * How long to wait for an answer.
	 */
	static final Duration PATIENCE = Duration.ofSeconds(2);

	private BusConnections() {
	}

	static LettuceConnectionFactory like(LettuceConnectionFactory application) {
		LettuceClientConfiguration client = client(application.getClientConfiguration());
		LettuceConnectionFactory factory = factory(application, client);
		factory.setShareNativeConnection(true);
		factory.setValidateConnection(false);
		factory.afterPropertiesSet();
		factory.start();
		return factory;
	}

	private static LettuceConnectionFactory factory(LettuceConnectionFactory application,
			LettuceClientConfiguration client) {
		if (application.getClusterConfiguration() != null) {
			return new LettuceConnectionFactory(application.getClusterConfiguration(), client);
		}
		if (application.getSentinelConfiguration() != null) {
			return new LettuceConnectionFactory(application.getSentinelConfiguration(), client);
		}
		if (application.getSocketConfiguration() != null) {
			return new LettuceConnectionFactory(application.getSocketConfiguration(), client);
		}
		return new LettuceConnectionFactory(application.getStandaloneConfiguration(), client);
	}

	private static LettuceClientConfiguration client(LettuceClientConfiguration application) {
		Duration timeout = application.getCommandTimeout();
		Duration patience = (timeout.compareTo(PATIENCE) < 0) ? timeout : PATIENCE;
		LettuceClientConfiguration.LettuceClientConfigurationBuilder builder = LettuceClientConfiguration.builder();
		if (application.isUseSsl()) {
			LettuceClientConfiguration.LettuceSslClientConfigurationBuilder ssl = builder.useSsl()
				.verifyPeer(application.getVerifyMode());
			if (application.isStartTls()) {
				ssl.startTls();
			}
		}
		application.getClientResources().ifPresent(builder::clientResources);
		application.getRedisCredentialsProviderFactory().ifPresent(builder::redisCredentialsProviderFactory);
		return builder.clientName("cluster-bus")
			.clientOptions(options(application.getClientOptions().orElseGet(ClientOptions::create), patience))
			.commandTimeout(patience)
			.shutdownTimeout(Duration.ZERO)
			.shutdownQuietPeriod(Duration.ZERO)
			.build();
	}

	// What is not said now is refused, not kept for later. Who finds a connection broken
	// takes another: so it is known what goes over it
	private static ClientOptions options(ClientOptions application, Duration patience) {
		return application.mutate()
			.autoReconnect(false)
			.disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
			.socketOptions(SocketOptions.builder().connectTimeout(patience).keepAlive(true).build())
			.timeoutOptions(TimeoutOptions.enabled(patience))
			.build();
	}

}
