package io.clusterboot.it.variant;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

import com.sun.jna.Library;
import com.sun.jna.Native;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletRequest;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;

/**
 * An application that, when it is asked to, writes what is no message to the sockets that
 * its process shares with others, its channel among them.
 */
@AutoConfiguration
public final class GarblingAutoConfiguration {

	// MSG_DONTWAIT and MSG_NOSIGNAL in socket.h
	private static final int FLAGS = 0x40 | 0x4000;

	private static final int BLOCKS = 2000;

	@Bean
	FilterRegistrationBean<Filter> garbling() {
		return new FilterRegistrationBean<>((request, response, chain) -> {
			if (((HttpServletRequest) request).getRequestURI().equals("/garble")) {
				garble(Integer.parseInt(request.getParameter("first")));
			}
			chain.doFilter(request, response);
		});
	}

	private static void garble(int first) throws IOException {
		byte[] block = new byte[8192];
		new Random(first).nextBytes(block);
		// where the length of a message begins
		block[0] = (byte) first;
		C c = Native.load("c", C.class);
		List<String> inodes = unixSockets();
		for (int descriptor : descriptors()) {
			// an own one: when the worker has closed its channel, the number may be that
			// of a client's connection
			int own = c.dup(descriptor);
			if (inodes.contains(inode(own))) {
				for (int i = 0; i < BLOCKS && c.send(own, block, block.length, FLAGS) > 0; i++) {
					continue;
				}
			}
			c.close(own);
		}
	}

	private static List<String> unixSockets() throws IOException {
		return Files.readAllLines(Path.of("/proc/self/net/unix"))
			.stream()
			.skip(1)
			.map((line) -> line.trim().split(" +")[6])
			.toList();
	}

	private static List<Integer> descriptors() throws IOException {
		try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
			return descriptors.map((descriptor) -> Integer.valueOf(descriptor.getFileName().toString())).toList();
		}
	}

	private static String inode(int descriptor) {
		try {
			return Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor)).toString().replaceAll("\\D", "");
		}
		catch (IOException ex) {
			// closed by now
			return "";
		}
	}

	/**
	 * What is needed of the C library.
	 */
	public interface C extends Library {

		/**
		 * See dup(2).
		 * @param descriptor the descriptor
		 * @return another one for the same, or -1
		 */
		int dup(int descriptor);

		/**
		 * See close(2).
		 * @param descriptor the descriptor
		 * @return 0, or -1
		 */
		int close(int descriptor);

		/**
		 * See send(2).
		 * @param socket the descriptor
		 * @param bytes what to send
		 * @param length how many bytes
		 * @param flags the flags
		 * @return how many bytes were sent, or -1
		 */
		long send(int socket, byte[] bytes, long length, int flags);

	}

}
