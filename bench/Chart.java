import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Draws the answers of {@code OpenLoop} as SVG, one panel below the other: for each second
 * the median, the 99th percentile and the slowest, and what failed.
 * <p>
 * {@code java Chart.java OUTPUT [TITLE FILE FROM TO]...}: the deploy of each panel took
 * from one time to the other, in milliseconds since the epoch.
 */
public class Chart {

	private static final int WIDTH = 860;

	private static final int HEIGHT = 200;

	private static final int LEFT = 64;

	private static final int TOP = 34;

	private static final int PLOT_WIDTH = WIDTH - LEFT - 16;

	private static final int PLOT_HEIGHT = HEIGHT - TOP - 34;

	// Milliseconds, on a logarithmic scale
	private static final double LEAST = 1;

	private static final double MOST = 30_000;

	private static final int[] LINES = { 1, 10, 100, 1000, 10_000 };

	private final StringBuilder svg = new StringBuilder();

	public static void main(String[] args) throws IOException {
		new Chart().draw(Path.of(args[0]), Arrays.asList(args).subList(1, args.length));
	}

	private void draw(Path output, List<String> arguments) throws IOException {
		int panels = arguments.size() / 4;
		double seconds = 0;
		for (int i = 0; i < panels; i++) {
			seconds = Math.max(seconds, read(Path.of(arguments.get(4 * i + 1))).size());
		}
		add("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\" font-size=\"11\">",
				WIDTH, panels * HEIGHT + 22);
		add("<rect width=\"100%%\" height=\"100%%\" fill=\"#fff\"/>");
		for (int i = 0; i < panels; i++) {
			panel(i * HEIGHT, arguments.subList(4 * i, 4 * i + 4), seconds);
		}
		legend(panels * HEIGHT + 8);
		add("</svg>");
		Files.writeString(output, this.svg);
	}

	private void panel(int y, List<String> arguments, double seconds) throws IOException {
		TreeMap<Long, List<double[]>> answers = read(Path.of(arguments.get(1)));
		long first = answers.firstKey();
		double from = (Long.parseLong(arguments.get(2)) / 1e3 - first) / seconds;
		double to = (Long.parseLong(arguments.get(3)) / 1e3 - first) / seconds;
		add("<text x=\"%d\" y=\"%d\" font-size=\"13\" font-weight=\"bold\">%s</text>", LEFT, y + TOP - 12,
				arguments.get(0));
		add("<rect x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\" fill=\"#e8eef7\"/>", x(from), y + TOP,
				x(to) - x(from), PLOT_HEIGHT);
		for (int line : LINES) {
			add("<line x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\" stroke=\"#ddd\"/>", LEFT, LEFT + PLOT_WIDTH,
					y + y(line), y + y(line));
			add("<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\" fill=\"#555\">%s</text>", LEFT - 6, y + y(line) + 4,
					(line < 1000) ? line + " ms" : line / 1000 + " s");
		}
		for (int second = 0; second <= seconds; second += 10) {
			add("<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\" fill=\"#555\">%d s</text>", x(second / seconds),
					y + TOP + PLOT_HEIGHT + 16, second);
		}
		line(answers, y, seconds, 0.5, "#2a6fbb");
		line(answers, y, seconds, 0.99, "#d98e04");
		line(answers, y, seconds, 1, "#7a7a7a");
		failures(answers, y, seconds);
	}

	private void line(TreeMap<Long, List<double[]>> answers, int y, double seconds, double quantile, String color) {
		StringBuilder points = new StringBuilder();
		answers.forEach((second, all) -> {
			double[] times = all.stream().filter((answer) -> answer[1] == 1).mapToDouble((a) -> a[0]).sorted().toArray();
			if (times.length > 0) {
				double time = times[Math.min(times.length - 1, (int) (times.length * quantile))];
				points.append(
						format("%.1f,%.1f ", x((second - answers.firstKey() + 0.5) / seconds), y + y(time)));
			}
		});
		add("<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"1.4\"/>", points.toString().strip(),
				color);
	}

	private void failures(TreeMap<Long, List<double[]>> answers, int y, double seconds) {
		for (Map.Entry<Long, List<double[]>> entry : answers.entrySet()) {
			long failed = entry.getValue().stream().filter((answer) -> answer[1] == 0).count();
			if (failed > 0) {
				double height = PLOT_HEIGHT * failed / (double) entry.getValue().size();
				add("<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"#c0202080\"/>",
						x((entry.getKey() - answers.firstKey()) / seconds), y + TOP + PLOT_HEIGHT - height,
						PLOT_WIDTH / seconds, height);
			}
		}
	}

	private void legend(int y) {
		String[][] entries = { { "#2a6fbb", "median" }, { "#d98e04", "99th percentile" }, { "#7a7a7a", "slowest" },
				{ "#c0202080", "failed (share)" }, { "#e8eef7", "deploy" } };
		for (int i = 0; i < entries.length; i++) {
			add("<rect x=\"%d\" y=\"%d\" width=\"18\" height=\"8\" fill=\"%s\"/>", LEFT + i * 150, y, entries[i][0]);
			add("<text x=\"%d\" y=\"%d\">%s</text>", LEFT + i * 150 + 24, y + 8, entries[i][1]);
		}
	}

	// By second: the time in milliseconds, and 1 for a good answer
	private static TreeMap<Long, List<double[]>> read(Path file) throws IOException {
		TreeMap<Long, List<double[]>> answers = new TreeMap<>();
		for (String line : Files.readAllLines(file)) {
			String[] parts = line.split(" ");
			int status = Integer.parseInt(parts[2]);
			double good = (status >= 200 && status < 400) ? 1 : 0;
			answers.computeIfAbsent(Long.parseLong(parts[0]) / 1000, (second) -> new ArrayList<>())
				.add(new double[] { Double.parseDouble(parts[1]), good });
		}
		return answers;
	}

	private static double x(double share) {
		return LEFT + PLOT_WIDTH * Math.max(0, Math.min(1, share));
	}

	private static double y(double milliseconds) {
		double share = Math.log(Math.max(LEAST, Math.min(MOST, milliseconds)) / LEAST) / Math.log(MOST / LEAST);
		return TOP + PLOT_HEIGHT * (1 - share);
	}

	private void add(String format, Object... values) {
		this.svg.append(format(format, values)).append('\n');
	}

	private static String format(String format, Object... values) {
		return String.format(Locale.ROOT, format, values);
	}

}
