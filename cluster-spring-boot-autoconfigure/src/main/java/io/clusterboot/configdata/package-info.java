/**
 * The configuration of a generation: what its first worker's config data found, kept for
 * the others.
 */
@NullMarked
package io.clusterboot.configdata;

import org.jspecify.annotations.NullMarked;
