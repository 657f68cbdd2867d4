package io.clusterboot.process;

import java.nio.file.Path;

/**
 * The code of one generation: what its workers run, however often they are started and
 * whatever happens to the files that it was made from.
 *
 * @param command the command line to start workers with
 * @param workingDirectory the directory to start them in
 */
public record CodeSnapshot(JvmCommand command, Path workingDirectory) {

}
