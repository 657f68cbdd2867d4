package io.clusterboot.session;

import java.math.BigDecimal;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

import com.fasterxml.jackson.annotation.JsonFormat.Shape;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonProperty.Access;
import org.jspecify.annotations.Nullable;

/**
 * What people put into sessions, and what they had better not.
 */
final class SessionValues {

	private SessionValues() {
	}

	enum Color {

		RED, GREEN {
			@Override
			public String toString() {
				return "grass";
			}
		}

	}

	record Point(int x, int y) {

	}

	record Line(Point from, Point to) {

	}

	record Generic<T>(T value) {

	}

	record Failed(Exception reason) {

	}

	static class Item {

		private final String name;

		private final BigDecimal price;

		// Not for Jackson, nor named as the fields
		Item(String title, BigDecimal amount) {
			this.name = title.toLowerCase(Locale.ROOT);
			this.price = amount.abs();
		}

		String getUnknown() {
			throw new IllegalStateException(this.name + this.price);
		}

	}

	static class SpecialItem extends Item {

		private final Color color;

		SpecialItem(String title, BigDecimal amount, Color color) {
			super(title, amount);
			this.color = color;
		}

		@Override
		String getUnknown() {
			throw new IllegalStateException(this.color.name());
		}

	}

	static class Cart {

		final String owner;

		final Map<Long, Item> items = new LinkedHashMap<>();

		@Nullable Item item;

		@Nullable Object anything;

		@Nullable Number number;

		Optional<Item> maybe = Optional.empty();

		final AtomicInteger count = new AtomicInteger(3);

		transient @Nullable String transientField = "lost";

		Cart(String owner) {
			this.owner = owner;
		}

	}

	@JsonIgnoreProperties("shadow")
	static class Account {

		@JsonProperty("login")
		private final String name;

		@JsonIgnore
		private final String password;

		@JsonProperty(access = Access.WRITE_ONLY)
		private final String token;

		private final String shadow;

		@com.fasterxml.jackson.annotation.JsonFormat(shape = Shape.STRING, pattern = "yyyy-MM-dd")
		private final LocalDateTime time = LocalDateTime.parse("2026-11-30T16:00:00.123");

		Account(String name, String password, String token, String shadow) {
			this.name = name;
			this.password = password;
			this.token = token;
			this.shadow = shadow;
		}

		@JsonIgnore
		String getPassword() {
			return this.password + this.name + this.token + this.shadow + this.time;
		}

	}

	static class Mutex {

	}

	static class OwnException extends RuntimeException {

		OwnException(String message) {
			super(message);
		}

	}

	static class OddException extends RuntimeException {

		OddException(int number) {
			super("number " + number);
		}

	}

	static class Node {

		@Nullable Node next;

	}

	static class NamedList extends ArrayList<String> {

		final String name;

		NamedList(String name) {
			this.name = name;
		}

	}

	record Holder(Object held) {

	}

	static class Base {

		private final int id = 1;

		int id() {
			return this.id;
		}

	}

	static class Hiding extends Base {

		private final int id = 2;

		int ownId() {
			return this.id;
		}

	}

}
