/**
 * What the supervisor must know to decide: the properties that the launcher and the
 * workers tell.
 */
@NullMarked
package io.clusterboot.supervisor.settings;

import org.jspecify.annotations.NullMarked;
