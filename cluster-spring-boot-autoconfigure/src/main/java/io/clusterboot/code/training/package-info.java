/**
 * Makes the start of a generation's workers faster, by a start that serves nobody.
 */
@NullMarked
package io.clusterboot.code.training;

import org.jspecify.annotations.NullMarked;
