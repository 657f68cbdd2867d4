package io.clusterboot.lead;

import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;

import io.clusterboot.OncePerCluster;

import org.springframework.aop.support.AopUtils;
import org.springframework.aop.support.StaticMethodMatcherPointcut;
import org.springframework.context.annotation.Bean;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.AnnotationUtils;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.scheduling.annotation.Schedules;

/**
 * Matches the methods that only the leader may run.
 */
final class OncePointcut extends StaticMethodMatcherPointcut {

	private final List<Class<? extends Annotation>> annotations = new ArrayList<>(List.of(OncePerCluster.class));

	/**
	 * Create a pointcut.
	 * @param scheduling whether it matches all that are scheduled, too
	 */
	OncePointcut(boolean scheduling) {
		if (scheduling) {
			this.annotations.addAll(List.of(Scheduled.class, Schedules.class));
		}
		setClassFilter(this::isCandidate);
	}

	// Nothing of Spring's has these, and an application has hundreds of its beans
	private boolean isCandidate(Class<?> type) {
		return !type.getName().startsWith("org.springframework.")
				&& AnnotationUtils.isCandidateClass(type, this.annotations);
	}

	@Override
	public boolean matches(Method method, Class<?> targetClass) {
		Method specific = AopUtils.getMostSpecificMethod(method, targetClass);
		// That of a bean's factory method is about the bean
		if (AnnotatedElementUtils.hasAnnotation(specific, Bean.class) || this.annotations.stream()
			.noneMatch((annotation) -> AnnotatedElementUtils.hasAnnotation(specific, annotation))) {
			return false;
		}
		if (specific.getReturnType().isPrimitive() && specific.getReturnType() != void.class
				&& AnnotatedElementUtils.hasAnnotation(specific, OncePerCluster.class)) {
			throw new IllegalStateException(
					"%s.%s cannot be @OncePerCluster: it returns a primitive, and has nothing to return where it does not run"
						.formatted(targetClass.getName(), specific.getName()));
		}
		return true;
	}

}
