/**
 * What the workers of several machines share, on Redis instead of in their primaries.
 */
@NullMarked
package io.clusterboot.redis;

import org.jspecify.annotations.NullMarked;
