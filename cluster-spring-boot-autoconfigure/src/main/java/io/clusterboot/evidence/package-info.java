/**
 * Why a process has ended.
 */
@NullMarked
package io.clusterboot.evidence;

import org.jspecify.annotations.NullMarked;
