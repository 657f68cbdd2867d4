package io.clusterboot.posix;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import com.sun.jna.LastErrorException;
import com.sun.jna.StringArray;
import org.jspecify.annotations.Nullable;

/**
 * Replaces the program of this process in place, see execve(2): same process id, same
 * standard streams, same parent.
 */
public final class ProcessImage {

	private static final int STDERR = 2;

	private ProcessImage() {
	}

	/**
	 * Put bytes where the next program can read them and nobody else.
	 * @param bytes the bytes
	 * @return the descriptor of an anonymous file
	 * @throws IOException if memory or descriptors ran out
	 */
	public static Descriptor anonymousFile(byte[] bytes) throws IOException {
		try {
			Descriptor descriptor = new Descriptor(createMemfd());
			Files.write(Path.of("/proc/self/fd/" + descriptor.number()), bytes);
			return descriptor;
		}
		catch (LastErrorException ex) {
			throw new PosixException("memfd_create", ex);
		}
	}

	private static int createMemfd() {
		try {
			// Others are refused where the administrator has set vm.memfd_noexec=2
			return LibC.memfd_create("cluster-settings", LibC.MFD_NOEXEC_SEAL);
		}
		catch (LastErrorException ex) {
			if (ex.getErrorCode() != LibC.EINVAL) {
				throw ex;
			}
			// Linux before 6.3
			return LibC.memfd_create("cluster-settings", 0);
		}
	}

	/**
	 * Become another program. Returns only by throwing.
	 * @param command the program and its arguments
	 * @param environment the environment variables to change; {@code null} removes one
	 * @param keep the descriptors that the program inherits besides its standard streams
	 * @return nothing
	 * @throws IOException if the program cannot be executed; this process goes on then
	 */
	public static IOException become(List<String> command, Map<String, @Nullable String> environment,
			List<Descriptor> keep) throws IOException {
		try {
			inheritOnly(keep);
			for (Map.Entry<String, @Nullable String> variable : environment.entrySet()) {
				String value = variable.getValue();
				if (value != null) {
					LibC.setenv(variable.getKey(), value, 1);
				}
				else {
					LibC.unsetenv(variable.getKey());
				}
			}
			LibC.execv(command.get(0), new StringArray(command.toArray(String[]::new)));
			return new IOException("execv returned");
		}
		catch (LastErrorException ex) {
			throw new PosixException("execv(%s)".formatted(command.get(0)), ex);
		}
	}

	private static void inheritOnly(List<Descriptor> keep) throws IOException {
		Set<Integer> kept = new HashSet<>();
		keep.forEach((descriptor) -> kept.add(descriptor.number()));
		try (DirectoryStream<Path> open = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
			for (Path entry : open) {
				int number = Integer.parseInt(entry.getFileName().toString());
				if (number > STDERR) {
					setCloseOnExec(number, !kept.contains(number));
				}
			}
		}
	}

	private static void setCloseOnExec(int number, boolean enabled) {
		try {
			LibC.fcntl(number, LibC.F_SETFD, (enabled) ? LibC.FD_CLOEXEC : 0);
		}
		catch (LastErrorException ex) {
			// closed since the directory was listed
		}
	}

}
