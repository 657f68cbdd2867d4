package io.clusterboot.configdata;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;

import org.jspecify.annotations.Nullable;

import org.springframework.core.io.ClassPathResource;

/**
 * A resource of the class path with the content that it had: a directory on the class
 * path can be edited, and a file in it can come before one of the same name in a jar.
 */
final class KeptClassPathResource extends ClassPathResource {

	private final KeptConfiguration kept;

	KeptClassPathResource(ClassPathResource resource, KeptConfiguration kept) {
		super(resource.getPath(), resource.getClassLoader());
		this.kept = kept;
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
		return (kind == KeptKind.FILE) ? Files.newInputStream(this.kept.copyOfClassPathResource(getPath()))
				: super.getInputStream();
	}

	private @Nullable KeptKind kind() {
		return this.kept.findOnClassPath(getPath(), super::exists, super::getInputStream);
	}

}
