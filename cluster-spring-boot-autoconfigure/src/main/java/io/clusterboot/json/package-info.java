/**
 * JSON of values of any class; knows nothing of what they are kept for.
 */
@NullMarked
package io.clusterboot.json;

import org.jspecify.annotations.NullMarked;
