package io.clusterboot.session;

import java.lang.reflect.Constructor;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * The message of a throwable, such as the reason why somebody could not log in. Where it
 * was thrown, and why, is nothing for a session.
 */
class ThrowableForm extends PlainForm<Throwable> {

	ThrowableForm() {
		super(Throwable.class);
	}

	@Override
	HashMap<String, @Nullable Object> toPlain(Throwable value) {
		HashMap<String, @Nullable Object> plain = new HashMap<>();
		plain.put("message", value.getMessage());
		return plain;
	}

	@Override
	Throwable fromPlain(Class<? extends Throwable> type, Map<String, @Nullable Object> plain)
			throws ReflectiveOperationException {
		Object message = plain.get("message");
		Throwable made = null;
		for (Constructor<?> constructor : type.getDeclaredConstructors()) {
			Class<?>[] parameters = constructor.getParameterTypes();
			boolean isChained = parameters.length == 2 && parameters[1] == Throwable.class;
			if ((isChained || parameters.length == 1) && parameters[0] == String.class) {
				constructor.trySetAccessible();
				made = type
					.cast((isChained) ? constructor.newInstance(message, null) : constructor.newInstance(message));
				// It could be the name of something
				if (Objects.equals(made.getMessage(), message)) {
					return made;
				}
			}
		}
		if (made == null) {
			throw new NoSuchMethodException("It has no constructor with a message");
		}
		return made;
	}

}
