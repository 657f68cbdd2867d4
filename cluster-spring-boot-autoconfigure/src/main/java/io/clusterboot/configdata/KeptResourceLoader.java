package io.clusterboot.configdata;

import org.jspecify.annotations.Nullable;

import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.FileUrlResource;
import org.springframework.core.io.Resource;
import org.springframework.core.io.ResourceLoader;

/**
 * Loads what another loader does, as it was for the first worker of the generation.
 */
final class KeptResourceLoader implements ResourceLoader {

	private final ResourceLoader loader;

	private final KeptConfiguration kept;

	private final boolean trees;

	/**
	 * Create a loader.
	 * @param loader the other loader
	 * @param kept what is kept
	 * @param trees whether directories are to be read as config trees
	 */
	KeptResourceLoader(ResourceLoader loader, KeptConfiguration kept, boolean trees) {
		this.loader = loader;
		this.kept = kept;
		this.trees = trees;
	}

	@Override
	public Resource getResource(String location) {
		Resource resource = this.loader.getResource(location);
		if (resource instanceof FileUrlResource file) {
			return new KeptFileResource(file.getURL(), this.kept, this.trees);
		}
		if (resource instanceof ClassPathResource classPathResource) {
			return new KeptClassPathResource(classPathResource, this.kept);
		}
		return resource;
	}

	@Override
	public @Nullable ClassLoader getClassLoader() {
		return this.loader.getClassLoader();
	}

}
