package io.clusterboot;

import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Compiles the code of {@code docs/api.md}.
 */
class ApiPageTests {

	private static final Path PAGE = Path.of("..", "docs", "api.md");

	private static final String FENCE = "```";

	// What readers have their development environment find
	private static final List<String> IMPORTS = List.of("io.clusterboot.*", "io.clusterboot.ClusterLock.Held",
			"io.clusterboot.event.*", "io.clusterboot.message.*", "java.time.*", "java.util.*", "java.util.stream.*",
			"net.javacrumbs.shedlock.spring.annotation.*", "org.springframework.context.*",
			"org.springframework.context.event.EventListener", "org.springframework.integration.annotation.*",
			"org.springframework.scheduling.annotation.*", "org.springframework.web.bind.annotation.*");

	@TempDir
	private Path classes;

	@ParameterizedTest
	@MethodSource("blocks")
	void codeCompiles(Block block) {
		assertThat(compile(block)).isEmpty();
	}

	@Test
	void codeThatCallsWhatIsNotThereDoesNotCompile() {
		assertThat(compile(new Block(7, "void call() {\n\tthis.cluster.launch();\n}")))
			.contains("api.md:8: error: cannot find symbol");
	}

	@Test
	void allCodeOfThePageIsFound() throws IOException {
		assertThat(blocks()).hasSizeGreaterThan(10)
			.allSatisfy((block) -> assertThat(block.code()).isNotBlank().doesNotContain(FENCE));
	}

	static List<Block> blocks() throws IOException {
		List<String> lines = Files.readAllLines(PAGE);
		return Stream.iterate(0, (i) -> i < lines.size(), (i) -> i + 1)
			.filter((i) -> lines.get(i).equals(FENCE + "java"))
			.map((i) -> Block.of(lines, i + 1))
			.toList();
	}

	private String compile(Block block) {
		JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
		StringWriter errors = new StringWriter();
		List<String> options = List.of("-proc:none", "-parameters", "--release", "17", "-d", this.classes.toString(),
				"-classpath", System.getProperty("java.class.path"));
		compiler.getTask(errors, null, null, options, null, List.of(new Source(block))).call();
		return errors.toString();
	}

	/**
	 * Code of the page.
	 *
	 * @param line where it begins
	 * @param code a class, members of one, or both
	 */
	record Block(int line, String code) {

		static Block of(List<String> lines, int first) {
			List<String> rest = lines.subList(first, lines.size());
			return new Block(first + 1, String.join("\n", rest.subList(0, rest.indexOf(FENCE))));
		}

		// At the same line as in the page
		private String inItsPlace() {
			StringBuilder source = new StringBuilder("package example;");
			IMPORTS.forEach((type) -> source.append(" import ").append(type).append(';'));
			source.append(" abstract class Example extends ").append(ApiPageSurroundings.class.getName()).append(" {");
			return source + "\n".repeat(this.line - 1) + this.code + "\n}\n";
		}

		@Override
		public String toString() {
			return "line " + this.line;
		}

	}

	/**
	 * A block as a file.
	 */
	private static final class Source extends SimpleJavaFileObject {

		private final Block block;

		Source(Block block) {
			super(URI.create("page:///api.md"), JavaFileObject.Kind.SOURCE);
			this.block = block;
		}

		@Override
		public boolean isNameCompatible(String simpleName, JavaFileObject.Kind kind) {
			return true;
		}

		@Override
		public CharSequence getCharContent(boolean ignoreEncodingErrors) {
			return this.block.inItsPlace();
		}

	}

}
