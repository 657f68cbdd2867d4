package io.clusterboot.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import javax.xml.parsers.DocumentBuilderFactory;

import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/**
 * What the build prints at its end: the slowest test classes, so that growth is seen, and
 * what was not run, so that a skip does not look like a pass.
 */
public final class SuiteReport {

	private static final int SLOWEST = 10;

	private final List<Suite> suites = new ArrayList<>();

	private SuiteReport() {
	}

	/**
	 * Print the report.
	 * @param args the directory of the project, and when the build began
	 * @throws Exception if a report of a test class cannot be read
	 */
	public static void main(String[] args) throws Exception {
		SuiteReport report = new SuiteReport();
		Instant began = Instant.parse(args[1]);
		try (Stream<Path> files = Files.find(Path.of(args[0]), 4, (file, attributes) -> isReport(file))) {
			for (Path file : files.toList()) {
				// A build without clean finds those of an earlier one
				if (!Files.getLastModifiedTime(file).toInstant().isBefore(began)) {
					report.suites.add(Suite.read(file));
				}
			}
		}
		report.print();
	}

	private static boolean isReport(Path file) {
		return file.getFileName().toString().matches("TEST-.*\\.xml")
				&& file.getParent().getFileName().toString().matches("(surefire|failsafe)-reports");
	}

	private void print() {
		int tests = this.suites.stream().mapToInt(Suite::tests).sum();
		double seconds = this.suites.stream().mapToDouble(Suite::seconds).sum();
		System.out.printf("%n%d tests in %d classes, %.0f s in all, some of them side by side. The slowest:%n", tests,
				this.suites.size(), seconds);
		this.suites.stream()
			.sorted(Comparator.comparingDouble(Suite::seconds).reversed())
			.limit(SLOWEST)
			.forEach((suite) -> System.out.printf("%7.1f s  %s%n", suite.seconds(), suite.name()));
		List<String> skipped = this.suites.stream().flatMap((suite) -> suite.skipped().stream()).toList();
		System.out.println(skipped.isEmpty() ? "Nothing was skipped." : "NOT RUN on this machine:");
		skipped.forEach((skip) -> System.out.println("  " + skip));
		Stream.of("ab", "wrk")
			.filter((tool) -> !Tool.isInstalled(tool))
			.forEach((tool) -> System.out.println("ReloadIT ran without " + tool + ", which is not installed."));
		System.out.println();
	}

	/**
	 * The report of a test class.
	 *
	 * @param name the name of the class
	 * @param seconds how long it took
	 * @param tests how many tests it has
	 * @param skipped which were skipped, and why
	 */
	private record Suite(String name, double seconds, int tests, List<String> skipped) {

		static Suite read(Path file) throws Exception {
			Element suite = parse(file).getDocumentElement();
			NodeList tests = suite.getElementsByTagName("testcase");
			List<String> skipped = IntStream.range(0, tests.getLength())
				.mapToObj((i) -> (Element) tests.item(i))
				.filter((test) -> test.getElementsByTagName("skipped").getLength() > 0)
				.map(Suite::skip)
				.toList();
			String name = suite.getAttribute("name").replaceFirst(".*\\.", "");
			double seconds = Double.parseDouble(suite.getAttribute("time").replace(",", ""));
			return new Suite(name, seconds, tests.getLength(), skipped);
		}

		private static String skip(Element test) {
			Element skipped = (Element) test.getElementsByTagName("skipped").item(0);
			String name = test.getAttribute("classname").replaceFirst(".*\\.", "");
			return "%s.%s: %s".formatted(name, test.getAttribute("name"), skipped.getAttribute("message"));
		}

		private static Document parse(Path file) throws Exception {
			try {
				return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(file.toFile());
			}
			catch (IOException ex) {
				throw new IOException("Cannot read " + file, ex);
			}
		}

	}

}
