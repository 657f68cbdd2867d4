package io.clusterboot.worker;

import java.io.IOException;

import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.springframework.util.ClassUtils;

/**
 * The classes by which a worker reports what is wrong with it and drains. When its files
 * are overwritten or deleted it is too late to load them.
 */
final class OwnClasses {

	private static final String[] PACKAGES = { "", "channel/", "contract/", "gate/", "posix/", "web/tomcat/", "worker/",
			"worker/watch/" };

	private static final String SUFFIX = ".class";

	private OwnClasses() {
	}

	/**
	 * Load the classes, as far as possible.
	 */
	static void load() {
		ClassLoader loader = OwnClasses.class.getClassLoader();
		PathMatchingResourcePatternResolver resolver = new PathMatchingResourcePatternResolver(loader);
		for (String subpackage : PACKAGES) {
			String directory = "io/clusterboot/" + subpackage;
			try {
				for (Resource resource : resolver.getResources("classpath*:" + directory + "*" + SUFFIX)) {
					load(directory + resource.getFilename(), loader);
				}
			}
			catch (IOException ex) {
				// then without them
			}
		}
	}

	private static void load(String resource, ClassLoader loader) {
		String name = resource.substring(0, resource.length() - SUFFIX.length());
		try {
			ClassUtils.forName(name.replace('/', '.'), loader);
		}
		catch (ClassNotFoundException | LinkageError ex) {
			// it needs what the application does not have
		}
	}

}
