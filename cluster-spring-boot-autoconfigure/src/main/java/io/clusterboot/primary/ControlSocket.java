package io.clusterboot.primary;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;

import io.clusterboot.channel.Control;
import io.clusterboot.channel.Message;
import io.clusterboot.contract.PrimaryAction;
import io.clusterboot.contract.PrimaryEvent;
import io.clusterboot.control.ControlDirectory;
import io.clusterboot.control.ControlServer;
import io.clusterboot.output.PrimaryLog;
import org.jspecify.annotations.Nullable;

/**
 * The control socket of this primary, if it is to have one. A cluster that cannot have
 * one runs without.
 */
final class ControlSocket {

	private final Map<String, String> configuration;

	private final int port;

	private final PrimaryLog log;

	private final Consumer<PrimaryEvent> events;

	private @Nullable ControlServer server;

	ControlSocket(Map<String, String> configuration, int port, PrimaryLog log, Consumer<PrimaryEvent> events) {
		this.configuration = configuration;
		this.port = port;
		this.log = log;
		this.events = events;
	}

	void open(Map<String, String> environment) {
		if (this.configuration.getOrDefault("cluster.control.enabled", "true").equals("false")) {
			return;
		}
		try {
			String configured = this.configuration.getOrDefault("cluster.control.directory", "");
			ControlDirectory directory = (!configured.isEmpty()) ? new ControlDirectory(Path.of(configured))
					: ControlDirectory.ofUser(environment);
			Control.Introduction introduction = new Control.Introduction(Message.Hello.PROTOCOL,
					this.configuration.getOrDefault("application.name", ""), ProcessHandle.current().pid(), this.port);
			this.server = ControlServer.start(directory, introduction, this.log,
					(client, question) -> this.events.accept(new PrimaryEvent.Asked(client, question)));
		}
		// The last two where the JVM was made without the module jdk.net, or without
		// threads
		catch (IOException | RuntimeException | LinkageError | OutOfMemoryError ex) {
			this.log.warn(("There is no control socket, and the command 'cluster' does not reach this cluster: %s. "
					+ "Set 'cluster.control.directory', or 'cluster.control.enabled=false' to do without")
				.formatted((ex instanceof IOException) ? ex.getMessage() : ex));
		}
	}

	void answer(PrimaryAction.Answer answer) {
		if (this.server != null) {
			this.server.answer(answer.client(), answer.reply());
		}
	}

	void close() {
		if (this.server != null) {
			this.server.close();
		}
	}

}
