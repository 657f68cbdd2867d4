package io.clusterboot.cli;

import java.util.concurrent.Callable;

import picocli.CommandLine.Mixin;

/**
 * What all verbs have in common: which cluster they are about, and where they print.
 */
abstract class Verb implements Callable<Integer> {

	@Mixin
	Clusters clusters;

	@Mixin
	Console console;

}
