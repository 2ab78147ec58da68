package io.github.horkd.examples.watchlist;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.logging.Level;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.JavascriptExecutor;
import org.openqa.selenium.Keys;
import org.openqa.selenium.NotFoundException;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Clicks through the page in Chromium; screenshots are left in {@code target/screenshots}. */
class WatchlistPageTest {

    private static final Path SCREENSHOTS = Path.of("target/screenshots");

    private static ChromeDriver browser;

    private WatchlistServer server;

    @TempDir
    private Path folder;

    @BeforeAll
    static void open() throws IOException {
        Optional<Path> chromium = first("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome");
        Optional<Path> driver = first("/usr/bin/chromedriver", "/usr/lib/chromium-browser/chromedriver");
        if (chromium.isEmpty() || driver.isEmpty()) {
            return;
        }
        // New every time, and under target, as Chromium may still write there when it has said goodbye.
        Files.createDirectories(SCREENSHOTS);
        Path profile = Files.createTempDirectory(SCREENSHOTS.toAbsolutePath().getParent(), "browser");
        ChromeOptions options = new ChromeOptions();
        options.setBinary(chromium.get().toFile());
        options.addArguments(
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--user-data-dir=" + profile);
        LoggingPreferences logs = new LoggingPreferences();
        logs.enable(LogType.BROWSER, Level.ALL);
        options.setCapability("goog:loggingPrefs", logs);
        browser = new ChromeDriver(
                new ChromeDriverService.Builder()
                        .usingDriverExecutable(driver.get().toFile())
                        .build(),
                options);
    }

    private static Optional<Path> first(String... places) {
        return Stream.of(places).map(Path::of).filter(Files::isExecutable).findFirst();
    }

    @AfterAll
    static void close() {
        if (browser != null) {
            browser.quit();
        }
    }

    @BeforeEach
    void visit() {
        // Here and not for the whole class, so that every test is counted as skipped, with the reason.
        Assumptions.assumeTrue(
                browser != null,
                "no Chromium with its driver here; on Debian: apt-get install chromium chromium-driver");
        server = WatchlistServer.start(
                new Watchlist(Thumbnails.recognisers(), WatchlistExample.LIMITS, Optional.empty()),
                WatchlistServer.Place.here(0),
                Optional.of("Pictures to try are in a folder."),
                List.of(
                        new Tryout("Ada", true, Samples.sharp(0)),
                        new Tryout("Ada", false, Samples.small(0)),
                        new Tryout("Bruno", true, Samples.sharp(1)),
                        new Tryout("Stranger", false, Samples.stripes(12))));
        browser.manage().window().setSize(new Dimension(1200, 1000));
        browser.manage().logs().get(LogType.BROWSER);
        browser.get(server.address());
        until(() -> !text("enrol-limits").isEmpty());
    }

    @AfterEach
    void leave() {
        if (server != null) {
            server.close();
        }
    }

    private static WebElement byId(String id) {
        return browser.findElement(By.id(id));
    }

    private static String text(String id) {
        return byId(id).getText();
    }

    private static void until(BooleanSupplier condition) {
        long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (!holds(condition)) {
            assertTrue(System.nanoTime() < end, "the page did not get there in 30 seconds");
            LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
        }
    }

    /** What is not on the page yet may still come. */
    private static boolean holds(BooleanSupplier condition) {
        try {
            return condition.getAsBoolean();
        } catch (NotFoundException e) {
            return false;
        }
    }

    private Path file(String name, byte[] content) {
        try {
            return Files.write(folder.resolve(name), content);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private void enrol(String name, Path... pictures) {
        byId("name").clear();
        byId("name").sendKeys(name);
        byId("enrol-file")
                .sendKeys(String.join(
                        "\n", Stream.of(pictures).map(Path::toString).toList()));
        byId("enrol").submit();
        until(() -> text("enrol-done").startsWith(name + " is on the list"));
    }

    /** As a mouse would: the browser's own events, with the file in them. */
    private static void drop(String zone, String name, byte[] content) {
        ((JavascriptExecutor) browser)
                .executeScript("""
                const bytes = Uint8Array.from(atob(arguments[2]), c => c.charCodeAt(0));
                const data = new DataTransfer();
                data.items.add(new File([bytes], arguments[1]));
                for (const kind of ['dragenter', 'dragover', 'drop'])
                  document.getElementById(arguments[0]).dispatchEvent(new DragEvent(kind, {dataTransfer: data, bubbles: true, cancelable: true}));
                """, zone, name, Base64.getEncoder().encodeToString(content));
    }

    private static void screenshot(String name) throws IOException {
        Path taken = browser.getScreenshotAs(OutputType.FILE).toPath();
        Files.copy(taken, SCREENSHOTS.resolve(name), StandardCopyOption.REPLACE_EXISTING);
    }

    private static List<String> names(String list) {
        return browser.findElements(By.cssSelector("#" + list + " .who")).stream()
                .map(who -> who.getText().lines().findFirst().orElse(""))
                .toList();
    }

    private static boolean loaded(String css) {
        return (Boolean) browser.executeScript(
                "const i = document.querySelector(arguments[0]); return !!i && i.complete && i.naturalWidth > 0", css);
    }

    @Test
    void enrolsThreeAndFindsTheRightOne() throws IOException {
        List<String> people = List.of("Ada", "Bruno", "Chiara");
        for (int i = 0; i < people.size(); i++) {
            enrol(people.get(i), file("face-" + i + ".png", Samples.sharp(i)));
        }
        assertEquals(people, names("people"));
        until(() ->
                browser.findElements(By.cssSelector("#people img")).size() == 3 && loaded("#people li:last-child img"));

        drop("probe-drop", "small.png", Samples.small(1));
        until(() -> text("verdict").equals("Bruno"));
        assertEquals("Bruno", names("matches").get(0));
        assertEquals(3, names("matches").size());
        until(() -> loaded("#small-picture") && loaded("#sharp-place img"));
        assertTrue(text("small-caption").startsWith("Small picture, 12×12 pixels"), text("small-caption"));
        assertTrue(text("sharp-caption").startsWith("As enrolled: Bruno, "), text("sharp-caption"));
        assertEquals("pixelated", byId("small-picture").getCssValue("image-rendering"));
        assertSideBySide();
        screenshot("desktop.png");
        phone(() -> {
            assertSideBySide();
            screenshot("phone.png");
            Number overhang =
                    (Number) browser.executeScript("return document.documentElement.scrollWidth - window.innerWidth");
            assertTrue(overhang.intValue() <= 0, "the page is " + overhang + " pixels wider than the phone");
        });

        drop("probe-drop", "notes.txt", "dear diary".getBytes());
        until(() -> text("probe-message").equals("“notes.txt” is no image of a known format."));
        assertFalse(byId("answer").isDisplayed(), "the old answer must not stand beside the message");
        screenshot("refused.png");

        byId("probe-file").sendKeys(file("chosen.png", Samples.small(2)).toString());
        until(() -> byId("answer").isDisplayed() && text("verdict").equals("Chiara"));
        assertEquals("", text("probe-message"));
        assertNoErrors("422");
    }

    private interface Look {
        void take() throws IOException;
    }

    /** A telephone's width; a window of Chromium itself is never narrower than 500 pixels. */
    private static void phone(Look look) throws IOException {
        browser.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", 390, "height", 1800, "deviceScaleFactor", 1, "mobile", true));
        look.take();
        browser.executeCdpCommand("Emulation.clearDeviceMetricsOverride", Map.of());
    }

    private static void assertSideBySide() {
        var small = byId("small-picture").getRect();
        var sharp = browser.findElement(By.cssSelector("#sharp-place > *")).getRect();
        assertEquals(small.y, sharp.y, 2);
        assertTrue(small.x + small.width <= sharp.x, small.x + "+" + small.width + " and " + sharp.x);
        assertEquals(small.width, sharp.width, 2);
        assertTrue(small.width > 100);
    }

    @Test
    void saysThatNobodyIsThere() throws IOException {
        drop("probe-drop", "small.png", Samples.small(0));
        until(() -> text("verdict").equals("Nobody on the list"));
        assertEquals("Nobody is enrolled yet", text("sharp-caption"));
        enrol("Ada", file("ada.png", Samples.sharp(0)));
        drop("probe-drop", "bar.png", Samples.stripes(12));
        until(() -> text("sharp-caption").startsWith("Nearest, but not similar enough: Ada"));
        assertEquals("Nobody on the list", text("verdict"));
        screenshot("nobody.png");
        assertNoErrors();
    }

    @Test
    void aNameIsNeverTakenForHtml() {
        String name = "<img src=x onerror=\"document.title='taken'\"> & co";
        enrol(name, file("face.png", Samples.sharp(0)));
        drop("probe-drop", "<b>small</b>.png", Samples.small(0));
        until(() -> text("verdict").equals(name));
        assertEquals(List.of(name), names("people"));
        drop("probe-drop", "<b>small</b>.txt", "x".getBytes());
        until(() -> text("probe-message").equals("“<b>small</b>.txt” is no image of a known format."));
        assertEquals("Watchlist", browser.getTitle());
        assertEquals(
                0, browser.findElements(By.cssSelector("[src=x], .message b")).size());
        assertNoErrors("422");
    }

    @Test
    void whatIsMissingOrTooLargeIsSaidAtOnce() {
        byId("enrol").submit();
        until(() -> text("enrol-message").equals("Give a name first."));
        byId("name").sendKeys("Ada");
        byId("enrol").submit();
        until(() -> text("enrol-message").equals("Choose a picture first."));
        byId("probe-file").sendKeys(file("long.png", new byte[(8 << 20) + 1]).toString());
        until(() -> text("probe-message").equals("“long.png” is too large: at most 8 MB are taken."));
        drop("probe-drop", "huge.pgm", Samples.huge());
        until(() ->
                text("probe-message").equals("“huge.pgm” states a size of 20000x20000 pixels, wanted 1 to 16000000."));
        assertNoErrors("422");
    }

    /** A newcomer's first minute: two clicks, somebody is recognised; a removal that was a slip is taken back. */
    @Test
    void samplesAreClickedAndARemovalIsTakenBack() throws IOException {
        assertTrue(byId("no-answer").isDisplayed());
        assertTrue(byId("nobody-yet").isDisplayed());
        screenshot("empty.png");
        browser.findElement(By.cssSelector("#sharp-samples button")).click();
        until(() -> text("enrol-done").equals("Ada is on the list, with 1 picture."));
        until(() ->
                !browser.findElement(By.cssSelector("#sharp-samples button")).isEnabled());
        assertEquals(
                "Ada\n✓ on the list", text("sharp-samples").lines().limit(2).collect(Collectors.joining("\n")));
        browser.findElement(By.cssSelector("#small-samples button")).click();
        until(() -> text("verdict").equals("Ada"));
        until(
                () -> (Boolean)
                        browser.executeScript(
                                "const at = document.getElementById('verdict').getBoundingClientRect(); return at.top >= 0 && at.bottom <= innerHeight"));
        assertFalse(byId("no-answer").isDisplayed());
        dark(() -> screenshot("dark.png"));
        phone(() -> screenshot("samples-phone.png"));
        browser.findElement(By.cssSelector("#small-samples button:last-child")).click();
        until(() -> text("verdict").equals("Nobody on the list"));
        assertEquals(
                byId("sharp-caption").findElement(By.xpath("/html/body")).getCssValue("color"),
                byId("verdict").getCssValue("color"),
                "nobody is an answer and no error");
        screenshot("nobody.png");
        browser.findElement(By.cssSelector("#people .remove")).click();
        until(() -> text("enrol-done").equals("Ada is no longer on the list.")
                && byId("undo").isDisplayed());
        byId("undo").click();
        until(() -> text("enrol-done").equals("Ada is on the list again."));
        assertEquals(List.of("Ada"), names("people"));
        assertFalse(byId("undo").isDisplayed());
        assertNoErrors();
    }

    private static void dark(Look look) throws IOException {
        browser.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", "dark"))));
        look.take();
        phone(() -> screenshot("dark-phone.png"));
        browser.executeCdpCommand("Emulation.setEmulatedMedia", Map.of("features", List.of()));
    }

    /** With the keyboard alone: everything is reached, in the order of the page, and its focus is seen. */
    @Test
    void theKeyboardReachesEverything() {
        enrol("Ada", file("ada.png", Samples.sharp(0)));
        browser.get(server.address());
        until(() -> names("people").size() == 1);
        for (String id : List.of("probe-file", "name", "enrol-file")) {
            press(Keys.TAB);
            assertEquals(id, browser.switchTo().activeElement().getAttribute("id"));
            assertTrue(seen(id), id + " shows no focus");
        }
        press(Keys.TAB);
        assertEquals("Enrol", browser.switchTo().activeElement().getText());
        press(Keys.TAB);
        assertEquals("Remove Ada", browser.switchTo().activeElement().getAttribute("aria-label"));
        press(Keys.ENTER);
        until(() -> text("enrol-done").equals("Ada is no longer on the list."));
        assertTrue(byId("nobody-yet").isDisplayed());
        assertNoErrors();
    }

    private static void press(Keys key) {
        new Actions(browser).sendKeys(key).perform();
    }

    private static boolean seen(String id) {
        return !"none"
                .equals(browser.executeScript(
                        "const e = document.getElementById(arguments[0]);"
                                + "return getComputedStyle(e.type === 'file' ? e.nextElementSibling : e).outlineStyle",
                        id));
    }

    /** Nothing on the console but the browser's note of a status that was meant. */
    private static void assertNoErrors(String... meant) {
        List<String> errors = browser.manage().logs().get(LogType.BROWSER).getAll().stream()
                .map(entry -> entry.getMessage())
                .filter(message -> Stream.of(meant).noneMatch(status -> message.contains("status of " + status)))
                .toList();
        assertEquals(List.of(), errors);
    }
}
