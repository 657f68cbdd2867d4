import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/**
 * Copies an executable jar with many small entries more: java Enlarge.java FROM TO COUNT.
 */
class Enlarge {

	public static void main(String[] args) throws IOException {
		try (ZipInputStream from = new ZipInputStream(Files.newInputStream(Path.of(args[0])));
				ZipOutputStream to = new ZipOutputStream(Files.newOutputStream(Path.of(args[1])))) {
			to.setMethod(ZipOutputStream.STORED);
			for (ZipEntry entry = from.getNextEntry(); entry != null; entry = from.getNextEntry()) {
				put(to, entry.getName(), from.readAllBytes());
			}
			for (int i = 0; i < Integer.parseInt(args[2]); i++) {
				put(to, "BOOT-INF/classes/many/" + i + ".txt", new byte[] { '1' });
			}
		}
	}

	private static void put(ZipOutputStream jar, String name, byte[] content) throws IOException {
		ZipEntry entry = new ZipEntry(name);
		CRC32 checksum = new CRC32();
		checksum.update(content);
		entry.setSize(content.length);
		entry.setCrc(checksum.getValue());
		jar.putNextEntry(entry);
		jar.write(content);
		jar.closeEntry();
	}

}
