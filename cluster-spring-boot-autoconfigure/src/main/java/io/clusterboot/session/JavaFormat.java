package io.clusterboot.session;

import java.io.ByteArrayInputStream;
import java.io.IOException;

import org.springframework.core.serializer.support.SerializationDelegate;

/**
 * Java's own serialisation, for those who choose it.
 */
class JavaFormat implements AttributeFormat {

	private final SerializationDelegate delegate;

	JavaFormat(ClassLoader classLoader) {
		this.delegate = new SerializationDelegate(classLoader);
	}

	@Override
	public byte id() {
		return 2;
	}

	@Override
	public String advice() {
		return "make it serializable, or choose 'cluster.session-format=json'";
	}

	@Override
	public byte[] write(Object value) throws IOException {
		return this.delegate.serializeToByteArray(value);
	}

	@Override
	public Object read(byte[] bytes) throws IOException {
		return this.delegate.deserialize(new ByteArrayInputStream(bytes));
	}

}
