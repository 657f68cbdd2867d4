package io.clusterboot.posix;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;

/**
 * The memory that the C library has taken for this process and holds for later. See
 * {@code man 3 malloc_trim}.
 */
public final class NativeHeap {

	private NativeHeap() {
	}

	/**
	 * Give back to the kernel what is free. Takes some milliseconds at most, and does
	 * nothing with a C library that cannot do so, such as musl.
	 */
	public static void trim() {
		try {
			Functions.malloc_trim(0);
		}
		catch (LinkageError ex) {
			// Then it is kept
		}
	}

	/**
	 * Apart from the others, because it may be missing.
	 */
	private static final class Functions {

		static {
			Native.register(Functions.class, NativeLibrary.getInstance("c"));
		}

		static native int malloc_trim(long pad);

	}

}
