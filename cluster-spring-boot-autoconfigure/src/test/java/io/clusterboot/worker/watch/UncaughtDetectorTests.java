package io.clusterboot.worker.watch;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.Thread.UncaughtExceptionHandler;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import io.clusterboot.contract.UncaughtPolicy;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link UncaughtDetector}.
 */
@Timeout(60)
class UncaughtDetectorTests {

	private final List<String> heard = new CopyOnWriteArrayList<>();

	private @Nullable UncaughtExceptionHandler before;

	@BeforeEach
	void keepHandler() {
		this.before = Thread.getDefaultUncaughtExceptionHandler();
		Thread.setDefaultUncaughtExceptionHandler(hears("before"));
	}

	@AfterEach
	void restoreHandler() {
		Thread.setDefaultUncaughtExceptionHandler(this.before);
	}

	@Test
	void lookWhenAThreadEndedWithAnErrorTellsWhichAndWhere() throws Exception {
		UncaughtDetector detector = installed(UncaughtPolicy.ERROR);
		assertThat(look(detector)).isNull();
		end("worker-7", new StackOverflowError("deep"));
		assertThat(look(detector)).startsWith("Thread \"worker-7\" ended with java.lang.StackOverflowError: deep at ")
			.contains("lookWhenAThreadEndedWithAnErrorTellsWhichAndWhere(UncaughtDetectorTests.java:");
		assertThat(this.heard).containsExactly("before deep");
	}

	@Test
	void lookWhenSeveralThreadsEndedTellsWhatIsNotTheSame() throws Exception {
		UncaughtDetector detector = installed(UncaughtPolicy.ERROR);
		for (int i = 1; i <= 5; i++) {
			end("pool-1-thread-" + i, new StackOverflowError("one"));
		}
		end("second", new StackOverflowError("two"));
		assertThat(look(detector)).contains("thread-1").doesNotContain("second");
		assertThat(detector.goesOn()).isTrue();
		assertThat(look(detector)).contains("second");
		assertThat(detector.goesOn()).isTrue();
		assertThat(look(detector)).isNull();
		assertThat(this.heard).hasSize(6);
	}

	@Test
	void lookWhenThreadsEndForEverWithSomethingElseComesToAnEnd() throws Exception {
		UncaughtDetector detector = installed(UncaughtPolicy.ERROR);
		boolean goesOn = true;
		for (int i = 0; i < 200; i++) {
			end("worker", new StackOverflowError("x".repeat(i)));
			goesOn = goesOn && look(detector) != null && detector.goesOn();
		}
		assertThat(goesOn).isFalse();
	}

	@Test
	void lookWhenAThreadEndedWithAnExceptionFollowsThePolicy() throws Exception {
		UncaughtDetector errors = installed(UncaughtPolicy.ERROR);
		end("worker-7", new IllegalStateException("not so bad"));
		assertThat(look(errors)).isNull();
		UncaughtDetector any = installed(UncaughtPolicy.ANY);
		end("worker-7", new IllegalStateException("bad"));
		assertThat(look(any)).contains("java.lang.IllegalStateException: bad");
		assertThat(look(errors)).isNull();
	}

	@Test
	void installWhenNothingIsWantedLeavesTheHandlerAlone() {
		UncaughtExceptionHandler handler = Thread.getDefaultUncaughtExceptionHandler();
		UncaughtDetector detector = installed(UncaughtPolicy.NONE);
		assertThat(look(detector)).isNull();
		assertThat(Thread.getDefaultUncaughtExceptionHandler()).isSameAs(handler);
	}

	@Test
	void lookWhenItWasNotInstalledLeavesTheHandlerAlone() {
		UncaughtExceptionHandler handler = Thread.getDefaultUncaughtExceptionHandler();
		look(new UncaughtDetector(UncaughtPolicy.ANY));
		assertThat(Thread.getDefaultUncaughtExceptionHandler()).isSameAs(handler);
	}

