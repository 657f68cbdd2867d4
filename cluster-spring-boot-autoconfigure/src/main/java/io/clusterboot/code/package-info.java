/**
 * Which files a generation runs, and where its copy of them is.
 */
@NullMarked
package io.clusterboot.code;

import org.jspecify.annotations.NullMarked;
