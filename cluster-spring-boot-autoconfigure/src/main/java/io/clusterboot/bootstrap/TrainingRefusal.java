package io.clusterboot.bootstrap;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import io.clusterboot.code.training.Training;

/**
 * Ends a training start that could change what is not its own, and tells the primary why.
 */
class TrainingRefusal {

	private final Path directory;

	TrainingRefusal(Path directory) {
		this.directory = directory;
	}

	/**
	 * Refuse to open a database that is a file.
	 * @param name where its URL was found
	 */
	void databaseFile(String name) {
		end("the application's database is a file (%s), which a second process must not open".formatted(name));
	}

	/**
	 * End this process.
	 * @param reason why it must not go on
	 */
	void end(String reason) {
		System.out.println("Not trained: " + reason);
		try {
			Files.writeString(this.directory.resolve(Training.REFUSAL), reason);
		}
		catch (IOException ex) {
			// then it counts as a failure, with this line as the reason
			System.out.println("ERROR: " + reason);
		}
		Runtime.getRuntime().halt(1);
	}

}
