package io.clusterboot;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import com.tngtech.archunit.library.Architectures;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import org.junit.jupiter.api.Test;

/**
 * The packages and the directions in which they may know each other.
 */
class ArchitectureTests {

	private static final String ROOT = "io.clusterboot";

	private static final String[] LEAN = { ROOT, ROOT + ".posix..", ROOT + ".socket..", ROOT + ".process..",
			ROOT + ".channel..", ROOT + ".primary.." };

	private final JavaClasses classes = new ClassFileImporter()
		.withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
		.importPackages(ROOT);

	@Test
	void packagesOnlyKnowThoseBelowThem() {
		Architectures.layeredArchitecture()
			.consideringOnlyDependenciesInAnyPackage(ROOT + "..")
			.layer("root")
			.definedBy(ROOT)
			.layer("posix")
			.definedBy(ROOT + ".posix..")
			.layer("socket")
			.definedBy(ROOT + ".socket..")
			.layer("process")
			.definedBy(ROOT + ".process..")
			.layer("channel")
			.definedBy(ROOT + ".channel..")
			.layer("primary")
			.definedBy(ROOT + ".primary..")
			.layer("worker")
			.definedBy(ROOT + ".worker..")
			.layer("web")
			.definedBy(ROOT + ".web..")
			.layer("actuate")
			.definedBy(ROOT + ".actuate..")
			.layer("configdata")
			.definedBy(ROOT + ".configdata..")
			.layer("bootstrap")
			.definedBy(ROOT + ".bootstrap..")
			.layer("autoconfigure")
			.definedBy(ROOT + ".autoconfigure..")
			.whereLayer("root")
			.mayNotAccessAnyLayer()
			.whereLayer("posix")
			.mayOnlyAccessLayers("root")
			.whereLayer("socket")
			.mayOnlyAccessLayers("root", "posix")
			.whereLayer("process")
			.mayOnlyAccessLayers("root", "posix")
			.whereLayer("channel")
			.mayOnlyAccessLayers("root", "posix")
			.whereLayer("primary")
			.mayOnlyAccessLayers("root", "posix", "socket", "process", "channel")
			.whereLayer("worker")
			.mayOnlyAccessLayers("root", "posix", "socket", "channel")
			.whereLayer("web")
			.mayOnlyAccessLayers("root", "socket")
			.whereLayer("actuate")
			.mayOnlyAccessLayers("root", "posix")
			.whereLayer("configdata")
			.mayNotAccessAnyLayer()
			.whereLayer("bootstrap")
			.mayOnlyAccessLayers("root", "posix", "socket", "process", "channel", "primary", "worker", "configdata")
			.whereLayer("autoconfigure")
			.mayNotBeAccessedByAnyLayer()
			.check(this.classes);
	}

	@Test
	void packagesHaveNoCycles() {
		SlicesRuleDefinition.slices().matching(ROOT + ".(*)..").should().beFreeOfCycles().check(this.classes);
	}

	@Test
	void onlyPosixKnowsJna() {
		ArchRuleDefinition.noClasses()
			.that()
			.resideOutsideOfPackage(ROOT + ".posix..")
			.should()
			.dependOnClassesThat()
			.resideInAPackage("com.sun.jna..")
			.check(this.classes);
	}

	@Test
	void whatRunsInThePrimaryKnowsNoLibraryButJna() {
		ArchRuleDefinition.noClasses()
			.that()
			.resideInAnyPackage(LEAN)
			.should()
			.dependOnClassesThat()
			.resideOutsideOfPackages(ROOT + "..", "java..", "com.sun.jna..", "org.jspecify.annotations..")
			.check(this.classes);
	}

}
