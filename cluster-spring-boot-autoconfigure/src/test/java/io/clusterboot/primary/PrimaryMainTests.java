package io.clusterboot.primary;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;

import io.clusterboot.output.OutputTarget;
import io.clusterboot.output.PrimaryLog;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link PrimaryMain}.
 */
class PrimaryMainTests {

	@TempDir
	private Path directory;

	private final ByteArrayOutputStream out = new ByteArrayOutputStream();

	private final PrimaryLog log = new PrimaryLog(new OutputTarget(new PrintStream(this.out)), Clock.systemUTC(), 1, "",
			false);

	@Test
	void deletePidFileWhenItCannotBeDeletedWarns() throws IOException {
		Path pidFile = Files.createDirectories(this.directory.resolve("app.pid/something")).getParent();
		PrimaryMain.deletePidFile(pidFile.toString(), this.log);
		this.log.flush();
		assertThat(this.out.toString(StandardCharsets.UTF_8)).contains(" WARN ", "The PID file " + pidFile);
	}

	@Test
	void deletePidFileWhenItIsNoPathWarns() {
		PrimaryMain.deletePidFile("app\0.pid", this.log);
		this.log.flush();
		assertThat(this.out.toString(StandardCharsets.UTF_8)).contains(" WARN ", "The PID file");
	}

}
