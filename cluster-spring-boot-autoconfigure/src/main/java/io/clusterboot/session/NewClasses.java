package io.clusterboot.session;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

import tools.jackson.databind.BeanDescription;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.SerializationConfig;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.ser.ValueSerializerModifier;
import tools.jackson.databind.ser.bean.BeanSerializerBase;
import tools.jackson.databind.ser.jdk.MapSerializer;
import tools.jackson.databind.type.CollectionType;
import tools.jackson.databind.type.MapType;

/**
 * Counts the classes that are written for the first time, wherever in a value, and
 * refuses those of which JSON would lose something without a word.
 */
class NewClasses extends ValueSerializerModifier {

	private static final long serialVersionUID = 1;

	private final AtomicLong count = new AtomicLong();

	long count() {
		return this.count.get();
	}

	@Override
	public ValueSerializer<?> modifySerializer(SerializationConfig config, BeanDescription.Supplier description,
			ValueSerializer<?> serializer) {
		if (serializer instanceof BeanSerializerBase) {
			refuseHiddenFields(description.getBeanClass());
		}
		this.count.incrementAndGet();
		return serializer;
	}

	@Override
	public ValueSerializer<?> modifyEnumSerializer(SerializationConfig config, JavaType type,
			BeanDescription.Supplier description, ValueSerializer<?> serializer) {
		this.count.incrementAndGet();
		return serializer;
	}

	@Override
	public ValueSerializer<?> modifyCollectionSerializer(SerializationConfig config, CollectionType type,
			BeanDescription.Supplier description, ValueSerializer<?> serializer) {
		refuseFieldsBesideElements(type.getRawClass());
		this.count.incrementAndGet();
		return serializer;
	}

	@Override
	public ValueSerializer<?> modifyMapSerializer(SerializationConfig config, MapType type,
			BeanDescription.Supplier description, ValueSerializer<?> serializer) {
		if (serializer instanceof MapSerializer) {
			refuseFieldsBesideElements(type.getRawClass());
		}
		this.count.incrementAndGet();
		return serializer;
	}

	private static void refuseHiddenFields(Class<?> type) {
		Set<String> names = new HashSet<>();
		for (Class<?> current = type; current != null; current = current.getSuperclass()) {
			for (Field field : current.getDeclaredFields()) {
				if (isState(field) && !names.add(field.getName())) {
					throw new IllegalArgumentException("%s has several fields '%s', of which JSON has room for one"
						.formatted(type.getName(), field.getName()));
				}
			}
		}
	}

	// Who extends a list or a map has fields of its own, who is one has them for that
	private static void refuseFieldsBesideElements(Class<?> type) {
		String fields = "";
		Class<?> current = type;
		for (; current != null && !isOfJdk(current); current = current.getSuperclass()) {
			for (Field field : current.getDeclaredFields()) {
				fields = (isState(field)) ? field.getName() : fields;
			}
		}
		if (!fields.isEmpty() && current != null && current != Object.class
				&& !Modifier.isAbstract(current.getModifiers())) {
			throw new IllegalArgumentException("%s has the field '%s' beside its elements, for which JSON has no room"
				.formatted(type.getName(), fields));
		}
	}

	private static boolean isOfJdk(Class<?> type) {
		return type.getName().startsWith("java.");
	}

	private static boolean isState(Field field) {
		int modifiers = field.getModifiers();
		return !Modifier.isStatic(modifiers) && !Modifier.isTransient(modifiers) && !field.isSynthetic();
	}

}
