/**
 * Numbers by key, of each worker and of all together; knows nothing of what is counted.
 */
@NullMarked
package io.clusterboot.numbers;

import org.jspecify.annotations.NullMarked;
