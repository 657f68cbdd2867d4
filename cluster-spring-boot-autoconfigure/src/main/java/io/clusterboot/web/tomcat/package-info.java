/**
 * Tomcat that accepts through the gate and drains.
 */
@NullMarked
package io.clusterboot.web.tomcat;

import org.jspecify.annotations.NullMarked;
