package io.clusterboot.session;

import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedElement;
import java.util.Arrays;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.introspect.Annotated;
import tools.jackson.databind.introspect.AnnotatedParameter;
import tools.jackson.databind.introspect.JacksonAnnotationIntrospector;

import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.core.annotation.MergedAnnotations.SearchStrategy;

/**
 * Only knows annotations that others have mixed into a class, as Spring Security does.
 * Those of a class itself say what its clients are to see, and a password that they are
 * not to see is needed in the session.
 */
class ForeignAnnotations extends JacksonAnnotationIntrospector {

	private static final long serialVersionUID = 1;

	@Override
	protected <A extends Annotation> @Nullable A _findAnnotation(Annotated annotated, Class<A> type) {
		A found = super._findAnnotation(annotated, type);
		return (found != null && !isOwn(annotated, type)) ? found : null;
	}

	@Override
	protected boolean _hasAnnotation(Annotated annotated, Class<? extends Annotation> type) {
		return super._hasAnnotation(annotated, type) && !isOwn(annotated, type);
	}

	@Override
	protected boolean _hasOneOf(Annotated annotated, Class<? extends Annotation>[] types) {
		return Arrays.stream(types).anyMatch((type) -> _hasAnnotation(annotated, type));
	}

	private static boolean isOwn(Annotated annotated, Class<? extends Annotation> type) {
		AnnotatedElement element = (annotated instanceof AnnotatedParameter parameter)
				? parameter.getOwner().getAnnotated() : annotated.getAnnotated();
		return element != null && MergedAnnotations.from(element, SearchStrategy.TYPE_HIERARCHY).isPresent(type);
	}

}
