package io.clusterboot;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.Optional;

import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.CommandLineRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.event.EventListener;
import org.springframework.scheduling.annotation.Scheduled;

/**
 * A method of a bean that does something only where this worker
 * {@linkplain Cluster#leader() leads}, for example a {@link Scheduled} method or an
 * {@link EventListener}. Elsewhere a call does nothing and returns {@code null}, or an
 * empty {@link Optional}; the result must be no primitive. Calls that do not go through
 * the bean, but come from the object itself, are made anywhere. When a {@link Scheduled}
 * method last ran is known to whichever worker leads next.
 * <p>
 * An {@link ApplicationRunner} or {@link CommandLineRunner}, whose {@code run} or whose
 * {@link Bean} method has this, runs once for each generation, as a restart would have
 * it: in the first worker that leads, when it does. That is when it is ready, so its
 * start does not wait, and what the runner throws is only logged.
 */
@Documented
@Target({ ElementType.METHOD, ElementType.ANNOTATION_TYPE })
@Retention(RetentionPolicy.RUNTIME)
public @interface OncePerCluster {

}
