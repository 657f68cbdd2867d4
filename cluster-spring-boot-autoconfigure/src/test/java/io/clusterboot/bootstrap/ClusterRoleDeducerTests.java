package io.clusterboot.bootstrap;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

import io.clusterboot.ClusterException;
import io.clusterboot.bootstrap.CallStack.Frame;
import io.clusterboot.contract.ClusterRole;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.web.servlet.support.ServletContextApplicationContextInitializer;
import org.springframework.core.SpringProperties;
import org.springframework.mock.env.MockEnvironment;
import org.springframework.mock.web.MockServletContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link ClusterRoleDeducer}.
 */
class ClusterRoleDeducerTests {

	private static final Frame RUN = new Frame("org.springframework.boot.SpringApplication", "run",
			"([Ljava/lang/String;)Lorg/springframework/context/ConfigurableApplicationContext;");

	private static final Frame STATIC_RUN = new Frame("org.springframework.boot.SpringApplication", "run",
			"(Ljava/lang/Class;[Ljava/lang/String;)Lorg/springframework/context/ConfigurableApplicationContext;");

	private static final Frame CHILD = frame("org.springframework.boot.builder.SpringApplicationBuilder",
			"configureAsChildIfNecessary");

	private static final Frame MAIN = frame("com.example.Application", "main");

	private static final Map<String, String> WORKER = Map.of("CLUSTER_WORKER_ID", "7", "CLUSTER_PRIMARY_PID", "42");

	private final SpringApplication application = new SpringApplication(Object.class);

	private final MockEnvironment environment = new MockEnvironment();

	private final AtomicReference<SpringApplication> worker = new AtomicReference<>();

	private String os = "Linux";

	private String architecture = "amd64";

	private boolean nativeImage;

	private List<String> jvmArguments = List.of("-Xmx1g");

	private Map<String, String> variables = Map.of();

	private @Nullable String mark;

	private CallStack stack = stack("main", RUN, STATIC_RUN, STATIC_RUN, MAIN);

	@Test
	void deduceWhenMainRunsWebApplicationIsPrimary() {
		assertThat(deduce().role()).isEqualTo(ClusterRole.PRIMARY);
	}

	@ParameterizedTest
	@ValueSource(strings = { "com.intellij.rt.execution.application.AppMainV2",
			"org.springframework.boot.loader.launch.JarLauncher",
			"org.springframework.boot.loader.launch.WarLauncher" })
	void deduceWhenLauncherCallsMainIsPrimary(String launcher) {
		this.stack = stack("main", RUN, STATIC_RUN, MAIN, frame(launcher, "launch"), frame(launcher, "main"));
		assertThat(deduce().role()).isEqualTo(ClusterRole.PRIMARY);
	}

	@Test
	void deduceWhenAotProcessingStaysOutQuietly() {
		this.environment.setProperty("spring.aot.processing", "true");
		assertStaysOut(LogLevel.DEBUG, "ahead of time");
	}

	@Test
	void deduceWhenAotIsEnabledIsPrimary() {
		this.environment.setProperty("spring.aot.enabled", "true");
		assertThat(deduce().role()).isEqualTo(ClusterRole.PRIMARY);
	}

	@Test
	void deduceWhenNativeImageStaysOut() {
		this.nativeImage = true;
		assertStaysOut(LogLevel.WARN, "native image");
	}

	@ParameterizedTest
	@ValueSource(strings = { "spring.context.exit", "spring.context.checkpoint" })
	void deduceWhenContextIsLeftOnRefreshStaysOut(String name) {
		try {
			SpringProperties.setProperty(name, "onRefresh");
			assertStaysOut(LogLevel.WARN, "archive, a cache or a checkpoint");
		}
		finally {
			SpringProperties.setProperty(name, null);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "-XX:ArchiveClassesAtExit=app.jsa", "-XX:AOTCacheOutput=app.aot", "-XX:AOTMode=record" })
	void deduceWhenJvmTrainsStaysOut(String argument) {
		this.jvmArguments = List.of(argument);
		assertStaysOut(LogLevel.WARN, "archive, a cache or a checkpoint");
	}

	@ParameterizedTest
	@ValueSource(strings = { "-XX:SharedArchiveFile=app.jsa", "-XX:AOTCache=app.aot", "-XX:AOTMode=on",
			"-agentlib:jdwp=transport=dt_socket,server=y,suspend=n,address=*:5005", "-agentlib:hprof" })
	void deduceWhenJvmArgumentIsHarmlessIsPrimary(String argument) {
		this.jvmArguments = List.of(argument);
		assertThat(deduce().role()).isEqualTo(ClusterRole.PRIMARY);
	}

