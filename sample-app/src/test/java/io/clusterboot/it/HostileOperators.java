package io.clusterboot.it;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import io.clusterboot.channel.Control;
import io.clusterboot.channel.Message;
import io.clusterboot.channel.MessageCodec;
import io.clusterboot.channel.Request;

/**
 * Programs at a primary's control socket that make no sense or do not read.
 */
final class HostileOperators implements AutoCloseable {

	private static final int LONGEST = 4096;

	private final UnixDomainSocketAddress socket;

	private final List<SocketChannel> silent = new ArrayList<>();

	HostileOperators(Path socket) {
		this.socket = UnixDomainSocketAddress.of(socket);
	}

	/**
	 * Connect, say something and go, one after the other.
	 * @param count how often
	 * @throws IOException if nobody listens any more
	 */
	void sayGarbage(int count) throws IOException {
		for (int i = 0; i < count; i++) {
			sayGarbage(new Random(i));
		}
	}

	/**
	 * Connect, say something and go, several at the same time.
	 * @param count how often
	 * @param together how many at the same time
	 * @throws Exception if nobody listens any more
	 */
	void sayGarbageTogether(int count, int together) throws Exception {
		ExecutorService threads = Executors.newFixedThreadPool(together);
		try {
			List<Future<?>> all = new ArrayList<>();
			for (int i = 0; i < count; i++) {
				Random random = new Random(-i);
				all.add(threads.submit(() -> {
					sayGarbage(random);
					return null;
				}));
			}
			for (Future<?> one : all) {
				one.get();
			}
		}
		finally {
			threads.shutdownNow();
		}
	}

	private void sayGarbage(Random random) throws IOException {
		byte[] garbage = new byte[1 + random.nextInt(LONGEST)];
		random.nextBytes(garbage);
		ByteBuffer said = ByteBuffer.wrap(garbage);
		if (random.nextBoolean()) {
			// As if it was the beginning of something
			said.putInt(0, 1 + random.nextInt(LONGEST));
		}
		try (SocketChannel channel = SocketChannel.open(this.socket)) {
			write(channel, said);
		}
	}

	/**
	 * Connect, ask and follow the log without ever reading.
	 * @param count how many
	 * @throws IOException if nobody listens any more
	 */
	void neverRead(int count) throws IOException {
		for (int i = 0; i < count; i++) {
			SocketChannel channel = SocketChannel.open(this.socket);
			this.silent.add(channel);
			for (int question = 1; question <= 10; question++) {
				say(channel, new Request.Snapshot(question));
			}
			say(channel, new Control.Logs(Control.Logs.ALL, 1000, true));
		}
	}

	private static void say(SocketChannel channel, Message message) throws IOException {
		for (ByteBuffer part : MessageCodec.parts(message)) {
			write(channel, part);
		}
	}

	private static void write(SocketChannel channel, ByteBuffer said) {
		try {
			while (said.hasRemaining()) {
				channel.write(said);
			}
		}
		catch (IOException ex) {
			// It has been shown the door
		}
	}

	@Override
	public void close() throws IOException {
		for (SocketChannel channel : this.silent) {
			channel.close();
		}
	}

}
