package io.clusterboot.cache;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.cfg.DateTimeFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link SharedValues}.
 */
@ExtendWith(OutputCaptureExtension.class)
class SharedValuesTests {

	private final SharedValues values = new SharedValues(JsonMapper::new, getClass().getClassLoader());

	static Stream<Object> kept() {
		Owner owner = new Owner("Ann", 7L, List.of(new Pet("Max", LocalDate.of(2020, 2, 29))));
		Clinic clinic = new Clinic();
		clinic.name = "Vets";
		clinic.owners = List.of(owner);
		clinic.boss = new Doctor("House");
		clinic.anything = new BigDecimal("1.50");
		Map<Object, Object> mixed = new LinkedHashMap<>();
		mixed.put(1, "a number");
		mixed.put("1", "a text");
		mixed.put("#2", 2L);
		mixed.put(LocalDate.EPOCH, owner);
		return Stream.of("text", "", 1, 2L, (short) 3, (byte) 4, 'c', 1.5, 1.5F, true, Double.NaN,
				new BigDecimal("1.50"), new BigDecimal("1E+3"), new BigInteger("9".repeat(40)), UUID.randomUUID(),
				Instant.parse("2026-01-02T03:04:05.123456789Z"), LocalDate.EPOCH, LocalDateTime.MIN.withYear(1),
				Duration.ofNanos(1_234_567_891), OffsetDateTime.of(2026, 1, 2, 3, 4, 5, 6, ZoneOffset.ofHours(3)),
				ZonedDateTime.parse("2026-01-02T03:04:05.000000006+01:00[Europe/Berlin]"), DayOfWeek.FRIDAY,
				TimeUnit.DAYS, owner, clinic, new Doctor("House"), List.of(), List.of(owner, owner),
				List.of(1, 2L, "3", owner), Arrays.asList(owner, null), Collections.emptyList(),
				Collections.unmodifiableList(new ArrayList<>(List.of(1L))), Stream.of(owner).toList(),
				List.of(1, 2, 3).subList(1, 2), Set.of(1L, 2L), new TreeSet<>(List.of("b", "a")), Map.of("a", owner),
				Map.of(1, owner), Map.of(1L, List.of(owner)), Map.of(LocalDate.EPOCH, 1L), Map.of(owner, 1),
				Map.of("a", 1).keySet(), mixed, new TreeMap<>(Map.of(2, "b", 1, "a")), Optional.of(owner),
				Optional.of(5L), Optional.empty(), List.of(Optional.of("a"), Optional.empty()), OptionalInt.of(5),
				OptionalInt.empty(), EnumSet.of(DayOfWeek.MONDAY), new EnumMap<>(Map.of(DayOfWeek.MONDAY, 5L)),
				new Page<>(List.of(owner), Map.of(5L, Optional.of(owner))), new Page<>(null, null),
				new Wishes(Optional.of(owner), Optional.empty(), Map.of(5L, owner)), new Nothing(null, "x"));
	}

	@ParameterizedTest
	@MethodSource("kept")
	void whatIsReadIsWhatWasWritten(Object value) {
		Object read = copy(this.values, value);
		assertThat(read).isEqualTo(value);
		if (!(value instanceof Iterable) && !(value instanceof Map)) {
			assertThat(read).hasSameClassAs(value);
		}
	}

	@Test
	void nullIsAValue() {
		assertThat(copy(this.values, null)).isNull();
	}

	@Test
	void arraysAreArrays() {
		assertThat(copy(this.values, new byte[] { 1, 2 })).isEqualTo(new byte[] { 1, 2 });
		assertThat(copy(this.values, new int[] { 1, 2 })).isEqualTo(new int[] { 1, 2 });
		assertThat(copy(this.values, new String[] { "a", null })).isEqualTo(new String[] { "a", null });
		assertThat(copy(this.values, new Object[] { 1L, "a" })).isEqualTo(new Object[] { 1L, "a" });
		assertThat(copy(this.values, new Doctor[] { new Doctor("a") })).isEqualTo(new Doctor[] { new Doctor("a") });
	}

	@Test
	void formIsTheOneOfTheApplicationWhereNothingIsLostByIt() {
		JsonMapper application = JsonMapper.builder()
			.propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
			.enable(DateTimeFeature.WRITE_DATES_AS_TIMESTAMPS)
			.disable(DateTimeFeature.WRITE_DATE_TIMESTAMPS_AS_NANOSECONDS)
			.changeDefaultPropertyInclusion(
					(inclusion) -> JsonInclude.Value.construct(JsonInclude.Include.NON_EMPTY, null))
			.build();
		SharedValues others = new SharedValues(() -> application, null);
		Visit visit = new Visit(Instant.parse("2026-01-02T03:04:05.123456789Z"), null, List.of());
		assertThat(new String(others.write("visits", "k", visit), StandardCharsets.UTF_8))
			.isEqualTo("[\"%s\",{\"begins_at\":\"2026-01-02T03:04:05.123456789Z\",\"note\":null,\"pets\":"
				.formatted(Visit.class.getName()) + "[\"java.util.ArrayList\",[]]}]");
		assertThat(copy(others, visit)).isEqualTo(visit);
		assertThat(application.writeValueAsString(visit)).as("the application's own").doesNotContain("note");
	}

