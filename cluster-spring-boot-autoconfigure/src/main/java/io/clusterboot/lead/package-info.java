/**
 * Leads the cluster where the primary lets this worker, and has done once what is to be.
 */
@NullMarked
package io.clusterboot.lead;

import org.jspecify.annotations.NullMarked;
