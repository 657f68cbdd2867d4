package io.clusterboot.supervisor;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * How much is in each collection that can be reached from an object of this project.
 */
final class MemorySizes {

	private final Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());

	// By class and field the size of the largest
	private final Map<String, Integer> sizes = new TreeMap<>();

	private MemorySizes() {
	}

	/**
	 * Measure what an object remembers.
	 * @param object the object
	 * @return the size of the largest collection by the field that holds it
	 */
	static Map<String, Integer> of(Object object) {
		MemorySizes sizes = new MemorySizes();
		sizes.visit(object, "");
		return sizes.sizes;
	}

	private void visit(Object object, String holder) {
		if (object instanceof Map<?, ?> map) {
			visit(map.keySet(), holder);
			visit(map.values(), holder);
		}
		else if (object instanceof Collection<?> collection) {
			this.sizes.merge(holder, collection.size(), Math::max);
			collection.forEach((element) -> visit(element, holder));
		}
		else if (object != null && object.getClass().getName().startsWith("io.clusterboot.") && this.seen.add(object)) {
			for (Field field : object.getClass().getDeclaredFields()) {
				if (!Modifier.isStatic(field.getModifiers()) && !field.getType().isPrimitive()) {
					visit(read(field, object), object.getClass().getSimpleName() + "." + field.getName());
				}
			}
		}
	}

	private static Object read(Field field, Object object) {
		try {
			field.setAccessible(true);
			return field.get(object);
		}
		catch (IllegalAccessException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
