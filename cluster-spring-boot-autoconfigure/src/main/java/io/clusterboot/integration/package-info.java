/**
 * Tells Spring Integration who leads.
 */
@NullMarked
package io.clusterboot.integration;

import org.jspecify.annotations.NullMarked;
