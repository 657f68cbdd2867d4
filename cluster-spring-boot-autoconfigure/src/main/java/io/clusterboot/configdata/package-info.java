/**
 * The configuration of a generation: what Spring Boot's config data found when the first
 * worker started, kept for those that start later.
 */
@NullMarked
package io.clusterboot.configdata;

import org.jspecify.annotations.NullMarked;
