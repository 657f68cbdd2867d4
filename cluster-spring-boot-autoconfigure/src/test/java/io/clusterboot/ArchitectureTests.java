package io.clusterboot;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import com.tngtech.archunit.library.Architectures;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The rooms of this project, and which may know which. What is in each says its
 * {@code package-info.java}; {@code docs/architecture.md} shows the whole house.
 */
class ArchitectureTests {

	private static final String ROOT = "io.clusterboot";

	private static final String API = "api";

	private static final String[] NONE = {};

	private static final int MOST_FILES = 30;

	private static final Map<String, String[]> ROOMS = rooms();

	private static final String[] LEAN = packages(API, "contract", "event", "posix", "machine", "listen", "channel",
			"command", "code", "training", "evidence", "keep", "numbers", "output", "supervisor", "supervisor.table",
			"supervisor.settings", "supervisor.shared", "primary");

	private static final JavaClasses CLASSES = new ClassFileImporter()
		.withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
		.importPackages(ROOT);

	private static Map<String, String[]> rooms() {
		Map<String, String[]> rooms = new TreeMap<>();
		rooms.put(API, NONE);
		rooms.put("posix", NONE);
		rooms.put("numbers", NONE);
		rooms.put("event", knows(API));
		rooms.put("store", knows(API));
		rooms.put("keep", knows(API, "contract"));
		rooms.put("json", NONE);
		rooms.put("configdata", NONE);
		rooms.put("channel", knows(API, "event", "posix"));
		rooms.put("gate", knows(API, "posix"));
		rooms.put("machine", knows(API, "posix"));
		rooms.put("contract", knows(API, "channel"));
		// What decides knows nothing that acts
		rooms.put("supervisor", knows(API, "supervisor.table", "supervisor.settings", "supervisor.shared", "contract",
				"channel", "event"));
		rooms.put("supervisor.table", knows(API, "event", "supervisor.settings", "contract", "channel"));
		rooms.put("supervisor.settings", knows(API, "contract"));
		rooms.put("supervisor.shared", knows("contract", "channel"));
		rooms.put("listen", knows("contract", "posix"));
		rooms.put("output", knows("channel", "contract", "posix"));
		rooms.put("control", knows("channel", "output"));
		rooms.put("command", knows(API, "contract", "machine"));
		rooms.put("code", knows(API, "command", "posix"));
		rooms.put("training", knows("code", "command", "contract", "posix"));
		rooms.put("evidence", knows("command", "contract", "machine"));
		rooms.put("primary", knows(API, "channel", "code", "training", "command", "contract", "control", "evidence",
				"keep", "listen", "machine", "numbers", "output", "posix", "supervisor", "supervisor.settings"));
		rooms.put("lead", knows(API, "channel", "contract", "event"));
		rooms.put("watch", knows(API, "channel", "contract", "gate"));
		rooms.put("warmup", knows("contract", "gate"));
		rooms.put("message", NONE);
		rooms.put("messages", knows(API, "channel", "message"));
		rooms.put("worker", knows(API, "channel", "contract", "event", "gate", "lead", "messages", "numbers", "posix",
				"store", "warmup", "watch"));
		rooms.put("redis", knows(API, "channel", "contract", "event", "lead", "store", "worker"));
		rooms.put("cache", knows(API, "contract", "json", "messages", "store"));
		rooms.put("tomcat", knows(API, "contract", "gate"));
		rooms.put("metrics", knows(API, "channel", "contract", "machine", "numbers", "worker"));
		rooms.put("settings", knows(API, "contract", "machine"));
		rooms.put("bootstrap", knows(API, "code", "training", "command", "configdata", "contract", "listen", "machine",
				"posix", "primary", "settings", "worker", "warmup", "watch"));
		rooms.put("access", knows(API, "contract", "posix"));
		rooms.put("actuate", knows(API, "access", "contract"));
		rooms.put("forward", knows(API, "access", "gate"));
		rooms.put("spread", knows(API, "access", "messages"));
		rooms.put("shedlock", knows(API));
		rooms.put("session", knows(API, "contract", "json", "store"));
		rooms.put("integration", knows(API, "event", "lead"));
		rooms.put("autoconfigure",
				knows(API, "access", "actuate", "bootstrap", "cache", "channel", "contract", "event", "forward", "gate",
						"integration", "keep", "lead", "messages", "metrics", "redis", "session", "settings",
						"shedlock", "spread", "store", "supervisor.shared", "tomcat", "worker"));
		return rooms;
	}

