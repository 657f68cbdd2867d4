/**
 * Tomcat that serves through the accept gate and drains.
 */
@NullMarked
package io.clusterboot.web.tomcat;

import org.jspecify.annotations.NullMarked;
