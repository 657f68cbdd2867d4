package io.clusterboot.code;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ArchiveEnd}.
 */
class ArchiveEndTests {

	private static final byte[] SCRIPT = "#!/bin/sh\nexec java -jar \"$0\" \"$@\"\n".getBytes(StandardCharsets.UTF_8);

	@TempDir
	private Path directory;

	@ParameterizedTest
	@ValueSource(ints = { 0, 1, 65_534, 65_535, 65_536 })
	void isWholeWhateverTheNumberOfEntriesUnlessSomethingIsMissing(int entries) throws IOException {
		byte[] archive = archive(entries);
		assertThat(isWhole(archive)).isTrue();
		assertThat(isWhole(Arrays.copyOf(archive, archive.length - 10))).isFalse();
		assertThat(isWhole(Arrays.copyOf(archive, archive.length / 2))).isFalse();
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 65_536 })
	void isWholeWithAScriptInFront(int entries) throws IOException {
		assertThat(isWhole(SCRIPT, archive(entries))).isTrue();
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 65_535 })
	void isNotWholeWhenCutOffAfterALibraryInIt(int entries) throws IOException {
		byte[] library = archive(entries);
		byte[] archive = archiveOf(library);
		byte[] cut = Arrays.copyOf(archive, 30 + "library.jar".length() + library.length);
		assertThat(isWhole(archive)).isTrue();
		assertThat(isWhole(cut)).isFalse();
		assertThat(isWhole(SCRIPT, archive)).isTrue();
		assertThat(isWhole(SCRIPT, cut)).isFalse();
	}

	@Test
	void isNotWholeWhenEmptyOrNoArchive() throws IOException {
		assertThat(isWhole(new byte[0])).isFalse();
		assertThat(isWhole(new byte[100_000])).isFalse();
		assertThat(isWhole(SCRIPT)).isFalse();
	}

	private boolean isWhole(byte[]... parts) throws IOException {
		Path file = this.directory.resolve("archive");
		try (OutputStream out = Files.newOutputStream(file)) {
			for (byte[] part : parts) {
				out.write(part);
			}
		}
		try (RandomAccessFile archive = new RandomAccessFile(file.toFile(), "r")) {
			return ArchiveEnd.isWhole(archive);
		}
	}

	private static byte[] archive(int entries) throws IOException {
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
			for (int i = 0; i < entries; i++) {
				zip.putNextEntry(new ZipEntry("e" + i));
				zip.closeEntry();
			}
		}
		return bytes.toByteArray();
	}

	private static byte[] archiveOf(byte[] library) throws IOException {
		CRC32 checksum = new CRC32();
		checksum.update(library);
		ZipEntry entry = new ZipEntry("library.jar");
		entry.setMethod(ZipEntry.STORED);
		entry.setSize(library.length);
		entry.setCrc(checksum.getValue());
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
			zip.putNextEntry(entry);
			zip.write(library);
		}
		return bytes.toByteArray();
	}

}
