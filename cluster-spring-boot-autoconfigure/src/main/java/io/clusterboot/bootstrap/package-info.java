/**
 * What this run of the application is to be, and how it becomes that.
 */
@NullMarked
package io.clusterboot.bootstrap;

import org.jspecify.annotations.NullMarked;
