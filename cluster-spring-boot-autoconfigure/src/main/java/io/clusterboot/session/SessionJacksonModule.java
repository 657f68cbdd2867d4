package io.clusterboot.session;

import java.util.ArrayList;
import java.util.List;

import io.clusterboot.json.TypedKeys;
import tools.jackson.core.Version;
import tools.jackson.databind.JacksonModule;
import tools.jackson.databind.cfg.DateTimeFeature;
import tools.jackson.databind.cfg.MapperBuilder;

import org.springframework.util.ClassUtils;

/**
 * What Jackson has to know to write a value by its fields and have the same again.
 */
class SessionJacksonModule extends JacksonModule {

	private final NewClasses newClasses;

	private final TypedKeys keys;

	private final List<PlainForm<?>> plainForms = new ArrayList<>(List.of(new ThrowableForm(), new OptionalForm()));

	SessionJacksonModule(NewClasses newClasses, TypedKeys keys, ClassLoader classLoader) {
		this.newClasses = newClasses;
		this.keys = keys;
		if (ClassUtils.isPresent("org.springframework.web.servlet.FlashMap", classLoader)) {
			this.plainForms.add(new FlashMapForm());
		}
	}

	@Override
	public String getModuleName() {
		return getClass().getName();
	}

	@Override
	public Version version() {
		return Version.unknownVersion();
	}

	@Override
	public void setupModule(SetupContext context) {
		// The module of Spring Security says otherwise, and zones would be lost
		((MapperBuilder<?, ?>) context.getOwner())
			.disable(DateTimeFeature.WRITE_DATES_AS_TIMESTAMPS, DateTimeFeature.WRITE_DATES_WITH_CONTEXT_TIME_ZONE,
					DateTimeFeature.ADJUST_DATES_TO_CONTEXT_TIME_ZONE)
			.enable(DateTimeFeature.WRITE_DATES_WITH_ZONE_ID);
		context.addSerializerModifier(this.newClasses);
		context.addSerializers(new PlainForm.Writing(this.plainForms));
		context.addDeserializers(new PlainForm.Reading(this.plainForms));
		context.addKeySerializers(this.keys);
		context.addKeyDeserializers(this.keys);
		context.addValueInstantiators(new FieldwiseInstantiators());
	}

}
