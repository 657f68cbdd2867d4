package io.clusterboot.configdata;

import java.io.File;
import java.io.FileFilter;
import java.io.FilenameFilter;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * A file or directory under its own name, as far as config data looks at it: what a
 * directory had in it, and the copy of a file.
 */
final class KeptFile extends File {

	private static final long serialVersionUID = 1;

	private final transient KeptConfiguration kept;

	private final transient boolean trees;

	KeptFile(String path, KeptConfiguration kept, boolean trees) {
		super(path);
		this.kept = kept;
		this.trees = trees;
	}

	@Override
	public boolean exists() {
		KeptKind kind = kind();
		return (kind != null) ? kind != KeptKind.MISSING : super.exists();
	}

	@Override
	public boolean isDirectory() {
		KeptKind kind = kind();
		return (kind != null) ? kind == KeptKind.DIRECTORY : super.isDirectory();
	}

	@Override
	public File @Nullable [] listFiles(@Nullable FileFilter filter) {
		Stream<File> files = files();
		return (files != null) ? files.filter((file) -> filter == null || filter.accept(file)).toArray(File[]::new)
				: super.listFiles(filter);
	}

	@Override
	public File @Nullable [] listFiles(@Nullable FilenameFilter filter) {
		Stream<File> files = files();
		return (files != null)
				? files.filter((file) -> filter == null || filter.accept(this, file.getName())).toArray(File[]::new)
				: super.listFiles(filter);
	}

	@Override
	public Path toPath() {
		Path path = super.toPath();
		KeptKind kind = kind();
		if (this.trees && kind == KeptKind.DIRECTORY) {
			return this.kept.tree(path);
		}
		return (kind == KeptKind.FILE) ? this.kept.copyOf(path) : path;
	}

	private @Nullable KeptKind kind() {
		return this.kept.find(super.toPath());
	}

	private @Nullable Stream<File> files() {
		List<String> names = (isDirectory()) ? this.kept.list(super.toPath()) : null;
		return (names != null)
				? names.stream().map((name) -> new KeptFile(getPath() + separator + name, this.kept, this.trees))
				: null;
	}

}
