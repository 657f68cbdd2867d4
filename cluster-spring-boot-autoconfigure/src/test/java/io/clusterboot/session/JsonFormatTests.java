package io.clusterboot.session;

import java.io.Serializable;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Currency;
import java.util.Date;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.LinkedList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

import io.clusterboot.session.SessionValues.Account;
import io.clusterboot.session.SessionValues.Cart;
import io.clusterboot.session.SessionValues.Color;
import io.clusterboot.session.SessionValues.Failed;
import io.clusterboot.session.SessionValues.Generic;
import io.clusterboot.session.SessionValues.Hiding;
import io.clusterboot.session.SessionValues.Holder;
import io.clusterboot.session.SessionValues.Item;
import io.clusterboot.session.SessionValues.Line;
import io.clusterboot.session.SessionValues.Mutex;
import io.clusterboot.session.SessionValues.NamedList;
import io.clusterboot.session.SessionValues.Node;
import io.clusterboot.session.SessionValues.OddException;
import io.clusterboot.session.SessionValues.OwnException;
import io.clusterboot.session.SessionValues.Point;
import io.clusterboot.session.SessionValues.SpecialItem;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.util.LinkedMultiValueMap;
import org.springframework.web.servlet.FlashMap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/**
 * Tests for {@link JsonFormat}, with what people put into sessions.
 */
class JsonFormatTests {

	private final AttributeFormat format = format();

	private static AttributeFormat format() {
		return new JsonFormat(JsonFormatTests.class.getClassLoader());
	}

	// By another worker
	private <T> T roundTrip(T value) throws Exception {
		return cast(format().read(this.format.write(value)));
	}

	@SuppressWarnings("unchecked")
	private static <T> T cast(Object value) {
		return (T) value;
	}

	static Stream<Object> values() {
		return Stream.of("text", "", "#1", true, 1, -5L, Long.MAX_VALUE, (short) 1, (byte) 1, 'x', 1.5, 1.5f,
				new BigDecimal("1.10"), new BigDecimal("1E+3"), new BigInteger("123456789012345678901"),
				Instant.parse("2026-11-30T16:00:00.123456789Z"), LocalDate.of(2026, 11, 30),
				LocalDateTime.parse("2026-11-30T16:00:00.123"),
				ZonedDateTime.parse("2026-11-30T16:00:00+01:00[Europe/Berlin]"), Duration.ofMillis(5), new Date(),
				Locale.GERMANY, Currency.getInstance("EUR"), URI.create("http://localhost/"), UUID.randomUUID(),
				Optional.of(5L), Optional.empty(), Color.RED, Color.GREEN, new Point(1, 2),
				new Line(new Point(1, 2), new Point(3, 4)), new Generic<>(5L), new Generic<>(List.of(new Point(1, 2))));
	}

	@ParameterizedTest
	@MethodSource("values")
	void simpleValuesComeBack(Object value) throws Exception {
		assertThat(roundTrip(value)).isEqualTo(value).hasSameClassAs(value);
	}

	static Stream<Object> containers() {
		Map<String, @Nullable Object> mixed = new HashMap<>();
		mixed.put("long", 5L);
		mixed.put("null", null);
		mixed.put("#", new BigDecimal("1.0"));
		mixed.put("nested", new ArrayList<>(List.of(new Point(1, 2), "x")));
		return Stream.of(new ArrayList<>(List.of(new Point(1, 2), 5L, "x")), new LinkedList<>(List.of(1)), mixed,
				new HashMap<>(Map.of(5L, new Point(1, 2), 6L, "x")), new HashMap<>(Map.of(new Point(1, 2), 5)),
				new HashMap<>(Map.of("#", 1, "5", 2, 5, 3)), new TreeMap<>(Map.of(LocalDate.of(2026, 1, 1), "x")),
				new LinkedHashMap<>(Map.of(Color.RED, Color.GREEN)), new HashSet<>(Set.of(5L, 6L)),
				new LinkedHashSet<>(List.of("x")), new TreeSet<>(Set.of("b", "a")),
				new ConcurrentHashMap<>(Map.of("a", 5L)), new CopyOnWriteArrayList<>(List.of("a")),
				new EnumMap<>(Map.of(Color.RED, 5L)), EnumSet.of(Color.RED), List.of(), List.of(5L),
				List.of(1, 2, new Point(1, 2)), Set.of(5L), Set.of(5L, 6L, 7L), Map.of(), Map.of("a", 5L),
				Map.of("a", 5L, "b", 6L), Arrays.asList(5L, "x"), Collections.unmodifiableList(List.of(5L)),
				Collections.unmodifiableSet(Set.of(5L)), Collections.unmodifiableMap(Map.of(5L, 6L)),
				Collections.emptyList(), Collections.emptyMap(), Collections.singletonList(5L),
				Collections.singletonMap("a", 5L), Collections.synchronizedList(new ArrayList<>(List.of(5L))),
				Stream.of(5L, 6L).toList(), new ArrayList<>(List.of(Optional.of(5L))),
				new LinkedMultiValueMap<>(Map.of("a", List.of("b", "c"))));
	}

	@ParameterizedTest
	@MethodSource("containers")
	void containersComeBack(Object value) throws Exception {
		assertThat(roundTrip(value)).isEqualTo(value);
	}

