package io.clusterboot.session;

import java.util.Collection;
import java.util.Map;

import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.clusterboot.json.TypedKeys;
import tools.jackson.databind.DefaultTyping;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JacksonModule;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.cfg.ConstructorDetector;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.jsontype.BasicPolymorphicTypeValidator;
import tools.jackson.databind.type.TypeFactory;

import org.springframework.security.jackson.SecurityJacksonModules;
import org.springframework.util.ClassUtils;

/**
 * JSON with the fields of objects, whatever their getters, constructors and annotations
 * are for, and with their classes. Any class may be named: what is read was written by
 * another worker of the same user.
 */
final class JsonFormat implements AttributeFormat {

	private static final String SECURITY_MODULES = "org.springframework.security.jackson.SecurityJacksonModules";

	private final NewClasses newClasses = new NewClasses();

	private final ObjectWriter writer;

	private final ObjectReader reader;

	// Once something could not be kept, nobody knows which of its classes is why
	private volatile boolean distrusted;

	JsonFormat(ClassLoader classLoader) {
		TypedKeys keys = new TypedKeys((type) -> !isWellKnown(type));
		JsonMapper mapper = mapper(new SessionJacksonModule(this.newClasses, keys, classLoader), classLoader);
		keys.use(mapper);
		this.writer = mapper.writerFor(Object.class);
		this.reader = mapper.readerFor(Object.class);
	}

	private static boolean isWellKnown(JavaType key) {
		return key.isEnumType() || (key.isFinal() && key.getRawClass().getName().startsWith("java."));
	}

	private static JsonMapper mapper(JacksonModule module, ClassLoader classLoader) {
		JsonMapper.Builder builder = JsonMapper.builder()
			.typeFactory(TypeFactory.createDefaultInstance().withClassLoader(classLoader))
			.annotationIntrospector(new ForeignAnnotations())
			.changeDefaultVisibility(
					(visibility) -> visibility.with(Visibility.NONE).withFieldVisibility(Visibility.ANY))
			.constructorDetector(ConstructorDetector.DEFAULT.withRequireAnnotation(true))
			.enable(MapperFeature.ALLOW_FINAL_FIELDS_AS_MUTATORS)
			.disable(MapperFeature.INFER_CREATOR_FROM_CONSTRUCTOR_PROPERTIES)
			.disable(SerializationFeature.FAIL_ON_EMPTY_BEANS)
			.disable(EnumFeature.WRITE_ENUMS_USING_TO_STRING, EnumFeature.READ_ENUMS_USING_TO_STRING)
			.disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
			// The class of another generation may have one field less, or one more
			.disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES,
					DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
			.activateDefaultTyping(anything().build(), DefaultTyping.NON_FINAL, JsonTypeInfo.As.PROPERTY)
			.polymorphicTypeValidator(anything().build());
		if (ClassUtils.isPresent(SECURITY_MODULES, classLoader)) {
			builder.addModules(SecurityJacksonModules.getModules(classLoader, anything()));
		}
		return builder.addModule(module).build();
	}

	private static BasicPolymorphicTypeValidator.Builder anything() {
		return BasicPolymorphicTypeValidator.builder().allowIfBaseType(Object.class);
	}

	@Override
	public byte id() {
		return 1;
	}

	@Override
	public String advice() {
		return "or set 'cluster.session-format=java' and make it serializable";
	}

	@Override
	public byte[] write(Object value) {
		long before = this.newClasses.count();
		boolean done = false;
		try {
			byte[] json = this.writer.writeValueAsBytes(value);
			if (this.distrusted || this.newClasses.count() != before) {
				checkThatItComesBack(value, json);
			}
			done = true;
			return json;
		}
		finally {
			this.distrusted |= !done;
		}
	}

	private void checkThatItComesBack(Object value, byte[] json) {
		Object back = read(json);
		if (back.getClass() != value.getClass() && !(value instanceof Collection && back instanceof Collection)
				&& !(value instanceof Map && back instanceof Map)) {
			throw new IllegalStateException("It would come back as a " + back.getClass().getName());
		}
	}

	@Override
	public Object read(byte[] bytes) {
		return this.reader.readValue(bytes);
	}

}
