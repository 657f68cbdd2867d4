/**
 * What a worker says to others, and what it hears from them.
 */
@NullMarked
package io.clusterboot.worker.messages;

import org.jspecify.annotations.NullMarked;
