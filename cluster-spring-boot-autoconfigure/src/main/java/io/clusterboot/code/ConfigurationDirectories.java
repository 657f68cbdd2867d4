package io.clusterboot.code;

import java.io.IOException;
import java.nio.file.Path;

import io.clusterboot.command.WorkerCommand;
import io.clusterboot.command.WorkerUser;

/**
 * Makes the directories in which the workers of a generation keep the configuration that
 * the first of them finds: it is for them and nobody else to read.
 */
public final class ConfigurationDirectories {

	private static final String NAME = "configuration";

	private final StagingDirectory staging;

	private final WorkerCommand command;

	/**
	 * Create the maker.
	 * @param staging where the directories are made
	 * @param command how workers are started
	 */
	public ConfigurationDirectories(StagingDirectory staging, WorkerCommand command) {
		this.staging = staging;
		this.command = command;
	}

	/**
	 * Make the directory of a generation.
	 * @param generation the generation
	 * @throws IOException if it cannot be made
	 */
	public void make(int generation) throws IOException {
		Path parent = this.staging.makeGeneration(generation);
		Path directory = StagingDirectory.of(parent).makeDirectory(NAME);
		WorkerUser user = (this.staging.isPassable()) ? WorkerUser.find(this.command) : null;
		if (user != null) {
			StagingDirectory.of(parent).makePassable();
			user.own(directory);
		}
	}

	/**
	 * Find the directory of a generation.
	 * @param staging the cluster's directory
	 * @param generation the generation
	 * @return the directory, which does not exist if nothing is to be kept
	 */
	public static Path find(Path staging, int generation) {
		return StagingDirectory.of(staging).generation(generation).resolve(NAME);
	}

	/**
	 * Find the directory of the generation that is trained.
	 * @param training the directory of the training
	 * @return the directory, which does not exist if nothing is to be kept
	 */
	public static Path find(Path training) {
		return training.resolveSibling(NAME);
	}

}
