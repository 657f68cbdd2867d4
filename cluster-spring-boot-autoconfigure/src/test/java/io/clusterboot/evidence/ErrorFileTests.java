package io.clusterboot.evidence;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ErrorFile}.
 */
class ErrorFileTests {

	// More than there can be
	private static final long PID = 1L << 31;

	private static final Instant STARTED = Instant.parse("2026-11-20T10:00:00Z");

	@TempDir
	private Path directory;

	@Test
	void findWhenThereIsNoneIsNull() {
		assertThat(find()).isNull();
		assertThat(find("-XX:ErrorFile=missing.log", "-XX:ErrorFile=", "-XX:ErrorFile=\0")).isNull();
	}

	@Test
	void findLooksIntoTheWorkingDirectory() throws IOException {
		Path file = write("hs_err_pid" + PID + ".log", PID);
		assertThat(find()).isEqualTo(file).isAbsolute();
	}

	@Test
	void findLooksWhereHotSpotFallsBackTo() throws IOException {
		Path file = Files.writeString(Path.of("/tmp/hs_err_pid" + PID + ".log"), "pid=" + PID + ", tid=1");
		try {
			assertThat(find()).isEqualTo(file);
		}
		finally {
			Files.delete(file);
		}
	}

	@Test
	void findLooksWhereOptionsSay() throws IOException {
		assertThat(find("-Xmx1g", "-XX:ErrorFile=crash-%p.log")).isNull();
		Path file = write("crash-" + PID + ".log", PID);
		assertThat(find("-Xmx1g", "-XX:ErrorFile=crash-%p.log")).isEqualTo(file);
		assertThat(find("-XX:ErrorFile=" + this.directory + "/crash-%p.log")).isEqualTo(file);
	}

	@Test
	void findWhenFileIsOlderThanTheProcessIsNull() throws IOException {
		Path file = write("hs_err_pid" + PID + ".log", PID);
		Files.setLastModifiedTime(file, FileTime.from(STARTED));
		assertThat(find()).isEqualTo(file);
		Files.setLastModifiedTime(file, FileTime.from(STARTED.minusMillis(1)));
		assertThat(find()).isNull();
	}

	@Test
	void findWhenFileIsOfAnotherProcessIsNull() throws IOException {
		write("hs_err-w0.log", PID + 1);
		assertThat(find("-XX:ErrorFile=hs_err-w0.log")).isNull();
	}

	@Test
	void findWhenFileIsOfAnotherUserIsNullUnlessThatMayBeTheWorker() throws IOException {
		Path file = write("hs_err_pid" + PID + ".log", PID);
		Assumptions.assumeTrue(Files.getAttribute(file, "unix:uid").equals(0), "only root can give files away");
		Files.setAttribute(file, "unix:uid", 65534);
		assertThat(find()).isNull();
		assertThat(ErrorFile.find(PID, STARTED, this.directory, List.of(), false)).isEqualTo(file);
	}

	private Path find(String... options) {
		return ErrorFile.find(PID, STARTED, this.directory, List.of(options), true);
	}

	// As JDK 17 and 25 begin it
	private Path write(String name, long pid) throws IOException {
		return Files.writeString(this.directory.resolve(name), """
				#
				# A fatal error has been detected by the Java Runtime Environment:
				#
				#  SIGSEGV (0xb) at pc=0x00007f4e986edf14 (sent by kill), pid=%d, tid=23518
				#
				""".formatted(pid));
	}

}
