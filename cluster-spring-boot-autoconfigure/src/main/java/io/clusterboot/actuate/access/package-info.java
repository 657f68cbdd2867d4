/**
 * Who may do what through the endpoint.
 */
@NullMarked
package io.clusterboot.actuate.access;

import org.jspecify.annotations.NullMarked;
