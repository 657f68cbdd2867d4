package io.clusterboot.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.clusterboot.ClusterException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link JvmCommand}.
 */
@Timeout(60)
class JvmCommandTests {

	@TempDir
	private Path directory;

	@Test
	void parseSplitsOptionsMainAndArguments() {
		assertThat(parse("-Xmx1g", "-cp", "a:b", "com.example.Main", "-x", "--y=z")).isEqualTo(new JvmCommand("java",
				List.of("-Xmx1g", "-cp", "a:b"), List.of("com.example.Main"), List.of("-x", "--y=z")));
	}

	@Test
	void parseWhenJarKeepsItTogether() {
		JvmCommand command = parse("-Xmx1g", "-jar", "app.jar", "-jar", "x");
		assertThat(command.options()).containsExactly("-Xmx1g");
		assertThat(command.main()).containsExactly("-jar", "app.jar");
		assertThat(command.arguments()).containsExactly("-jar", "x");
	}

	@Test
	void parseWhenOptionsFollowJarFindsTheJar() {
		JvmCommand command = parse("-jar", "-Xmx1g", "-cp", "x", "app.jar", "a");
		assertThat(command.options()).containsExactly("-Xmx1g", "-cp", "x");
		assertThat(command.main()).containsExactly("-jar", "app.jar");
		assertThat(command.arguments()).containsExactly("a");
	}

	@ParameterizedTest
	@ValueSource(strings = { "-m", "--module" })
	void parseWhenModuleKeepsItTogether(String option) {
		JvmCommand command = parse("-p", "mods", option, "app/com.example.Main", "a");
		assertThat(command.options()).containsExactly("-p", "mods");
		assertThat(command.main()).containsExactly(option, "app/com.example.Main");
		assertThat(command.arguments()).containsExactly("a");
	}

	@Test
	void parseWhenModuleIsOneArgumentEndsOptions() {
		JvmCommand command = parse("--module-path=mods", "--module=app/com.example.Main", "@a");
		assertThat(command.options()).containsExactly("--module-path=mods");
		assertThat(command.main()).containsExactly("--module=app/com.example.Main");
		assertThat(command.arguments()).containsExactly("@a");
	}

	@ParameterizedTest
	@ValueSource(strings = { "-cp", "-classpath", "--class-path", "-p", "--module-path", "--upgrade-module-path",
			"--add-modules", "--limit-modules", "--add-exports", "--add-opens", "--add-reads", "--patch-module",
			"--enable-native-access", "--source" })
	void parseWhenOptionHasSeparateValueDoesNotTakeItForMain(String option) {
		JvmCommand command = parse(option, "value", "Main");
		assertThat(command.options()).containsExactly(option, "value");
		assertThat(command.main()).containsExactly("Main");
	}

	@Test
	void parseWhenValueIsEmptyDoesNotTakeItForMain() {
		JvmCommand command = parse("-cp", "", "Main", "");
		assertThat(command.options()).containsExactly("-cp", "");
		assertThat(command.main()).containsExactly("Main");
		assertThat(command.arguments()).containsExactly("");
	}

	@Test
	void parseWhenArgumentFileExpandsIt() throws IOException {
		Files.writeString(this.directory.resolve("options"), "-cp \"a b\"\n-Dx='y z'");
		JvmCommand command = parse("-Xmx1g", "@options", "Main");
		assertThat(command.options()).containsExactly("-Xmx1g", "-cp", "a b", "-Dx=y z");
		assertThat(command.main()).containsExactly("Main");
	}

	@Test
	void parseWhenArgumentFileHasMainAndArgumentsEndsOptions() throws IOException {
		Files.writeString(this.directory.resolve("all"), "-cp x -jar app.jar a -b");
		JvmCommand command = parse("@all", "@all");
		assertThat(command.options()).containsExactly("-cp", "x");
		assertThat(command.main()).containsExactly("-jar", "app.jar");
		assertThat(command.arguments()).containsExactly("a", "-b", "@all");
	}

	@Test
	void parseWhenArgumentFileIsNestedKeepsItLiteral() throws IOException {
		Files.writeString(this.directory.resolve("outer"), "-cp @inner");
		JvmCommand command = parse("@outer", "Main");
		assertThat(command.options()).containsExactly("-cp", "@inner");
		assertThat(command.command()).containsExactly("java", "-cp", "@@inner", "Main");
	}

	@Test
	void parseWhenArgumentFileNamesTheJarFindsIt() throws IOException {
		Files.writeString(this.directory.resolve("jar"), "app.jar");
		assertThat(parse("-jar", "@jar").main()).containsExactly("-jar", "app.jar");
	}

	@Test
	void parseWhenAtIsDoubledTakesItLiterally() {
		JvmCommand command = parse("-cp", "@@lib", "@@Main", "@@a");
		assertThat(command.options()).containsExactly("-cp", "@lib");
		assertThat(command.main()).containsExactly("@Main");
		assertThat(command.arguments()).containsExactly("@@a");
		assertThat(command.command()).containsExactly("java", "-cp", "@@lib", "@@Main", "@@a");
	}

	@Test
	void parseWhenAtStandsAloneTakesItLiterally() {
		assertThat(parse("-cp", "@", "Main").command()).containsExactly("java", "-cp", "@", "Main");
	}

	@Test
	void parseWhenArgumentFilesAreDisabledExpandsNoMore() throws IOException {
		Files.writeString(this.directory.resolve("options"), "-Xmx1g --disable-@files");
		JvmCommand command = parse("@options", "-cp", "@options", "Main");
		assertThat(command.options()).containsExactly("-Xmx1g", "--disable-@files", "-cp", "@options");
		assertThat(command.command()).containsExactly("java", "-Xmx1g", "--disable-@files", "-cp", "@options", "Main");
	}

