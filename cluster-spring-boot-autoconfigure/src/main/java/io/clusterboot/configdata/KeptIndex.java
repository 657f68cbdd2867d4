package io.clusterboot.configdata;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.jspecify.annotations.Nullable;

/**
 * What was found at each place that was looked at.
 */
final class KeptIndex {

	private final Map<String, KeptKind> kinds = new TreeMap<>();

	private final Map<String, List<String>> names = new TreeMap<>();

	@Nullable KeptKind kind(String place) {
		return this.kinds.get(place);
	}

	void kind(String place, KeptKind kind) {
		this.kinds.put(place, kind);
	}

	List<String> places(KeptKind kind) {
		return this.kinds.keySet().stream().filter((place) -> this.kinds.get(place) == kind).toList();
	}

	/**
	 * Return what is in a directory.
	 * @param place the directory
	 * @return the names or {@code null} if nobody has looked
	 */
	@Nullable List<String> names(String place) {
		return this.names.get(place);
	}

	void names(String place, List<String> names) {
		this.names.put(place, List.copyOf(names));
	}

	/**
	 * Add what this one has to another one that has not.
	 * @param other the other one
	 */
	void addTo(KeptIndex other) {
		this.kinds.forEach(other.kinds::putIfAbsent);
		this.names.forEach(other.names::putIfAbsent);
	}

	byte[] toBytes() {
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		try (DataOutputStream out = new DataOutputStream(bytes)) {
			out.writeInt(this.kinds.size());
			for (Map.Entry<String, KeptKind> kind : this.kinds.entrySet()) {
				out.writeUTF(kind.getKey());
				out.writeUTF(kind.getValue().name());
			}
			out.writeInt(this.names.size());
			for (Map.Entry<String, List<String>> listed : this.names.entrySet()) {
				out.writeUTF(listed.getKey());
				out.writeInt(listed.getValue().size());
				for (String name : listed.getValue()) {
					out.writeUTF(name);
				}
			}
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
		return bytes.toByteArray();
	}

	static KeptIndex of(byte[] bytes) throws IOException {
		KeptIndex index = new KeptIndex();
		DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
		for (int kinds = in.readInt(); kinds > 0; kinds--) {
			index.kind(in.readUTF(), KeptKind.valueOf(in.readUTF()));
		}
		for (int directories = in.readInt(); directories > 0; directories--) {
			String place = in.readUTF();
			List<String> names = new ArrayList<>();
			for (int count = in.readInt(); count > 0; count--) {
				names.add(in.readUTF());
			}
			index.names(place, names);
		}
		return index;
	}

}
