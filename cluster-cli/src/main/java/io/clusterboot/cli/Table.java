package io.clusterboot.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Columns of text.
 */
final class Table {

	private static final String GAP = "  ";

	private final List<String[]> rows = new ArrayList<>();

	Table(String... titles) {
		this.rows.add(titles);
	}

	void add(Object... cells) {
		this.rows.add(Arrays.stream(cells).map(String::valueOf).toArray(String[]::new));
	}

	/**
	 * Return the lines.
	 * @return the titles, then the rows; numbers at the right
	 */
	List<String> lines() {
		int columns = this.rows.get(0).length;
		int[] widths = new int[columns];
		boolean[] numbers = new boolean[columns];
		for (int i = 0; i < columns; i++) {
			int column = i;
			widths[i] = this.rows.stream().mapToInt((row) -> row[column].length()).max().orElse(0);
			numbers[i] = this.rows.stream().skip(1).allMatch((row) -> isNumber(row[column]));
		}
		return this.rows.stream().map((row) -> line(row, widths, numbers)).toList();
	}

	private static boolean isNumber(String cell) {
		return cell.equals("-") || !cell.isEmpty() && Character.isDigit(cell.charAt(0));
	}

	private static String line(String[] row, int[] widths, boolean[] numbers) {
		StringBuilder line = new StringBuilder();
		for (int i = 0; i < row.length; i++) {
			String padding = " ".repeat(widths[i] - row[i].length());
			line.append((i > 0) ? GAP : "").append((numbers[i]) ? padding + row[i] : row[i] + padding);
		}
		return line.toString().stripTrailing();
	}

}
