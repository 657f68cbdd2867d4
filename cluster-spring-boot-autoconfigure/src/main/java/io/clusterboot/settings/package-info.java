/**
 * The properties that a user can set, and what is wrong with them.
 */
@NullMarked
package io.clusterboot.settings;

import org.jspecify.annotations.NullMarked;
