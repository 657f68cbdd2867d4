package io.clusterboot.web.tomcat;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;

/**
 * A cleartext HTTP/2 connection, frame by frame: the JDK's client gives up its streams
 * when it sees a GOAWAY (before JDK 24).
 */
class Http2Connection implements AutoCloseable {

	static final int DATA = 0;

	static final int HEADERS = 1;

	static final int SETTINGS = 4;

	static final int GOAWAY = 7;

	private final Socket socket;

	private final DataInputStream input;

	Http2Connection(ServerSocketChannel channel) throws IOException {
		this.socket = new Socket();
		this.socket.connect(channel.getLocalAddress());
		this.socket.setSoTimeout(10_000);
		this.input = new DataInputStream(this.socket.getInputStream());
		this.socket.getOutputStream().write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
		send(SETTINGS, 0, 0, new byte[0]);
	}

	String localAddress() {
		return ((InetSocketAddress) this.socket.getLocalSocketAddress()).toString();
	}

	Http2Connection get(int stream, String path) throws IOException {
		ByteArrayOutputStream headers = new ByteArrayOutputStream();
		// Indexed in HPACK's static table: GET, http, then a literal :path and :authority
		headers.write(0x82);
		headers.write(0x86);
		literal(headers, 0x04, path);
		literal(headers, 0x01, "localhost");
		int endOfStreamAndHeaders = 0x5;
		send(HEADERS, endOfStreamAndHeaders, stream, headers.toByteArray());
		return this;
	}

	/**
	 * Read until a frame of one of the given types comes.
	 * @param types the types
	 * @return the frame, or {@code null} when the connection was closed in an orderly way
	 * @throws IOException if reading fails
	 */
	Frame await(int... types) throws IOException {
		while (true) {
			Frame frame = read();
			if (frame == null) {
				return null;
			}
			for (int type : types) {
				if (frame.type() == type) {
					return frame;
				}
			}
		}
	}

	private Frame read() throws IOException {
		byte[] header = this.input.readNBytes(9);
		if (header.length == 0) {
			return null;
		}
		if (header.length < 9) {
			throw new EOFException("The connection was closed within a frame");
		}
		int length = (header[0] & 0xff) << 16 | (header[1] & 0xff) << 8 | header[2] & 0xff;
		byte[] payload = new byte[length];
		this.input.readFully(payload);
		return new Frame(header[3], header[4], integer(header, 5), payload);
	}

	private void send(int type, int flags, int stream, byte[] payload) throws IOException {
		ByteArrayOutputStream frame = new ByteArrayOutputStream();
		frame.write(payload.length >> 16);
		frame.write(payload.length >> 8);
		frame.write(payload.length);
		frame.write(type);
		frame.write(flags);
		for (int shift = 24; shift >= 0; shift -= 8) {
			frame.write(stream >> shift);
		}
		frame.write(payload);
		this.socket.getOutputStream().write(frame.toByteArray());
	}

	private void literal(ByteArrayOutputStream headers, int name, String value) {
		headers.write(name);
		headers.write(value.length());
		headers.writeBytes(value.getBytes(StandardCharsets.US_ASCII));
	}

	private static int integer(byte[] bytes, int offset) {
		int result = 0;
		for (int i = offset; i < offset + 4; i++) {
			result = result << 8 | bytes[i] & 0xff;
		}
		return result;
	}

	@Override
	public void close() throws IOException {
		this.socket.close();
	}

	/**
	 * One frame.
	 *
	 * @param type what it is
	 * @param flags what its type makes of them
	 * @param stream the stream, 0 for the connection
	 * @param payload the rest
	 */
	record Frame(int type, int flags, int stream, byte[] payload) {

		int lastStream() {
			return integer(this.payload, 0);
		}

		int errorCode() {
			return integer(this.payload, 4);
		}

		String text() {
			return new String(this.payload, StandardCharsets.US_ASCII);
		}

	}

}