	private static String[] knows(String... rooms) {
		return rooms;
	}

	private static String[] packages(String... rooms) {
		return Arrays.stream(rooms).map(ArchitectureTests::packageOf).toArray(String[]::new);
	}

	private static String packageOf(String room) {
		return ROOT + switch (room) {
			case API -> "";
			case "training" -> ".code.training";
			case "warmup" -> ".worker.warmup";
			case "watch" -> ".worker.watch";
			case "messages" -> ".worker.messages";
			case "tomcat" -> ".web.tomcat";
			case "access", "forward", "spread" -> ".actuate." + room;
			default -> "." + room;
		};
	}

	@Test
	void roomsOnlyKnowThoseThatTheyMay() {
		Architectures.LayeredArchitecture house = Architectures.layeredArchitecture()
			.consideringOnlyDependenciesInAnyPackage(ROOT + "..");
		for (String room : ROOMS.keySet()) {
			house = house.layer(room).definedBy(packageOf(room));
		}
		for (Map.Entry<String, String[]> room : ROOMS.entrySet()) {
			house = (room.getValue().length > 0) ? house.whereLayer(room.getKey()).mayOnlyAccessLayers(room.getValue())
					: house.whereLayer(room.getKey()).mayNotAccessAnyLayer();
		}
		house.ensureAllClassesAreContainedInArchitecture().check(CLASSES);
	}

	@Test
	void noTwoRoomsKnowEachOther() {
		SlicesRuleDefinition.slices().matching(ROOT + ".(**)").should().beFreeOfCycles().check(CLASSES);
	}

	@Test
	void whatDecidesDoesNothingElse() {
		ArchRuleDefinition.noClasses()
			.that()
			.resideInAPackage(packageOf("supervisor") + "..")
			.should()
			.dependOnClassesThat()
			.resideOutsideOfPackages(ROOT, packageOf("supervisor") + "..", packageOf("contract"), packageOf("event"),
					packageOf("channel"), "java.lang", "java.lang.runtime", "java.lang.invoke", "java.time..",
					"java.util", "java.util.function", "java.util.random", "java.util.regex", "java.util.stream",
					"org.jspecify.annotations")
			.orShould()
			.dependOnClassesThat()
			.belongToAnyOf(Thread.class, Runtime.class, Process.class, ProcessHandle.class, System.class)
			.orShould()
			.callMethod(java.time.Instant.class, "now")
			.check(CLASSES);
	}

	@Test
	void onlyPosixKnowsJna() {
		ArchRuleDefinition.noClasses()
			.that()
			.resideOutsideOfPackage(packageOf("posix"))
			.should()
			.dependOnClassesThat()
			.resideInAPackage("com.sun.jna..")
			.check(CLASSES);
	}

	@Test
	void whatRunsInThePrimaryKnowsNoLibraryButJna() {
		ArchRuleDefinition.noClasses()
			.that()
			.resideInAnyPackage(LEAN)
			.should()
			.dependOnClassesThat()
			.resideOutsideOfPackages(ROOT + "..", "java..", "com.sun.jna..", "org.jspecify.annotations..")
			.check(CLASSES);
	}

	@Test
	void noRoomIsOvercrowded() {
		Map<String, Integer> files = new TreeMap<>();
		CLASSES.stream()
			.filter(JavaClass::isTopLevelClass)
			.filter((type) -> !type.getSimpleName().equals("package-info"))
			.forEach((type) -> files.merge(type.getPackageName(), 1, Integer::sum));
		assertThat(files).isNotEmpty().allSatisfy((room, count) -> assertThat(count).isLessThanOrEqualTo(MOST_FILES));
	}

}
