package cases;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import jakarta.annotation.PreDestroy;
import jakarta.servlet.http.HttpServletResponse;
import org.apache.catalina.connector.Connector;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.system.ApplicationHome;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.ConfigurableWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.core.env.Environment;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/**
 * An application that does what applications do. Each habit is turned on by a property.
 */
@SpringBootApplication
@RestController
public class App {

	private static final Logger logger = LoggerFactory.getLogger(App.class);

	private final Set<SseEmitter> streams = ConcurrentHashMap.newKeySet();

	private final ApplicationContext context;

	@Value("${greeting:none}")
	private String greeting;

	App(ApplicationContext context) {
		this.context = context;
	}

	public static void main(String[] args) {
		SpringApplication.run(App.class, args);
	}

	@GetMapping("/")
	String home() {
		return "pid=%d greeting=%s%n".formatted(ProcessHandle.current().pid(), this.greeting);
	}

	@GetMapping("/slow")
	String slow(@RequestParam long ms) throws InterruptedException {
		Thread.sleep(ms);
		return home();
	}

	@GetMapping("/greeting")
	ResponseEntity<String> greeting() {
		return this.greeting.equals("bad") ? ResponseEntity.internalServerError().build()
				: ResponseEntity.ok(this.greeting);
	}

	@GetMapping("/where")
	String where() {
		return new ApplicationHome(App.class).getDir() + System.lineSeparator();
	}

	@PostMapping("/note")
	String note(@RequestParam String text) throws IOException {
		Files.writeString(noteFile(), text);
		return text;
	}

	@GetMapping("/note")
	String note() throws IOException {
		return Files.exists(noteFile()) ? Files.readString(noteFile()) : "none";
	}

	private Path noteFile() {
		return new ApplicationHome(App.class).getDir().toPath().resolve("note.txt");
	}

	@GetMapping("/resource")
	String resource(@RequestParam String name) {
		return App.class.getResource(name) + System.lineSeparator();
	}

	// A class that is not loaded before it is asked for
	@GetMapping("/late")
	String late() {
		return Late.text();
	}

	@GetMapping("/file")
	void file(HttpServletResponse response, @RequestParam int megabytes) throws IOException {
		response.setContentLengthLong(megabytes * 1048576L);
		byte[] kilobytes = new byte[65536];
		for (int i = 0; i < megabytes * 16; i++) {
			response.getOutputStream().write(kilobytes);
		}
	}

	@GetMapping(path = "/stream", produces = "text/event-stream")
	SseEmitter stream() throws IOException {
		SseEmitter stream = new SseEmitter(0L);
		stream.send("open");
		this.streams.add(stream);
		return stream;
	}

	@EventListener(ContextClosedEvent.class)
	void closeStreams() {
		this.streams.forEach(SseEmitter::complete);
	}

	@PostMapping("/accept")
	String accept(@RequestParam boolean on) {
		AvailabilityChangeEvent.publish(this.context,
				(on) ? ReadinessState.ACCEPTING_TRAFFIC : ReadinessState.REFUSING_TRAFFIC);
		return "on=" + on;
	}

	@PostMapping("/log")
	String log(@RequestParam int lines) {
		for (int i = 0; i < lines; i++) {
			logger.info("line {} of those that are counted", i);
		}
		return "ok";
	}

	@Configuration(proxyBeanMethods = false)
	static class Habits {

		@Bean
		@ConditionalOnProperty("habit.warm-up")
		ApplicationRunner warmUp(Environment environment) {
			return (arguments) -> {
				URI uri = URI.create("http://localhost:" + environment.getProperty("local.server.port") + "/");
				System.out.println("WARM " + HttpClient.newHttpClient()
					.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
					.statusCode());
			};
		}

		@Bean
		@ConditionalOnProperty("habit.endless-runner")
		ApplicationRunner endlessRunner() {
			return (arguments) -> {
				while (true) {
					Thread.sleep(1000);
				}
			};
		}

		@Bean
		@ConditionalOnProperty("habit.dying-thread")
		ApplicationListener<ApplicationReadyEvent> dyingThread() {
			return (event) -> new Thread(() -> {
				try {
					Thread.sleep(2000);
				}
				catch (InterruptedException ex) {
					Thread.currentThread().interrupt();
				}
				throw new NoClassDefFoundError("optional/Native");
			}, "optional").start();
		}

		@Bean
		@ConditionalOnProperty("habit.dying")
		ApplicationListener<ApplicationReadyEvent> dying(Environment environment) {
			return (event) -> new Thread(() -> {
				try {
					Thread.sleep(2500);
				}
				catch (InterruptedException ex) {
					Thread.currentThread().interrupt();
				}
				Runtime.getRuntime().halt(3);
			}).start();
		}

		@Bean
		@ConditionalOnProperty("habit.burn")
		Object burn(Environment environment) {
			ThreadMXBean threads = ManagementFactory.getThreadMXBean();
			long seconds = environment.getRequiredProperty("habit.burn", Long.class);
			long end = threads.getCurrentThreadCpuTime() + seconds * 1_000_000_000L;
			while (threads.getCurrentThreadCpuTime() < end) {
				Thread.onSpinWait();
			}
			return "burnt";
		}

		@Bean
		@ConditionalOnProperty("habit.close-slowly")
		SlowToClose slowToClose() {
			return new SlowToClose();
		}

		@Bean
		@ConditionalOnProperty("habit.second-connector")
		WebServerFactoryCustomizer<TomcatServletWebServerFactory> secondConnector(Environment environment) {
			int port = environment.getRequiredProperty("habit.second-connector", Integer.class);
			return (factory) -> {
				Connector connector = new Connector();
				connector.setPort(port);
				factory.addAdditionalConnectors(connector);
			};
		}

		@Bean
		@ConditionalOnProperty("habit.port-in-code")
		WebServerFactoryCustomizer<ConfigurableWebServerFactory> portInCode(Environment environment) {
			int port = environment.getRequiredProperty("habit.port-in-code", Integer.class);
			return (factory) -> factory.setPort(port);
		}

		@Bean
		@ConditionalOnProperty("habit.loopback-in-code")
		WebServerFactoryCustomizer<ConfigurableWebServerFactory> loopbackInCode() {
			return (factory) -> factory.setAddress(InetAddress.getLoopbackAddress());
		}

		@Bean
		@ConditionalOnProperty("habit.server-socket")
		ServerSocket serverSocket(Environment environment) throws IOException {
			return new ServerSocket(environment.getRequiredProperty("habit.server-socket", Integer.class));
		}

		// As a schema tool that is told to create does it
		@Bean
		@ConditionalOnProperty(name = "habit.create-file")
		Object createFile(Environment environment) throws IOException {
			return Files.writeString(Path.of(environment.getRequiredProperty("habit.create-file")), "");
		}

		// As an embedded database locks its file
		@Bean
		@ConditionalOnProperty("habit.lock-file")
		OutputStream lockFile(Environment environment) throws IOException {
			FileOutputStream file = new FileOutputStream(environment.getRequiredProperty("habit.lock-file"), true);
			if (file.getChannel().tryLock() == null) {
				throw new UncheckedIOException(new IOException("The file is locked by another process"));
			}
			return file;
		}

	}

	static class SlowToClose {

		@PreDestroy
		void close() throws InterruptedException {
			Thread.sleep(8000);
			System.out.println("CLOSED");
		}

	}

	static class Late {

		static String text() {
			return "late";
		}

	}

}
