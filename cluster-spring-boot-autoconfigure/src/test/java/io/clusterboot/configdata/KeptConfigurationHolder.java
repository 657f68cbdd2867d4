package io.clusterboot.configdata;

import java.nio.file.Path;

/**
 * A first worker that never gets its configuration together.
 */
public final class KeptConfigurationHolder {

	private KeptConfigurationHolder() {
	}

	public static void main(String[] arguments) throws InterruptedException {
		KeptConfiguration kept = new KeptConfiguration(Path.of(arguments[0]), true);
		kept.begin();
		System.out.println(kept.find(Path.of(arguments[1])));
		Thread.currentThread().join();
	}

}
