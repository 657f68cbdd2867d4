import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/**
 * Makes one flat jar of an executable one, as the shade plugin does: java Shade.java FROM
 * TO.
 */
class Shade {

	private final Map<String, byte[]> entries = new LinkedHashMap<>();

	private final Map<String, Map<String, Set<String>>> factories = new TreeMap<>();

	private final Map<String, StringBuilder> lists = new TreeMap<>();

	public static void main(String[] args) throws IOException {
		Shade shade = new Shade();
		try (ZipInputStream jar = new ZipInputStream(Files.newInputStream(Path.of(args[0])))) {
			for (ZipEntry entry = jar.getNextEntry(); entry != null; entry = jar.getNextEntry()) {
				String name = entry.getName();
				if (name.startsWith("BOOT-INF/classes/") && !entry.isDirectory()) {
					shade.add(name.substring("BOOT-INF/classes/".length()), jar.readAllBytes());
				}
				else if (name.startsWith("BOOT-INF/lib/") && name.endsWith(".jar")) {
					shade.addAll(new ZipInputStream(jar));
				}
			}
		}
		shade.write(Path.of(args[1]));
	}

	private void addAll(ZipInputStream library) throws IOException {
		for (ZipEntry entry = library.getNextEntry(); entry != null; entry = library.getNextEntry()) {
			if (!entry.isDirectory()) {
				add(entry.getName(), library.readAllBytes());
			}
		}
	}

	private void add(String name, byte[] content) throws IOException {
		String text = new String(content, StandardCharsets.UTF_8);
		if (name.equals("META-INF/MANIFEST.MF") || name.equals("module-info.class")) {
			return;
		}
		if (name.equals("META-INF/spring.factories")) {
			Properties properties = new Properties();
			properties.load(new java.io.StringReader(text));
			Map<String, Set<String>> merged = this.factories.computeIfAbsent(name, (key) -> new TreeMap<>());
			properties.forEach((key, value) -> {
				for (String type : value.toString().split(",")) {
					merged.computeIfAbsent(key.toString(), (factory) -> new LinkedHashSet<>()).add(type.strip());
				}
			});
		}
		else if (name.startsWith("META-INF/services/") || name.endsWith(".imports")) {
			this.lists.computeIfAbsent(name, (key) -> new StringBuilder()).append(text).append('\n');
		}
		else {
			this.entries.putIfAbsent(name, content);
		}
	}

	private void write(Path target) throws IOException {
		try (OutputStream file = Files.newOutputStream(target); ZipOutputStream jar = new ZipOutputStream(file)) {
			put(jar, "META-INF/MANIFEST.MF", """
					Manifest-Version: 1.0
					Main-Class: cases.App
					Enable-Native-Access: ALL-UNNAMED
					Multi-Release: true

					""".getBytes(StandardCharsets.UTF_8));
			this.factories.forEach((name, merged) -> {
				StringBuilder text = new StringBuilder();
				merged.forEach((key, types) -> text.append(key).append('=').append(String.join(",", types)).append('\n'));
				this.lists.put(name, text);
			});
			for (Map.Entry<String, StringBuilder> list : this.lists.entrySet()) {
				put(jar, list.getKey(), list.getValue().toString().getBytes(StandardCharsets.UTF_8));
			}
			for (Map.Entry<String, byte[]> entry : this.entries.entrySet()) {
				put(jar, entry.getKey(), entry.getValue());
			}
		}
	}

	private static void put(ZipOutputStream jar, String name, byte[] content) throws IOException {
		jar.putNextEntry(new ZipEntry(name));
		jar.write(content);
		jar.closeEntry();
	}

}