	@Test
	void deduceWhenApplicationAdminIsEnabledStaysOut() {
		this.environment.setProperty("spring.application.admin.enabled", "true");
		assertStaysOut(LogLevel.WARN, "spring.application.admin.enabled");
	}

	@ParameterizedTest
	@ValueSource(strings = { "-agentlib:jdwp=transport=dt_socket,address=127.0.0.1:5005,suspend=y,server=n",
			"-agentlib:jdwp=transport=dt_socket,address=127.0.0.1:5005", "-Xrunjdwp:transport=dt_socket,address=5005",
			"-agentpath:/opt/jdk/lib/libjdwp.so=transport=dt_socket,address=5005" })
	void deduceWhenIdeDebugsStaysOut(String argument) {
		this.jvmArguments = List.of("-Xmx1g", argument);
		assertStaysOut(LogLevel.WARN, "debugger");
	}

	@Test
	void deduceWhenRunIsNestedStaysOutQuietly() {
		this.stack = stack("main", RUN, frame("com.example.BootstrapListener", "onApplicationEvent"), RUN, MAIN);
		assertStaysOut(LogLevel.DEBUG, "another application runs this one");
	}

	@ParameterizedTest
	@ValueSource(strings = { "org.junit.platform.launcher.core.DefaultLauncher", "org.testng.TestNG",
			"org.springframework.boot.test.context.SpringBootContextLoader",
			"org.springframework.test.context.cache.DefaultCacheAwareContextLoaderDelegate", "cucumber.runtime.Runtime",
			"io.cucumber.core.runtime.Runtime", "org.spockframework.runtime.SpecRunner",
			"org.apache.maven.surefire.booter.ForkedBooter", "com.intellij.rt.junit.JUnitStarter",
			"com.intellij.rt.testng.IDEARemoteTestNG", "org.gradle.api.internal.tasks.testing.TestWorker",
			"worker.org.gradle.process.internal.worker.GradleWorkerMain",
			"org.eclipse.jdt.internal.junit.runner.RemoteTestRunner", "com.microsoft.java.test.runner.Launcher" })
	void deduceWhenTestRunnerIsOnStackStaysOutQuietly(String runner) {
		this.stack = stack("main", RUN, MAIN, frame(runner, "main"));
		assertStaysOut(LogLevel.DEBUG, "test");
	}

	@Test
	void deduceWhenDevToolsRestartsStaysOutQuietly() {
		this.stack = stack("restartedMain", RUN, MAIN,
				frame("org.springframework.boot.devtools.restart.RestartLauncher", "run"));
		assertStaysOut(LogLevel.DEBUG, "DevTools");
	}

	@Test
	void deduceWhenThreadIsNotMainStaysOut() {
		this.stack = stack("starter-1", RUN, MAIN);
		assertStaysOut(LogLevel.WARN, "thread 'starter-1'");
	}

	@Test
	void deduceWhenThreadIsOnlyNamedMainStaysOut() {
		this.stack = stack("main", RUN, frame("java.lang.Thread", "run"));
		assertStaysOut(LogLevel.WARN, "not by the main method");
	}

	@Test
	void deduceWhenDeployedInServletContainerStaysOutQuietly() {
		this.application.addInitializers(new ServletContextApplicationContextInitializer(new MockServletContext()));
		this.stack = stack("main", RUN, frame("org.apache.catalina.startup.Bootstrap", "main"));
		assertStaysOut(LogLevel.DEBUG, "servlet container");
	}

	@ParameterizedTest
	@ValueSource(strings = { "Mac OS X", "Windows 11", "" })
	void deduceWhenOsIsNotLinuxStaysOut(String name) {
		this.os = name;
		assertStaysOut(LogLevel.WARN, "only Linux is supported");
	}

	@ParameterizedTest
	@ValueSource(strings = { "arm", "i386", "riscv64" })
	void deduceWhenArchitectureIsUnknownStaysOut(String name) {
		this.architecture = name;
		assertStaysOut(LogLevel.WARN, "only amd64 and aarch64 are supported");
	}

	@Test
	void deduceWhenTestRunsOnOtherOsStaysOutQuietly() {
		this.os = "Mac OS X";
		this.stack = stack("main", RUN, MAIN, frame("org.junit.platform.launcher.core.DefaultLauncher", "execute"));
		assertStaysOut(LogLevel.DEBUG, "test");
	}

	@Test
	void deduceWhenApplicationIsNotWebStaysOut() {
		this.application.setWebApplicationType(WebApplicationType.NONE);
		assertStaysOut(LogLevel.WARN, "not a web application");
	}

