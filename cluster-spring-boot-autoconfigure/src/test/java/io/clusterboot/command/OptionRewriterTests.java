package io.clusterboot.command;

import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link OptionRewriter}, {@link PortOption} and {@link FileOption}.
 */
class OptionRewriterTests {

	private final OptionRewriter rewriter = new OptionRewriter("w2", 10);

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					-agentlib:jdwp=transport=dt_socket,server=y,address=5005           | -agentlib:jdwp=transport=dt_socket,server=y,address=5015
					-agentlib:jdwp=address=*:5005,server=y,suspend=n                   | -agentlib:jdwp=address=*:5015,server=y,suspend=n
					-agentlib:jdwp=server=y,address=localhost:5005                     | -agentlib:jdwp=server=y,address=localhost:5015
					-agentlib:jdwp=server=y,address=[::1]:5005                         | -agentlib:jdwp=server=y,address=[::1]:5015
					-agentpath:/jdk/lib/libjdwp.so=server=y,address=5005               | -agentpath:/jdk/lib/libjdwp.so=server=y,address=5015
					-Xrunjdwp:server=y,address=5005,transport=dt_socket                | -Xrunjdwp:server=y,address=5015,transport=dt_socket
					-Dcom.sun.management.jmxremote.port=9010                           | -Dcom.sun.management.jmxremote.port=9020
					-Dcom.sun.management.jmxremote.rmi.port=9011                       | -Dcom.sun.management.jmxremote.rmi.port=9021
					-Dcom.sun.management.jmxremote.local.port=9012                     | -Dcom.sun.management.jmxremote.local.port=9022
					""")
	void rewriteMovesPort(String option, String rewritten) {
		assertThat(this.rewriter.rewrite(option)).isEqualTo(rewritten);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					-Xlog:gc:file=gc.log                                           | -Xlog:gc:file=gc-w2.log
					-Xlog:gc*=debug,safepoint:file=/var/log/gc.log:time,uptime:filecount=5,filesize=10m | -Xlog:gc*=debug,safepoint:file=/var/log/gc-w2.log:time,uptime:filecount=5,filesize=10m
					-Xlog:gc:file="/a:b/gc.log":time                               | -Xlog:gc:file="/a:b/gc-w2.log":time
					-Xlog:gc:file=a=b.log                                          | -Xlog:gc:file=a=b-w2.log
					-Xlog:gc:gc.log                                                | -Xlog:gc:gc-w2.log
					-Xlog::gc.log                                                  | -Xlog::gc-w2.log
					-Xlog:gc:file=gc-%t.log                                        | -Xlog:gc:file=gc-%t-w2.log
					-Xloggc:/var/log.d/gc                                          | -Xloggc:/var/log.d/gc-w2
					-Xloggc:.gc                                                    | -Xloggc:.gc-w2
					-Xloggc:logs/.gc                                               | -Xloggc:logs/.gc-w2
					-XX:StartFlightRecording:filename=rec.jfr                      | -XX:StartFlightRecording:filename=rec-w2.jfr
					-XX:StartFlightRecording=dumponexit=true,filename=/tmp/rec.jfr,settings=profile | -XX:StartFlightRecording=dumponexit=true,filename=/tmp/rec-w2.jfr,settings=profile
					-XX:StartFlightRecording:filename="a,b.jfr",disk=true          | -XX:StartFlightRecording:filename="a,b-w2.jfr",disk=true
					-XX:ErrorFile=hs_err.log                                       | -XX:ErrorFile=hs_err-w2.log
					-XX:LogFile=vm.log                                             | -XX:LogFile=vm-w2.log
					-XX:HeapDumpPath=/var/dumps/oom.hprof                          | -XX:HeapDumpPath=/var/dumps/oom-w2.hprof
					-XX:HeapDumpPath=oom-%p.hprof                                  | -XX:HeapDumpPath=oom-%p-w2.hprof
					-XX:StartFlightRecording:filename=rec-%p.jfr                   | -XX:StartFlightRecording:filename=rec-%p-w2.jfr
					""")
	void rewriteNamesFileAfterTheSlot(String option, String rewritten) {
		assertThat(this.rewriter.rewrite(option)).isEqualTo(rewritten);
	}

	@ParameterizedTest
	@ValueSource(strings = { "-XX:ArchiveClassesAtExit=app.jsa", "-XX:AOTCacheOutput=app.aot", "-XX:AOTMode=record",
			"-XX:AOTConfiguration=app.aotconf" })
	void rewriteDropsRecordingOfAnArchive(String option) {
		assertThat(this.rewriter.rewrite(option)).isNull();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "app.jar", "-Xmx1g", "-Da=b:c=d", "-agentlib:jdwp=transport=dt_socket,server=y",
			"-agentlib:jdwp=transport=dt_socket,server=n,address=5005", "-agentlib:jdwp=server=y,address=0",
			"-agentlib:jdwp=server=y,address=*:0", "-agentlib:jdwp=server=y,address=999999",
			"-agentlib:other=server=y,address=5005", "-Dcom.sun.management.jmxremote.port=0",
			"-Dcom.sun.management.jmxremote.ssl=false", "-javaagent:agent.jar=port=9010", "-Xlog:gc", "-Xlog",
			"-Xlog:disable", "-Xlog:gc:stdout", "-Xlog:gc:stderr:time", "-Xlog:gc::time", "-Xlog:async:drop",
			"-Xlog:gc:file=gc-%p.log", "-Xlog:gc:file=/dev/stdout", "-Xloggc:gc.%p", "-XX:StartFlightRecording",
			"-XX:StartFlightRecording:duration=10s", "-XX:ErrorFile=/var/log/hs_err_%p.log",
			"-XX:HeapDumpPath=/not/there/yet/", "-XX:AOTMode=on", "-XX:AOTCache=app.aot",
			"-XX:SharedArchiveFile=app.jsa", "@file" })
	void rewritePassesEverythingElse(String option) {
		assertThat(this.rewriter.rewrite(option)).isEqualTo(option);
	}

	@Test
	void rewriteWhenFileIsADirectoryKeepsIt(@TempDir Path directory) {
		assertThat(this.rewriter.rewrite("-XX:HeapDumpPath=" + directory)).isEqualTo("-XX:HeapDumpPath=" + directory);
		assertThat(this.rewriter.rewrite("-XX:StartFlightRecording:filename=" + directory))
			.isEqualTo("-XX:StartFlightRecording:filename=" + directory);
	}

}
