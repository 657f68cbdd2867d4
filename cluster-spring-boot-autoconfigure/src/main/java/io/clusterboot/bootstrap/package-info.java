/**
 * The early decision between primary, worker and plain application, and the settings.
 */
@NullMarked
package io.clusterboot.bootstrap;

import org.jspecify.annotations.NullMarked;