	@Test
	void arraysComeBack() throws Exception {
		assertThat(roundTrip(new String[] { "a", "b" })).containsExactly("a", "b");
		assertThat(roundTrip(new byte[] { 1, 2 })).containsExactly(1, 2);
		assertThat(roundTrip(new long[] { 1, 2 })).containsExactly(1, 2);
		assertThat(roundTrip(new Object[] { 5L, new Point(1, 2) })).containsExactly(5L, new Point(1, 2));
	}

	@Test
	void beansComeBackByTheirFields() throws Exception {
		Cart cart = new Cart("ann");
		cart.items.put(7L, new Item("book", new BigDecimal("12.50")));
		cart.item = new SpecialItem("pen", new BigDecimal("1.00"), Color.RED);
		cart.anything = List.of(new Item("x", BigDecimal.ONE));
		cart.number = 5L;
		cart.maybe = Optional.of(new Item("y", BigDecimal.TEN));
		assertThat(roundTrip(cart)).usingRecursiveComparison().ignoringFields("transientField").isEqualTo(cart);
		assertThat(roundTrip(new ArrayList<>(List.of(cart))).get(0)).usingRecursiveComparison()
			.ignoringFields("transientField")
			.isEqualTo(cart);
		assertThat(roundTrip(cart).transientField).isNull();
	}

	@Test
	void whatIsHiddenFromClientsIsInTheSession() throws Exception {
		Account account = new Account("ann", "secret", "token", "shadow");
		assertThat(roundTrip(account)).usingRecursiveComparison().isEqualTo(account);
	}

	@Test
	void emptyBeanComesBack() throws Exception {
		assertThat(roundTrip(new Mutex())).isInstanceOf(Mutex.class);
	}

	@Test
	void flashMapsComeBack() throws Exception {
		FlashMap flash = new FlashMap();
		flash.put("message", "saved");
		flash.put("number", 5L);
		flash.setTargetRequestPath("/owners/1");
		flash.addTargetRequestParam("page", "2");
		flash.startExpirationPeriod(180);
		FlashMap back = roundTrip(new CopyOnWriteArrayList<>(List.of(flash))).get(0);
		assertThat((Object) back).isEqualTo(flash);
		assertThat(back.getExpirationTime()).isEqualTo(flash.getExpirationTime());
		assertThat((Object) roundTrip(new FlashMap())).isEqualTo(new FlashMap());
	}

	@Test
	void exceptionComesBackWithItsMessage() throws Exception {
		assertThat(roundTrip(new IllegalStateException("why", new RuntimeException()))).hasMessage("why").hasNoCause();
		assertThat(roundTrip(new IllegalStateException())).hasMessage(null);
		assertThat(roundTrip(new ArrayList<>(List.of(new OwnException("why"))))).singleElement()
			.isInstanceOf(OwnException.class);
		assertThat(roundTrip(new Failed(new OwnException("why"))).reason()).isInstanceOf(OwnException.class)
			.hasMessage("why");
	}

	@Test
	void fieldsOfAnotherGenerationAreNoTrouble() throws Exception {
		byte[] more = "{\"@class\":\"%s\",\"x\":1,\"y\":2,\"z\":3}".formatted(Point.class.getName()).getBytes();
		assertThat(this.format.read(more)).isEqualTo(new Point(1, 2));
		byte[] less = "{\"@class\":\"%s\",\"x\":1}".formatted(Point.class.getName()).getBytes();
		assertThat(this.format.read(less)).isEqualTo(new Point(1, 0));
	}

	static Stream<Object> unfit() {
		Node cycle = new Node();
		cycle.next = cycle;
		class Local {

			int field = JsonFormatTests.class.hashCode();

		}
		return Stream.of(new Thread(), cycle, (Runnable & Serializable) () -> {
		}, new NamedList("x"), new Hiding(), new Local(), List.of(1).iterator(), Stream.of(1), new OddException(5),
				new Holder(new NamedList("x")), new Object[] { new Thread() }, new AtomicReference<>(5L),
				new ArrayList<>(List.of(new AtomicReference<>(5L))));
	}

	@ParameterizedTest
	@MethodSource("unfit")
	void whatDoesNotComeBackIsRefusedEachTime(Object value) {
		for (int i = 0; i < 3; i++) {
			assertThatException().isThrownBy(() -> this.format.write(value));
		}
	}

	@Test
	void unfitElementIsRefusedThoughOthersOfItsListAreFit() throws Exception {
		roundTrip(new ArrayList<>(List.of(new Point(1, 2))));
		for (int i = 0; i < 3; i++) {
			assertThatException().isThrownBy(() -> this.format.write(new ArrayList<>(List.of(new OddException(5)))));
			this.format.write(new ArrayList<>(List.of(new Point(1, 2))));
		}
	}

	@Test
	void unfitClassIsRefusedThoughSomethingBesideItFailedFirst() {
		OddException odd = new OddException(5);
		assertThatException().isThrownBy(() -> this.format.write(new ArrayList<>(List.of(odd, new Thread()))));
		assertThatException().isThrownBy(() -> this.format.write(new ArrayList<>(List.of(odd))));
	}

}