	@Test
	void deduceWhenBuilderRunsParentFirstIsPrimaryAlready() {
		this.application.setWebApplicationType(WebApplicationType.NONE);
		this.stack = stack("main", RUN, CHILD, MAIN);
		assertThat(deduce().role()).isEqualTo(ClusterRole.PRIMARY);
	}

	@Test
	void deduceWhenPrimaryStartedProcessIsWorker() {
		mark();
		assertThat(deduce().role()).isEqualTo(ClusterRole.WORKER);
	}

	@Test
	void deduceWhenWorkerIsDebuggedIsWorker() {
		mark();
		this.jvmArguments = List.of("-agentlib:jdwp=transport=dt_socket,address=5005");
		assertThat(deduce().role()).isEqualTo(ClusterRole.WORKER);
	}

	@Test
	void deduceWhenVariablesLeakedToGrandchildIsPrimary() {
		this.variables = WORKER;
		assertThat(deduce().role()).isEqualTo(ClusterRole.PRIMARY);
	}

	@Test
	void deduceWhenMarkedProcessHasLostItsVariablesFails() {
		this.mark = "7";
		assertThatExceptionOfType(ClusterException.class).isThrownBy(this::deduce)
			.withMessageContaining("worker 7")
			.withMessageContaining("cluster.worker.command-prefix");
	}

	@Test
	void deduceWhenOnlyPrimaryIsNamedIsPrimary() {
		this.variables = Map.of("CLUSTER_PRIMARY_PID", "42");
		assertThat(deduce().role()).isEqualTo(ClusterRole.PRIMARY);
	}

	@Test
	void deduceWhenRunIsNestedInWorkerStaysOutQuietly() {
		mark();
		this.stack = stack("main", RUN, RUN, MAIN);
		assertStaysOut(LogLevel.DEBUG, "another application runs this one");
	}

	@Test
	void deduceWhenThreadOfWorkerIsNotMainStaysOutQuietly() {
		mark();
		this.stack = stack("starter-1", RUN, frame("java.lang.Thread", "run"));
		assertStaysOut(LogLevel.DEBUG, "thread 'starter-1'");
	}

	@Test
	void deduceWhenBuilderRunsParentFirstInWorkerLeavesRoleToChild() {
		mark();
		CallStack child = this.stack;
		this.stack = stack("main", RUN, CHILD, MAIN);
		assertStaysOut(LogLevel.DEBUG, "parent");
		this.stack = child;
		assertThat(deduce().role()).isEqualTo(ClusterRole.WORKER);
	}

	@Test
	void deduceWhenApplicationInWorkerIsNotWebLeavesRoleToNext() {
		mark();
		SpringApplication batch = new SpringApplication(Object.class);
		batch.setWebApplicationType(WebApplicationType.NONE);
		assertThat(deduce(batch).role()).isEqualTo(ClusterRole.NONE);
		assertThat(deduce().role()).isEqualTo(ClusterRole.WORKER);
	}

	@Test
	void deduceWhenSecondWebApplicationRunsInWorkerStaysOutQuietly() {
		mark();
		deduce();
		RoleDecision second = deduce(new SpringApplication(Object.class));
		assertThat(second.role()).isEqualTo(ClusterRole.NONE);
		assertThat(second.level()).isEqualTo(LogLevel.DEBUG);
	}

	@Test
	void deduceWhenAskedAgainForSameApplicationOfWorkerGivesSameAnswer() {
		mark();
		assertThat(deduce()).isEqualTo(deduce());
	}

	private void mark() {
		this.mark = "7";
		this.variables = WORKER;
	}

	private void assertStaysOut(LogLevel level, String reason) {
		RoleDecision decision = deduce();
		assertThat(decision.role()).isEqualTo(ClusterRole.NONE);
		assertThat(decision.level()).isEqualTo(level);
		assertThat(decision.reason()).contains(reason);
	}

	private RoleDecision deduce() {
		return deduce(this.application);
	}

	private RoleDecision deduce(SpringApplication application) {
		Launch launch = new Launch(this.os, this.architecture, this.nativeImage, this.jvmArguments, this.variables,
				this.mark, this.stack);
		return new ClusterRoleDeducer(() -> launch, this.worker).deduce(application, this.environment);
	}

	private static CallStack stack(String thread, Frame... frames) {
		return new CallStack(thread, new ArrayList<>(List.of(frames)));
	}

	private static Frame frame(String className, String methodName) {
		return new Frame(className, methodName, "()V");
	}

}
