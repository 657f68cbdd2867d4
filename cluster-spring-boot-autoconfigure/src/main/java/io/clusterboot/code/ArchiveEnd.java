package io.clusterboot.code;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Looks at where an archive begins and ends, sections 4.3.14 to 4.3.16 of the ZIP
 * specification. Something may stand in front of it, such as the script that makes a jar
 * an executable file.
 */
final class ArchiveEnd {

	private static final int LOCAL_HEADER = 0x04034b50;

	private static final int SIGNATURE = 0x06054b50;

	private static final int SIZE = 22;

	private static final int MAX_COMMENT_SIZE = 0xffff;

	private static final int ZIP64_SIGNATURE = 0x06064b50;

	private static final int ZIP64_SIZE = 56;

	private static final int LOCATOR_SIGNATURE = 0x07064b50;

	private static final int LOCATOR_SIZE = 20;

	private static final long IN_ZIP64 = 0xffffffffL;

	private final RandomAccessFile file;

	private ArchiveEnd(RandomAccessFile file) {
		this.file = file;
	}

	/**
	 * Return whether a file is a whole archive. One that is cut off in the middle of a
	 * stored library ends as that library does, which then has an archive in front of it.
	 * @param file the file
	 * @return whether nothing is missing at its end
	 * @throws IOException if it cannot be read
	 */
	static boolean isWhole(RandomAccessFile file) throws IOException {
		return new ArchiveEnd(file).isWhole();
	}

	private boolean isWhole() throws IOException {
		long length = this.file.length();
		int size = (int) Math.min(length, SIZE + MAX_COMMENT_SIZE);
		ByteBuffer tail = read(length - size, size);
		for (int position = size - SIZE; position >= 0; position--) {
			int comment = size - SIZE - position;
			if (tail.getInt(position) == SIGNATURE && Short.toUnsignedInt(tail.getShort(position + 20)) == comment) {
				return isWhole(tail.position(position).slice().order(ByteOrder.LITTLE_ENDIAN),
						length - size + position);
			}
		}
		return false;
	}

	private boolean isWhole(ByteBuffer end, long position) throws IOException {
		if (position >= LOCATOR_SIZE + ZIP64_SIZE) {
			ByteBuffer locator = read(position - LOCATOR_SIZE, LOCATOR_SIZE);
			long zip64Position = position - LOCATOR_SIZE - ZIP64_SIZE;
			ByteBuffer zip64 = read(zip64Position, ZIP64_SIZE);
			if (locator.getInt(0) == LOCATOR_SIGNATURE && zip64.getInt(0) == ZIP64_SIGNATURE) {
				return beginsAt(zip64Position - zip64.getLong(40) - zip64.getLong(48));
			}
		}
		long directorySize = Integer.toUnsignedLong(end.getInt(12));
		long directoryOffset = Integer.toUnsignedLong(end.getInt(16));
		return directoryOffset != IN_ZIP64 && beginsAt(position - directorySize - directoryOffset);
	}

	private boolean beginsAt(long start) throws IOException {
		if (start <= 0) {
			return start == 0;
		}
		this.file.seek(0);
		byte[] chunk = new byte[1 << 16];
		int window = 0;
		for (long position = 0; position < start;) {
			int count = this.file.read(chunk, 0, (int) Math.min(chunk.length, start - position));
			for (int i = 0; i < count; i++) {
				window = (window >>> 8) | (chunk[i] << 24);
				if (window == LOCAL_HEADER) {
					return false;
				}
			}
			position += count;
		}
		return true;
	}

	private ByteBuffer read(long position, int size) throws IOException {
		byte[] bytes = new byte[size];
		this.file.seek(position);
		this.file.readFully(bytes);
		return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
	}

}
