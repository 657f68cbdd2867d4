package io.clusterboot.session;

import tools.jackson.databind.BeanDescription;
import tools.jackson.databind.DeserializationConfig;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.deser.ValueInstantiator;
import tools.jackson.databind.deser.ValueInstantiators;

import org.springframework.objenesis.SpringObjenesis;
import org.springframework.util.ClassUtils;

/**
 * Makes objects whose class has no constructor without arguments, as Java's own
 * serialisation does: their fields are all that they are.
 */
class FieldwiseInstantiators extends ValueInstantiators.Base {

	private final SpringObjenesis objenesis = new SpringObjenesis();

	@Override
	public ValueInstantiator modifyValueInstantiator(DeserializationConfig config, BeanDescription.Supplier description,
			ValueInstantiator instantiator) {
		return (instantiator.canInstantiate() || !isMadeOfFields(description.getType())) ? instantiator
				: new Fieldwise(description.getType());
	}

	// Where an inner class comes from is no field that Jackson would write
	private static boolean isMadeOfFields(JavaType type) {
		Class<?> raw = type.getRawClass();
		return type.isConcrete() && !type.isContainerType() && !type.isEnumType() && !type.isReferenceType()
				&& !raw.isRecord() && !raw.isAnonymousClass() && !ClassUtils.isInnerClass(raw) && !raw.isHidden()
				&& !raw.getName().startsWith("java.");
	}

	private final class Fieldwise extends ValueInstantiator.Base {

		Fieldwise(JavaType type) {
			super(type);
		}

		@Override
		public boolean canCreateUsingDefault() {
			return true;
		}

		@Override
		public Object createUsingDefault(DeserializationContext context) {
			return FieldwiseInstantiators.this.objenesis.newInstance(getValueClass());
		}

	}

}
