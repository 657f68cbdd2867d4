package io.clusterboot.channel;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.ReentrantLock;

import io.clusterboot.posix.Descriptor;
import io.clusterboot.posix.UnixSocket;
import org.jspecify.annotations.Nullable;

/**
 * So many workers that say something long in the same moment, to a process with the heap
 * of a primary.
 */
public final class DumpStorm {

	private static final int WORKERS = 128;

	private DumpStorm() {
	}

	/**
	 * Print how many dumps came.
	 * @param args none
	 * @throws Exception on failure
	 */
	public static void main(String[] args) throws Exception {
		// All send the same bytes: it is the reader that is asked for memory
		byte[] frame = MessageCodec.encode(new Message.ThreadDump("x".repeat(256 * 1024)));
		CountDownLatch heard = new CountDownLatch(WORKERS);
		ReentrantLock loop = new ReentrantLock();
		List<Thread> senders = new ArrayList<>();
		for (int i = 0; i < WORKERS; i++) {
			List<Descriptor> pair = UnixSocket.pair();
			new MessageChannel(pair.get(0), "worker-" + i, new Handler(loop, heard), new ByteBudget(0)).start();
			UnixSocket worker = new UnixSocket(pair.get(1));
			senders.add(new Thread(null, () -> send(worker, frame), "sender", 256 * 1024));
		}
		// As if the one who hears were forking meanwhile
		loop.lock();
		senders.forEach(Thread::start);
		for (Thread sender : senders) {
			sender.join();
		}
		loop.unlock();
		heard.await();
		System.out.println(WORKERS - heard.getCount());
		Runtime.getRuntime().halt(0);
	}

	private static void send(UnixSocket worker, byte[] frame) {
		try {
			worker.send(frame, List.of());
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Waits for a loop that hears one after the other.
	 */
	private record Handler(ReentrantLock loop, CountDownLatch heard) implements MessageHandler {

		@Override
		public void onMessage(Message message, @Nullable Descriptor descriptor) {
			this.loop.lock();
			try {
				this.heard.countDown();
			}
			finally {
				this.loop.unlock();
			}
		}

		@Override
		public void onEnd(String reason) {
			throw new IllegalStateException(reason);
		}

	}

}
