package io.clusterboot.cache;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.clusterboot.json.TypedKeys;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.databind.DatabindContext;
import tools.jackson.databind.DefaultTyping;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.cfg.DateTimeFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.jsontype.BasicPolymorphicTypeValidator;
import tools.jackson.databind.jsontype.NamedType;
import tools.jackson.databind.jsontype.PolymorphicTypeValidator;
import tools.jackson.databind.jsontype.TypeIdResolver;
import tools.jackson.databind.jsontype.impl.ClassNameIdResolver;
import tools.jackson.databind.jsontype.impl.DefaultTypeResolverBuilder;
import tools.jackson.databind.module.SimpleModule;

import org.springframework.util.ClassUtils;

/**
 * The JSON of an application, with the name of the class wherever a value may be of
 * another one than is declared. What was written is what is read.
 */
final class TypedJson {

	private TypedJson() {
	}

	/**
	 * Add types to the JSON of an application.
	 * @param application what gives its JSON its form
	 * @param classLoader what finds classes
	 * @return what writes and reads it with types
	 */
	static JsonMapper of(JsonMapper application, @Nullable ClassLoader classLoader) {
		TypedKeys keys = new TypedKeys(JavaType::isJavaLangObject);
		SimpleModule module = module(keys);
		module.addSerializer(Optional.class, new TypeAround(new OptionalForm.Writer()));
		module.addDeserializer(Optional.class, new OptionalForm.Reader());
		module.setSerializerModifier(TypeAround.modifier());
		JsonMapper mapper = application.rebuild()
			.typeFactory(application.getTypeFactory().withClassLoader(classLoader))
			.setDefaultTyping(new Types())
			.changeDefaultPropertyInclusion(
					(inclusion) -> JsonInclude.Value.construct(JsonInclude.Include.ALWAYS, JsonInclude.Include.ALWAYS))
			.disable(SerializationFeature.INDENT_OUTPUT, SerializationFeature.WRAP_ROOT_VALUE)
			.disable(DeserializationFeature.UNWRAP_ROOT_VALUE)
			// It would be read as something else
			.enable(SerializationFeature.FAIL_ON_EMPTY_BEANS)
			.disable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN)
			.disable(DateTimeFeature.WRITE_DATES_AS_TIMESTAMPS, DateTimeFeature.ADJUST_DATES_TO_CONTEXT_TIME_ZONE)
			.enable(DateTimeFeature.WRITE_DATES_WITH_ZONE_ID)
			.addModule(module)
			.build();
		keys.use(mapper);
		return mapper;
	}

	private static SimpleModule module(TypedKeys keys) {
		return new SimpleModule("cluster-cache") {

			@Override
			public void setupModule(SetupContext context) {
				super.setupModule(context);
				context.addKeySerializers(keys);
				context.addKeyDeserializers(keys);
			}

		};
	}

	/**
	 * Names types in an array around the value, which no value can be taken for.
	 */
	private static final class Types extends DefaultTypeResolverBuilder {

		// What is read was written by a worker of the same cluster
		private static final PolymorphicTypeValidator ANY = BasicPolymorphicTypeValidator.builder()
			.allowIfSubType(Object.class)
			.build();

		Types() {
			super(ANY, DefaultTyping.NON_FINAL, JsonTypeInfo.As.WRAPPER_ARRAY);
		}

		private Types(Types base, Class<?> defaultType) {
			super(base, defaultType);
		}

		@Override
		public Types withDefaultImpl(Class<?> defaultType) {
			return (defaultType != getDefaultImpl()) ? new Types(this, defaultType) : this;
		}

		@Override
		protected TypeIdResolver idResolver(DatabindContext context, JavaType baseType,
				PolymorphicTypeValidator validator, Collection<NamedType> subtypes, boolean forWriting,
				boolean forReading) {
			return new Names(baseType, subtypes, validator);
		}

	}

	/**
	 * The names of classes, but for lists and the like that the JDK keeps to itself.
	 */
	private static final class Names extends ClassNameIdResolver {

		private static final Map<Class<?>, Class<?>> GENERAL = general();

		Names(JavaType baseType, Collection<NamedType> subtypes, PolymorphicTypeValidator validator) {
			super(baseType, subtypes, validator);
		}

		private static Map<Class<?>, Class<?>> general() {
			Map<Class<?>, Class<?>> general = new LinkedHashMap<>();
			general.put(List.class, ArrayList.class);
			general.put(SortedSet.class, TreeSet.class);
			general.put(Set.class, LinkedHashSet.class);
			general.put(Collection.class, ArrayList.class);
			general.put(SortedMap.class, TreeMap.class);
			general.put(Map.class, LinkedHashMap.class);
			return general;
		}

		@Override
		protected String _idFrom(DatabindContext context, Object value, Class<?> type) {
			return super._idFrom(context, value, isForAll(type) ? type : generalize(type));
		}

		private static boolean isForAll(Class<?> type) {
			return !type.getName().startsWith("java.") || ClassUtils.hasConstructor(type);
		}

		private static Class<?> generalize(Class<?> type) {
			return GENERAL.entrySet()
				.stream()
				.filter((entry) -> entry.getKey().isAssignableFrom(type))
				.<Class<?>>map(Map.Entry::getValue)
				.findFirst()
				.orElse(type);
		}

	}

}