	@Test
	void lookWhenTheApplicationHasInstalledItsOwnHandlerHearsBeforeThat() throws Exception {
		UncaughtDetector detector = installed(UncaughtPolicy.ERROR);
		Thread.setDefaultUncaughtExceptionHandler(hears("own"));
		look(detector);
		end("worker-7", new StackOverflowError("deep"));
		assertThat(look(detector)).isNotNull();
		assertThat(this.heard).containsExactly("own deep");
	}

	@Test
	void lookWhenTheApplicationsHandlerCallsTheOneBeforeItCallsEachOnce() throws Exception {
		UncaughtDetector detector = installed(UncaughtPolicy.ERROR);
		UncaughtExceptionHandler previous = Thread.getDefaultUncaughtExceptionHandler();
		UncaughtExceptionHandler own = hears("own");
		Thread.setDefaultUncaughtExceptionHandler((thread, thrown) -> {
			own.uncaughtException(thread, thrown);
			previous.uncaughtException(thread, thrown);
		});
		look(detector);
		UncaughtExceptionHandler wrapping = Thread.getDefaultUncaughtExceptionHandler();
		look(detector);
		assertThat(Thread.getDefaultUncaughtExceptionHandler()).isSameAs(wrapping);
		end("worker-7", new StackOverflowError("deep"));
		assertThat(look(detector)).isNotNull();
		assertThat(this.heard).containsExactly("own deep", "before deep");
	}

	@Test
	void uncaughtWhenThereIsNoOtherHandlerIsPrintedAsTheJvmDoes() throws Exception {
		Thread.setDefaultUncaughtExceptionHandler(null);
		UncaughtDetector detector = installed(UncaughtPolicy.ERROR);
		PrintStream standardError = System.err;
		ByteArrayOutputStream printed = new ByteArrayOutputStream();
		System.setErr(new PrintStream(printed, true, StandardCharsets.UTF_8));
		try {
			end("worker-7", new StackOverflowError("deep"));
			end("worker-8", new IllegalStateException("not so bad"));
		}
		finally {
			System.setErr(standardError);
		}
		assertThat(printed.toString(StandardCharsets.UTF_8))
			.startsWith("Exception in thread \"worker-7\" java.lang.StackOverflowError: deep\n\tat ")
			.contains("\nException in thread \"worker-8\" java.lang.IllegalStateException: not so bad\n\tat ");
		assertThat(look(detector)).contains("worker-7");
	}

	@Test
	void lookWhenTheThrowableCannotDescribeItselfTellsItsClass() throws Exception {
		UncaughtDetector detector = installed(UncaughtPolicy.ERROR);
		end("worker-7", new Indescribable());
		assertThat(look(detector)).endsWith("ended with " + Indescribable.class.getName());
	}

	private static UncaughtDetector installed(UncaughtPolicy policy) {
		UncaughtDetector detector = new UncaughtDetector(policy);
		detector.install();
		return detector;
	}

	private static @Nullable String look(UncaughtDetector detector) {
		return detector.look(Tick.of(Duration.ofSeconds(1)));
	}

	private UncaughtExceptionHandler hears(String name) {
		return (thread, thrown) -> {
			if (!(thrown instanceof Indescribable)) {
				this.heard.add(name + " " + thrown.getMessage());
			}
		};
	}

	private static void end(String name, Throwable thrown) throws InterruptedException {
		Thread thread = new Thread(() -> UncaughtDetectorTests.<Error>sneak(thrown), name);
		thread.start();
		thread.join();
	}

	@SuppressWarnings("unchecked")
	private static <T extends Throwable> void sneak(Throwable thrown) throws T {
		throw (T) thrown;
	}

	/**
	 * An error of which nothing can be learned.
	 */
	private static final class Indescribable extends Error {

		@Override
		public String getMessage() {
			throw new IllegalStateException("No message");
		}

	}

}
