package io.clusterboot.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.logging.Level;

import org.awaitility.Awaitility;
import org.openqa.selenium.By;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Chromium without a window, looking at one page. What it says and whom it asks is kept.
 */
final class Browser implements AutoCloseable {

	private static final JsonMapper MAPPER = JsonMapper.builder().build();

	private static final Duration PATIENCE = Duration.ofSeconds(90);

	private static final int WIDTH = 1280;

	private static final int HEIGHT = 900;

	private final ChromeDriver driver;

	private final Path directory;

	private final List<String> urls = new ArrayList<>();

	private Browser(ChromeDriver driver, Path directory) {
		this.driver = driver;
		this.directory = directory;
	}

	static void assumeInstalled() {
		Tool.assumeInstalled("chromium", "chromedriver");
	}

	/**
	 * Start a browser.
	 * @param directory where it puts its pictures
	 * @return the browser
	 */
	static Browser start(Path directory) {
		try {
			Files.createDirectories(directory);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		ChromeOptions options = new ChromeOptions().setBinary(Tool.find("chromium").toFile());
		// No sandbox, as the tests may be root; and nothing that a browser asks its maker
		options.addArguments("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
				"--hide-scrollbars", "--disable-background-networking", "--disable-component-update",
				"--disable-default-apps", "--no-first-run", "--lang=en");
		LoggingPreferences logs = new LoggingPreferences();
		logs.enable(LogType.BROWSER, Level.ALL);
		logs.enable(LogType.PERFORMANCE, Level.ALL);
		options.setCapability("goog:loggingPrefs", logs);
		ChromeDriverService service = new ChromeDriverService.Builder()
			.usingDriverExecutable(Tool.find("chromedriver").toFile())
			.usingAnyFreePort()
			.build();
		Browser browser = new Browser(new ChromeDriver(service, options), directory);
		browser.resize(WIDTH);
		return browser;
	}

	void open(String url) {
		this.driver.get(url);
	}

	Object run(String script, Object... arguments) {
		return this.driver.executeScript(script, arguments);
	}

	/**
	 * Press what can be pressed by whoever looks at the page.
	 * @param css a selector
	 */
	void press(String css) {
		this.driver.findElement(By.cssSelector(css)).click();
	}

	boolean isShown(String css) {
		return this.driver.findElements(By.cssSelector(css)).stream().anyMatch((element) -> element.isDisplayed());
	}

	String text(String css) {
		return Objects.toString(run("return document.querySelector(arguments[0])?.textContent", css), "");
	}

	void awaitText(String css, String text) {
		Awaitility.await("'%s' in %s".formatted(text, css))
			.atMost(PATIENCE)
			.pollInterval(Duration.ofMillis(100))
			.until(() -> text(css), (found) -> found.contains(text));
	}

	void awaitShown(String css) {
		Awaitility.await(css).atMost(PATIENCE).pollInterval(Duration.ofMillis(100)).until(() -> isShown(css));
	}

	void resize(int width) {
		this.driver.executeCdpCommand("Emulation.setDeviceMetricsOverride",
				Map.of("width", width, "height", HEIGHT, "deviceScaleFactor", 1, "mobile", width < HEIGHT));
	}

	/**
	 * Take pictures of the page: light, dark, and on a phone, where it must not be wider
	 * than the screen.
	 * @param name how their names begin
	 */
	void photograph(String name) {
		photograph(name + "-light", "light");
		photograph(name + "-dark", "dark");
		resize(360);
		// Laid out for the screen, which would have become wider if it had to
		assertThat(run("return [innerWidth, document.documentElement.scrollWidth]")).isEqualTo(List.of(360L, 360L));
		photograph(name + "-phone", "light");
		resize(WIDTH);
	}

	private void photograph(String name, String scheme) {
		this.driver.executeCdpCommand("Emulation.setEmulatedMedia",
				Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
		Map<String, Object> picture = this.driver.executeCdpCommand("Page.captureScreenshot",
				Map.of("format", "png", "captureBeyondViewport", !isShown("dialog")));
		try {
			Files.write(this.directory.resolve(name + ".png"),
					Base64.getDecoder().decode((String) Objects.requireNonNull(picture.get("data"))));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Return what the console says since it was last asked.
	 * @return the errors and warnings
	 */
	List<String> complaints() {
		return this.driver.manage()
			.logs()
			.get(LogType.BROWSER)
			.getAll()
			.stream()
			.filter((entry) -> entry.getLevel().intValue() >= Level.WARNING.intValue())
			.map((entry) -> entry.getMessage())
			.toList();
	}

	/**
	 * Return whom any page has asked for something since the browser was started.
	 * @return the addresses
	 */
	List<String> requests() {
		this.driver.manage()
			.logs()
			.get(LogType.PERFORMANCE)
			.getAll()
			.stream()
			.map((entry) -> MAPPER.readTree(entry.getMessage()).path("message"))
			.filter((message) -> message.path("method").asString("").equals("Network.requestWillBeSent"))
			.map((message) -> message.path("params").path("request").path("url"))
			.map((url) -> url.asString(""))
			.forEach(this.urls::add);
		return List.copyOf(this.urls);
	}

	/**
	 * Read JSON as a tree.
	 * @param json the JSON
	 * @return the tree
	 */
	static JsonNode parse(String json) {
		return MAPPER.readTree(json);
	}

	@Override
	public void close() {
		this.driver.quit();
	}

}
