package io.clusterboot.gate;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What came back through a side door.
 *
 * @param status the status
 * @param headers the names and values of the headers, in their order
 * @param body the body, which is yet to be read
 * @param isLast whether the connection takes no further request
 */
public record SideDoorAnswer(int status, List<Map.Entry<String, String>> headers, InputStream body, boolean isLast) {

	private static final int SWITCHING_PROTOCOLS = 101;

	private static final int NO_CONTENT = 204;

	private static final int NOT_MODIFIED = 304;

	static SideDoorAnswer read(InputStream in, String method) throws IOException {
		int code;
		List<Map.Entry<String, String>> fields;
		do {
			code = code(AnswerBody.readLine(in));
			fields = readHeaders(in);
		}
		while (code / 100 == 1 && code != SWITCHING_PROTOCOLS);
		boolean last = find(fields, "Connection").contains("close");
		boolean chunked = find(fields, "Transfer-Encoding").endsWith("chunked");
		String size = find(fields, "Content-Length");
		long length = (!size.isEmpty()) ? number(size, 10) : AnswerBody.UNTIL_THE_END;
		if (method.equals("HEAD") || code == NO_CONTENT || code == NOT_MODIFIED) {
			return new SideDoorAnswer(code, fields, InputStream.nullInputStream(), last);
		}
		return new SideDoorAnswer(code, fields, new AnswerBody(in, chunked, length),
				last || (!chunked && length == AnswerBody.UNTIL_THE_END));
	}

	private static String find(List<Map.Entry<String, String>> fields, String name) {
		return fields.stream()
			.filter((field) -> field.getKey().equalsIgnoreCase(name))
			.map((field) -> field.getValue().toLowerCase(Locale.ROOT))
			.collect(Collectors.joining(","));
	}

	private static int code(String line) throws IOException {
		String[] parts = line.split(" ", 3);
		if (!line.startsWith("HTTP/1.") || parts.length < 2) {
			throw new IOException("This is no answer: " + line);
		}
		return (int) number(parts[1], 10);
	}

	static long number(String text, int radix) throws IOException {
		try {
			return Long.parseLong(text.strip(), radix);
		}
		catch (NumberFormatException ex) {
			throw new IOException("This is no number: " + text, ex);
		}
	}

	private static List<Map.Entry<String, String>> readHeaders(InputStream in) throws IOException {
		List<Map.Entry<String, String>> fields = new ArrayList<>();
		for (String line = AnswerBody.readLine(in); !line.isEmpty(); line = AnswerBody.readLine(in)) {
			int colon = line.indexOf(':');
			if (colon > 0) {
				fields.add(Map.entry(line.substring(0, colon), line.substring(colon + 1).strip()));
			}
		}
		return fields;
	}

}
