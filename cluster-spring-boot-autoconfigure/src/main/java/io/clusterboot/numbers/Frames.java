package io.clusterboot.numbers;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Cuts what is written into frames, each of which can be read by itself.
 */
final class Frames {

	private final int length;

	private final List<ByteBuffer> frames = new ArrayList<>();

	private ByteArrayOutputStream bytes = new ByteArrayOutputStream();

	/**
	 * Create frames.
	 * @param length how many bytes a frame may have before it is cut
	 */
	Frames(int length) {
		this.length = length;
	}

	void write(Entry entry) {
		try {
			entry.write(new DataOutputStream(this.bytes));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		if (this.bytes.size() >= this.length) {
			cut();
		}
	}

	/**
	 * Return what was written.
	 * @return the frames, of which there is at least one
	 */
	List<ByteBuffer> all() {
		if (this.bytes.size() > 0 || this.frames.isEmpty()) {
			cut();
		}
		return this.frames;
	}

	private void cut() {
		this.frames.add(ByteBuffer.wrap(this.bytes.toByteArray()));
		this.bytes = new ByteArrayOutputStream();
	}

	/**
	 * What is not to be cut.
	 */
	@FunctionalInterface
	interface Entry {

		void write(DataOutputStream out) throws IOException;

	}

}
