package io.clusterboot.configdata;

import java.io.File;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;

import org.jspecify.annotations.Nullable;

import org.springframework.core.io.FileUrlResource;

/**
 * A file under its own name with the content that it had.
 */
final class KeptFileResource extends FileUrlResource {

	private final KeptConfiguration kept;

	private final boolean trees;

	KeptFileResource(URL url, KeptConfiguration kept, boolean trees) {
		super(url);
		this.kept = kept;
		this.trees = trees;
	}

	@Override
	public boolean exists() {
		KeptKind kind = kind();
		return (kind != null) ? kind != KeptKind.MISSING : super.exists();
	}

	@Override
	public InputStream getInputStream() throws IOException {
		KeptKind kind = kind();
		if (kind == KeptKind.MISSING) {
			throw new FileNotFoundException("%s does not exist".formatted(getDescription()));
		}
		return (kind == KeptKind.FILE) ? Files.newInputStream(this.kept.copyOf(path())) : super.getInputStream();
	}

	@Override
	public File getFile() throws IOException {
		return new KeptFile(super.getFile().getPath(), this.kept, this.trees);
	}

	private @Nullable KeptKind kind() {
		try {
			return this.kept.find(path());
		}
		catch (IOException ex) {
			return null;
		}
	}

	private Path path() throws IOException {
		return Path.of(super.getFile().getPath());
	}

}
