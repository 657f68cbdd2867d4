package io.clusterboot.actuate.access;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import io.clusterboot.posix.ProcessSockets;

/**
 * Finds the process that has one end of a TCP connection.
 */
final class ProcessDescription {

	private ProcessDescription() {
	}

	/**
	 * Describe the owner of a socket. Processes of other users cannot be looked into,
	 * except by root.
	 * @param owner the owner
	 * @return its user and, if it can be found, its process
	 */
	static String of(SocketOwner.Owner owner) {
		return ProcessHandle.allProcesses()
			.map((process) -> Path.of("/proc", Long.toString(process.pid())))
			.filter((process) -> isOf(owner.uid(), process) && ProcessSockets.isOpen(process, owner.inode()))
			.findFirst()
			.map((process) -> "uid %d%s, pid %s".formatted(owner.uid(), name(process), process.getFileName()))
			.orElse("uid " + owner.uid());
	}

	private static boolean isOf(long uid, Path process) {
		try {
			return Integer.toUnsignedLong((Integer) Files.getAttribute(process, "unix:uid")) == uid;
		}
		catch (IOException ex) {
			return false;
		}
	}

	private static String name(Path process) {
		try {
			return " (" + Files.getOwner(process).getName() + ")";
		}
		catch (IOException ex) {
			return "";
		}
	}

}
