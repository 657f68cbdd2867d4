package io.clusterboot.supervisor;

import java.lang.reflect.RecordComponent;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.stream.LongStream;
import java.util.stream.Stream;

import io.clusterboot.ReloadStrategy;
import io.clusterboot.RequestTimes;
import io.clusterboot.channel.Mail;
import io.clusterboot.channel.Message;
import io.clusterboot.contract.ExitEvidence;
import io.clusterboot.contract.PrimaryEvent;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.fail;

/**
 * Nothing that a worker says ends the primary, whenever it is said. Workers can be of
 * another user than the primary.
 */
class HostileWorkerTests {

	private static final int LIVES = 800;

	private static final int EVENTS = 60;

	// Mail goes by it
	private static final List<Class<?>> MESSAGES = records(Message.FromWorker.class)
		.filter((type) -> !Mail.class.isAssignableFrom(type))
		.toList();

	private static final String[] VALUES = { "", "0", "00", "+0", "-1", "1", "3", "2147483647", "-2147483648",
			"99999999999", "NaN", "1e308", "PT0S", "-PT1S", "PT2562047788015215H", "P106751991167300D", "PT1S", "x",
			"true", "rolling", "source-ip" };

	@Test
	void nothingThatWorkersSayEndsThePrimary() {
		LongStream.range(0, LIVES).parallel().forEach(HostileWorkerTests::live);
	}

	private static void live(long seed) {
		RandomGenerator random = new SplittableRandom(seed);
		StringBuilder story = new StringBuilder();
		try {
			ScriptedCluster cluster = ScriptedCluster
				.up(Configurations.of(3, "cluster.spares", (random.nextBoolean()) ? "1" : "0"));
			for (int i = 0; i < EVENTS; i++) {
				PrimaryEvent event = event(1 + random.nextInt(8), random);
				story.append(event).append('\n');
				cluster.on(event);
				cluster.after(Duration.ofMillis(random.nextInt(20_000)));
			}
		}
		catch (RuntimeException ex) {
			fail("Seed %d:%n%.20000s".formatted(seed, story), ex);
		}
	}

	private static PrimaryEvent event(int worker, RandomGenerator random) {
		return switch (random.nextInt(12)) {
			case 0 -> new PrimaryEvent.ReloadRequested("SIGUSR2", pick(random, ReloadStrategy.values()));
			case 1 -> new PrimaryEvent.WorkerForked(worker, random.nextLong());
			case 2 -> new PrimaryEvent.WorkerExited(worker, random.nextInt(), "exit", List.of(), ExitEvidence.NONE);
			case 3 -> new PrimaryEvent.MessageReceived(worker, new Message.Hello(Message.Hello.PROTOCOL));
			case 4 -> new PrimaryEvent.MessageReceived(worker, new Message.Readiness(true));
			default -> new PrimaryEvent.MessageReceived(worker,
					(Message.FromWorker) make(pick(random, MESSAGES.toArray(Class<?>[]::new)), random));
		};
	}

	private static Object make(Class<?> type, RandomGenerator random) {
		try {
			RecordComponent[] components = type.getRecordComponents();
			var constructor = type.getDeclaredConstructor(
					Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
			constructor.setAccessible(true);
			return constructor.newInstance(
					Arrays.stream(components).map((component) -> value(component.getType(), random)).toArray());
		}
		catch (ReflectiveOperationException ex) {
			throw new AssertionError(ex);
		}
	}

	private static Object value(Class<?> type, RandomGenerator random) {
		if (type == int.class) {
			return pick(random, 0, 1, 2, 3, -1, Integer.MIN_VALUE, Integer.MAX_VALUE, random.nextInt());
		}
		if (type == long.class) {
			return pick(random, 0L, 1L, -1L, Long.MIN_VALUE, Long.MAX_VALUE, random.nextLong());
		}
		if (type == boolean.class) {
			return random.nextBoolean();
		}
		if (type == String.class) {
			return pick(random, VALUES) + pick(random, "", "%s%d%n", "\n", "x".repeat(random.nextInt(300)));
		}
		if (type == ByteBuffer.class) {
			return ByteBuffer.wrap(String.valueOf(random.nextLong()).getBytes(StandardCharsets.UTF_8));
		}
		if (type == Duration.class) {
			return Duration.ofNanos(pick(random, 0L, -1L, Long.MIN_VALUE, Long.MAX_VALUE, random.nextLong()));
		}
		if (type == List.class) {
			return random.ints(random.nextInt(40), 0, VALUES.length)
				.mapToObj((value) -> VALUES[value].repeat(1 + random.nextInt(100)))
				.toList();
		}
		if (type == Map.class) {
			Map<String, String> properties = new TreeMap<>(Configurations.of(3).properties());
			for (String name : List.copyOf(properties.keySet())) {
				if (random.nextInt(8) == 0) {
					properties.put(name, pick(random, VALUES));
				}
			}
			return properties;
		}
		if (type == RequestTimes.class) {
			return new RequestTimes((Duration) value(Duration.class, random),
					Collections.nCopies(RequestTimes.BOUNDS_MILLIS.size() + 1, (Long) value(long.class, random)));
		}
		if (type.isEnum()) {
			return pick(random, type.getEnumConstants());
		}
		return make(type, random);
	}

	@SafeVarargs
	private static <T> T pick(RandomGenerator random, T... values) {
		return values[random.nextInt(values.length)];
	}

	private static Stream<Class<?>> records(Class<?> type) {
		return (type.isRecord()) ? Stream.of(type)
				: Arrays.stream(type.getPermittedSubclasses()).flatMap(HostileWorkerTests::records);
	}

}
