/**
 * What two rooms or two processes agree on, and no application needs.
 */
@NullMarked
package io.clusterboot.contract;

import org.jspecify.annotations.NullMarked;