	@Test
	void parseWhenArgumentFileIsGoneNamesIt() {
		assertThatExceptionOfType(ClusterException.class).isThrownBy(() -> parse("@gone", "Main"))
			.withMessageContaining("'gone'");
	}

	@Test
	void canRoundTripWhenEveryArgumentCanBeEncodedIsTrue() {
		assertThat(parse("-Dx=y", "Main", "z").canRoundTrip()).isTrue();
	}

	@Test
	void canRoundTripWhenArgumentWasNotDecodedIsFalse() {
		assertThat(parse("Main", "\uFFFD").canRoundTrip()).isFalse();
	}

	@Test
	void canRoundTripWhenArgumentCannotBeEncodedIsFalse() {
		assertThat(parse("Main", "\uD800").canRoundTrip()).isFalse();
	}

	@Test
	void ofCurrentProcessHasTheJavaOfThisJvm() {
		assertThat(JvmCommand.isJavaLauncher()).isTrue();
		assertThat(JvmCommand.ofCurrentProcess().executable()).isEqualTo(EchoProcess.JAVA);
	}

	@Test
	void ofCurrentProcessWhenClassPathLaunchIsExact() throws IOException {
		JvmCommand given = new JvmCommand(EchoProcess.JAVA,
				List.of("-Dtest.property= a  \"b\" ", "-cp", EchoProcess.CLASS_PATH), List.of(EchoProcess.MAIN),
				List.of("", "-jar", "a b", "it's", "\"", "line\nbreak", "@x", ""));
		try (EchoProcess process = EchoProcess.start(this.directory, Map.of(), given.command())) {
			assertThat(process.command()).isEqualTo(given);
			assertThat(process.all("received")).isEqualTo(given.arguments());
		}
	}

	@Test
	void ofCurrentProcessWhenCommandLineIsLongIsExact() throws IOException {
		List<String> arguments = IntStream.range(0, 2000).mapToObj((index) -> "argument-" + index).toList();
		List<String> command = Stream
			.concat(Stream.of("java", "-cp", EchoProcess.CLASS_PATH, EchoProcess.MAIN), arguments.stream())
			.toList();
		try (EchoProcess process = EchoProcess.start(this.directory, Map.of(), command)) {
			assertThat(process.all("argument")).isEqualTo(arguments);
		}
	}

	@Test
	void ofCurrentProcessWhenArgumentFileRepeatsTheSameJvm() throws IOException {
		Path file = this.directory.resolve("my options");
		Files.writeString(file,
				"-cp \"" + EchoProcess.CLASS_PATH + ":@x y\"\n'-Dtest.property=a \\'b\\' \\\\ #c' # rest\n"
						+ "--add-opens java.base/java.lang=ALL-UNNAMED\n-Dx=@@z " + EchoProcess.MAIN + " \"\" 'a b'");
		try (EchoProcess process = EchoProcess.start(this.directory, Map.of(),
				List.of("java", "-XX:+UseSerialGC", "@my options", "@my options"))) {
			Files.delete(file);
			try (EchoProcess again = EchoProcess.start(this.directory, Map.of(), process.command().command())) {
				assertThat(again.all("received")).isEqualTo(process.all("received"))
					.containsExactly("", "a b", "@my options");
				assertThat(again.all("input")).isEqualTo(process.all("input"))
					.contains("--add-opens=java.base/java.lang=ALL-UNNAMED", "-Dx=@@z");
				assertThat(again.all("property")).isEqualTo(process.all("property")).containsExactly("a 'b' \\ #c");
			}
		}
	}

	@Test
	void ofCurrentProcessWhenLocaleCannotExpressArgumentSaysSo() throws IOException {
		assertThat(faithful("C")).containsExactly("false");
		assertThat(faithful("C.UTF-8")).containsExactly("true");
	}

	@Test
	void ofCurrentProcessWhenLauncherIsNotJavaSaysSo() throws IOException {
		Path home = Path.of(System.getProperty("java.home"));
		Path launcher = Files.createDirectory(this.directory.resolve("bin")).resolve("app");
		Files.copy(home.resolve("bin/java"), launcher, StandardCopyOption.COPY_ATTRIBUTES);
		Path libraries = Files.createSymbolicLink(this.directory.resolve("lib"), home.resolve("lib"));
		Process process = new ProcessBuilder(launcher.toString(), "-cp", EchoProcess.CLASS_PATH, EchoProcess.MAIN)
			.redirectErrorStream(true)
			.start();
		assertThat(process.inputReader().lines())
			.anyMatch((line) -> line.contains("not started by 'java' but by '" + launcher + "'"));
		Files.delete(libraries);
	}

	private List<String> faithful(String locale) throws IOException {
		String script = "exec \"$0\" -Dfile.encoding=UTF-8 -cp \"$1\" \"$2\" \"$(printf 'p\\303\\244th')\"";
		try (EchoProcess process = EchoProcess.start(this.directory, Map.of("LC_ALL", locale),
				List.of("sh", "-c", script, EchoProcess.JAVA, EchoProcess.CLASS_PATH, EchoProcess.MAIN))) {
			return process.all("faithful");
		}
	}

	private JvmCommand parse(String... arguments) {
		return JvmCommand.parse(Stream.concat(Stream.of("java"), Stream.of(arguments)).toList(), this.directory);
	}

}
