/**
 * What the code of an application needs to understand what other workers say to it.
 */
@NullMarked
package io.clusterboot.message;

import org.jspecify.annotations.NullMarked;
