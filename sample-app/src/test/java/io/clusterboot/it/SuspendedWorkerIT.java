package io.clusterboot.it;

import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A worker whose threads all stand still, as at somebody's breakpoint, while its JVM
 * still does what signals ask of it.
 */
class SuspendedWorkerIT {

	private static final Pattern DEBUGGER = Pattern.compile("jdwp=\\S*address=127\\.0\\.0\\.1:(\\d+)");

	private static final byte[] HANDSHAKE = "JDWP-Handshake".getBytes(StandardCharsets.US_ASCII);

	@Test
	void threadDumpOfAWorkerThatOnlyAnswersASignalIsInItsIncident(TestInfo test) throws Exception {
		ClusterLauncher launcher = new ClusterLauncher(test);
		// After the launcher has taken its own: the workers get those that follow
		int port = ClusterLauncher.freePort();
		try (ClusterProcess cluster = launcher
			.moreJvmOptions("-agentlib:jdwp=transport=dt_socket,server=y,suspend=n,quiet=y,address=127.0.0.1:" + port)
			.arguments("--cluster.worker.hang-timeout=4s")
			.start()) {
			ClusterStatus before = cluster.awaitSettled();
			ClusterStatus.Worker victim = before.worker(1);
			try (Socket debugger = suspend(victim.pid())) {
				Incident incident = cluster.awaitIncident(victim.id());
				assertThat(debugger.isConnected()).isTrue();
				assertThat(incident.cause()).isEqualTo("hang");
				assertThat(incident.exit()).contains("SIGKILL");
				assertThat(cluster.output().has("worker=%d .* says nothing, SIGQUIT".formatted(victim.id()))).isTrue();
				assertThat(incident.threadDump()).startsWith("Full thread dump")
					.contains("\"Reference Handler\"", "\"cluster-heartbeat\"", "JNI global refs");
			}
			ClusterStatus after = cluster.awaitSettled();
			assertThat(after.worker(1).id()).isGreaterThan(victim.id());
			assertThat(after.worker(0).pid()).isEqualTo(before.worker(0).pid());
		}
	}

	// See the specification of the Java Debug Wire Protocol
	private Socket suspend(long worker) throws IOException {
		Matcher port = DEBUGGER.matcher(Files.readString(Path.of("/proc/" + worker + "/cmdline")));
		assertThat(port.find()).isTrue();
		Socket socket = new Socket(InetAddress.getLoopbackAddress(), Integer.parseInt(port.group(1)));
		DataOutputStream out = new DataOutputStream(socket.getOutputStream());
		out.write(HANDSHAKE);
		assertThat(socket.getInputStream().readNBytes(HANDSHAKE.length)).isEqualTo(HANDSHAKE);
		out.writeInt(11); // length
		out.writeInt(1); // id
		out.writeByte(0); // flags
		out.writeByte(1); // command set VirtualMachine
		out.writeByte(8); // command Suspend
		out.flush();
		return socket;
	}

}