	@Test
	void serializersOfTheApplicationNeedNotKnowTypes() {
		SimpleModule module = new SimpleModule();
		module.addSerializer(Money.class, new MoneySerializer());
		module.addDeserializer(Money.class, new MoneyDeserializer());
		SharedValues others = new SharedValues(() -> JsonMapper.builder().addModule(module).build(), null);
		Money money = new Money(150);
		assertThat(new String(others.write("prices", "k", money), StandardCharsets.UTF_8))
			.isEqualTo("[\"%s\",[\"cents\",150]]".formatted(Money.class.getName()));
		assertThat(((Money) Objects.requireNonNull(copy(others, money))).cents).isEqualTo(150);
		assertThat(copy(others, List.of(money))).asInstanceOf(InstanceOfAssertFactories.list(Money.class))
			.extracting((each) -> each.cents)
			.containsExactly(150);
		assertThat(((Price) Objects.requireNonNull(copy(others, new Price(money)))).net.cents).isEqualTo(150);
	}

	@Test
	void whatHasNoFormInJsonIsNamed() {
		assertThatIllegalArgumentException().isThrownBy(() -> this.values.write("threads", 5, new Object()))
			.withMessageStartingWith("The shared cache 'threads' cannot keep a java.lang.Object under the key 5: ");
		List<Object> circle = new ArrayList<>();
		circle.add(circle);
		assertThatIllegalArgumentException().isThrownBy(() -> this.values.write("threads", "k", circle))
			.withMessageStartingWith("The shared cache 'threads' cannot keep a java.util.ArrayList under the key k: ");
	}

	@Test
	void whatCannotBeReadIsMissedAndNamedOnce(CapturedOutput output) {
		byte[] gone = "[\"com.example.Gone\",{\"a\":1}]".getBytes(StandardCharsets.UTF_8);
		byte[] changed = "[\"%s\",{\"name\":{}}]".formatted(Doctor.class.getName()).getBytes(StandardCharsets.UTF_8);
		for (int i = 0; i < 2; i++) {
			assertThat(this.values.read("vets", gone)).isNull();
			assertThat(this.values.read("vets", changed)).isNull();
			assertThat(this.values.read("vets", "?".getBytes(StandardCharsets.UTF_8))).isNull();
		}
		assertThat(output.getOut().lines().filter((line) -> line.contains("in the shared cache 'vets'"))).hasSize(3)
			.allMatch((line) -> line.contains("WARN"))
			.anyMatch((line) -> line.contains("the class com.example.Gone"))
			.anyMatch((line) -> line.contains("the class " + Doctor.class.getName()));
	}

	private static @Nullable Object copy(SharedValues values, @Nullable Object value) {
		SharedCache.Found found = values.read("cache", values.write("cache", "key", value));
		assertThat(found).isNotNull();
		return found.value();
	}

	record Owner(String name, Long id, List<Pet> pets) {

	}

	record Pet(String name, LocalDate born) {

	}

	record Page<T>(@Nullable List<T> content, @Nullable Map<Long, Optional<T>> byId) {

	}

	record Wishes(Optional<Owner> owner, Optional<String> text, Map<Long, Owner> byId) {

	}

	@JsonInclude(JsonInclude.Include.NON_NULL)
	record Nothing(@Nullable String left, String right) {

	}

	record Visit(Instant beginsAt, @Nullable String note, List<Pet> pets) {

	}

	record Price(Money net) {

	}

	static class Money {

		private final int cents;

		Money(int cents) {
			this.cents = cents;
		}

	}

	static class MoneySerializer extends ValueSerializer<Money> {

		@Override
		public void serialize(Money value, JsonGenerator generator, SerializationContext context) {
			generator.writeStartArray();
			generator.writeString("cents");
			generator.writeNumber(value.cents);
			generator.writeEndArray();
		}

	}

	static class MoneyDeserializer extends ValueDeserializer<Money> {

		@Override
		public Money deserialize(JsonParser parser, DeserializationContext context) {
			parser.nextToken();
			Money money = new Money(parser.nextIntValue(-1));
			parser.nextToken();
			return money;
		}

	}

	interface Person {

		String getName();

	}

	static class Doctor implements Person {

		private final String name;

		@JsonCreator
		Doctor(@JsonProperty("name") String name) {
			this.name = name;
		}

		@Override
		public String getName() {
			return this.name;
		}

		@Override
		public boolean equals(@Nullable Object other) {
			return other instanceof Doctor doctor && doctor.name.equals(this.name);
		}

		@Override
		public int hashCode() {
			return this.name.hashCode();
		}

	}

	@JsonAutoDetect(fieldVisibility = Visibility.ANY)
	static class Clinic {

		private @Nullable String name;

		private @Nullable List<Owner> owners;

		private @Nullable Person boss;

		private @Nullable Object anything;

		@Override
		public boolean equals(@Nullable Object other) {
			return other instanceof Clinic clinic && Objects.equals(clinic.name, this.name)
					&& Objects.equals(clinic.owners, this.owners) && Objects.equals(clinic.boss, this.boss)
					&& Objects.equals(clinic.anything, this.anything);
		}

		@Override
		public int hashCode() {
			return Objects.hash(this.name, this.owners);
		}

	}

}
