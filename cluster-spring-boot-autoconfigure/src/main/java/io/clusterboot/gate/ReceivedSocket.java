package io.clusterboot.gate;

import java.io.FileDescriptor;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.net.ProtocolFamily;
import java.net.StandardProtocolFamily;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.spi.SelectorProvider;

import io.clusterboot.posix.Descriptor;
import org.jspecify.annotations.Nullable;

/**
 * Turns the descriptor of a listening socket into a channel, for which the JDK has no
 * API. The constructor is the same from JDK 17 to 25: see
 * src/java.base/share/classes/sun/nio/ch/ServerSocketChannelImpl.java. Needs
 * {@code --add-opens=java.base/sun.nio.ch=ALL-UNNAMED}.
 */
public final class ReceivedSocket {

	private ReceivedSocket() {
	}

	/**
	 * Make a channel of a descriptor, which the channel owns from then on; it is closed
	 * if there can be none.
	 * @param descriptor a bound, non-blocking TCP socket, or {@code null} if the kernel
	 * dropped it on its way
	 * @param ipv6 whether its family is IPv6
	 * @return the channel, in non-blocking mode
	 * @throws IOException if there is no descriptor, or this JDK does not allow or have
	 * it
	 */
	public static ServerSocketChannel toChannel(@Nullable Descriptor descriptor, boolean ipv6) throws IOException {
		if (descriptor == null) {
			throw new IOException("No socket came with the message: this process may have too many open files");
		}
		ProtocolFamily family = (ipv6) ? StandardProtocolFamily.INET6 : StandardProtocolFamily.INET;
		try {
			Method newFd = Class.forName("sun.nio.ch.IOUtil").getDeclaredMethod("newFD", int.class);
			newFd.setAccessible(true);
			Constructor<?> constructor = Class.forName("sun.nio.ch.ServerSocketChannelImpl")
				.getDeclaredConstructor(SelectorProvider.class, ProtocolFamily.class, FileDescriptor.class,
						boolean.class);
			constructor.setAccessible(true);
			Object fd = newFd.invoke(null, descriptor.number());
			ServerSocketChannel channel = (ServerSocketChannel) constructor.newInstance(SelectorProvider.provider(),
					family, fd, true);
			descriptor.release();
			return nonBlocking(channel);
		}
		catch (ReflectiveOperationException | RuntimeException ex) {
			descriptor.close();
			throw new IOException("This JDK (%s) does not let a received socket be used".formatted(Runtime.version()),
					ex);
		}
	}

	private static ServerSocketChannel nonBlocking(ServerSocketChannel channel) throws IOException {
		try {
			channel.configureBlocking(false);
			return channel;
		}
		catch (IOException ex) {
			channel.close();
			throw ex;
		}
	}

}
