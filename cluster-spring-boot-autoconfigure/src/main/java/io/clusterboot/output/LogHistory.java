package io.clusterboot.output;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import io.clusterboot.channel.Control;

/**
 * The last lines that the primary and its workers have printed, for whoever wants to read
 * them. May be used by any thread; who adds a line never waits for who reads.
 */
public final class LogHistory {

	/**
	 * How many bytes the lines take.
	 */
	static final int BYTES = 512 * 1024;

	// Slot, worker and length of the text
	private static final int HEADER = 3 * Integer.BYTES;

	private static final int BATCH = 32 * 1024;

	// Lines as objects would live just long enough to make the heap grow
	private final byte[] ring = new byte[BYTES];

	private int begin;

	private int used;

	private long first;

	private long next;

	private Runnable listener = () -> {
	};

	/**
	 * Have somebody know of each line.
	 * @param listener run by whoever adds a line, and must not wait
	 */
	public synchronized void listener(Runnable listener) {
		this.listener = listener;
	}

	/**
	 * Add a line.
	 * @param slot whose slot's it is, or {@link Control.Logs#PRIMARY}
	 * @param worker whose it is, or 0 for the primary
	 * @param text the line without its end, which is not changed any more
	 */
	synchronized void add(int slot, int worker, byte[] text) {
		int length = Math.min(text.length, BYTES / 2);
		while (this.used + HEADER + length > BYTES) {
			int size = size(this.begin);
			this.begin = at(this.begin + size);
			this.used -= size;
			this.first++;
		}
		int place = at(this.begin + this.used);
		byte[] header = ByteBuffer.allocate(HEADER).putInt(slot).putInt(worker).putInt(length).array();
		write(header, HEADER, place);
		write(text, length, at(place + HEADER));
		this.used += HEADER + length;
		this.next++;
		this.listener.run();
	}

	private static int at(int index) {
		return index % BYTES;
	}

	private void write(byte[] bytes, int length, int place) {
		int untilEnd = Math.min(length, BYTES - place);
		System.arraycopy(bytes, 0, this.ring, place, untilEnd);
		System.arraycopy(bytes, untilEnd, this.ring, 0, length - untilEnd);
	}

	private byte[] read(int place, int length) {
		byte[] bytes = new byte[length];
		int untilEnd = Math.min(length, BYTES - place);
		System.arraycopy(this.ring, place, bytes, 0, untilEnd);
		System.arraycopy(this.ring, 0, bytes, untilEnd, length - untilEnd);
		return bytes;
	}

	private ByteBuffer header(int place) {
		return ByteBuffer.wrap(read(place, HEADER));
	}

	private int size(int place) {
		return HEADER + header(place).getInt(2 * Integer.BYTES);
	}

	private boolean isOf(int wanted, int place) {
		return wanted == Control.Logs.ALL || wanted == header(place).getInt(0);
	}

	/**
	 * Return where the last lines begin.
	 * @param slot whose lines, or {@link Control.Logs#ALL}
	 * @param count how many
	 * @return the place of the first of them
	 */
	public synchronized long placeOfLast(int slot, int count) {
		long skipped = count(slot) - count;
		long place = this.first;
		int at = this.begin;
		while (place < this.next && (skipped > 0 || !isOf(slot, at))) {
			skipped -= isOf(slot, at) ? 1 : 0;
			at = at(at + size(at));
			place++;
		}
		return place;
	}

	private long count(int slot) {
		long count = 0;
		int at = this.begin;
		for (long line = this.first; line < this.next; line++) {
			count += isOf(slot, at) ? 1 : 0;
			at = at(at + size(at));
		}
		return count;
	}

	/**
	 * Read on.
	 * @param slot whose lines, or {@link Control.Logs#ALL}
	 * @param place where to begin
	 * @return the lines
	 */
	public synchronized Part read(int slot, long place) {
		long line = this.first;
		int at = this.begin;
		while (line < place) {
			at = at(at + size(at));
			line++;
		}
		long lost = line - place;
		List<Control.Line> lines = new ArrayList<>();
		for (int size = 0; line < this.next && size < BATCH; line++) {
			if (isOf(slot, at)) {
				lines.add(line(at));
				size += size(at);
			}
			at = at(at + size(at));
		}
		return new Part(new Control.Lines(lines, lost, line == this.next), line);
	}

	private Control.Line line(int place) {
		ByteBuffer header = header(place);
		byte[] text = read(at(place + HEADER), header.getInt(2 * Integer.BYTES));
		return new Control.Line(header.getInt(0), header.getInt(Integer.BYTES),
				new String(text, StandardCharsets.UTF_8).stripTrailing());
	}

	/**
	 * Some lines.
	 *
	 * @param lines the lines
	 * @param next where what comes after them begins
	 */
	public record Part(Control.Lines lines, long next) {

	}

}
