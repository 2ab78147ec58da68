package io.github.horkd.examples.watchlist;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import io.github.horkd.data.Limits;
import io.github.horkd.recognise.Gallery;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class WatchlistServerTest {

    private static final Limits LIMITS = new Limits(1, 200_000, 200_000, 1_000_000);
    private static final Gson JSON = new Gson();

    private final HttpClient client = HttpClient.newHttpClient();
    private WatchlistServer server;

    @TempDir
    private Path folder;

    @BeforeEach
    void start() {
        server = start(Optional.empty());
    }

    private WatchlistServer start(Optional<Path> file) {
        return WatchlistServer.start(
                new Watchlist(Thumbnails.recognisers(), LIMITS, file), WatchlistServer.Place.here(0), Optional.empty());
    }

    /** Another server in place of the usual one. */
    private void restart(Recognisers recognisers, Optional<Login> login, int graceMillis) {
        server.close();
        server = WatchlistServer.start(
                new Watchlist(recognisers, LIMITS, Optional.empty()),
                new WatchlistServer.Place(
                        "127.0.0.1",
                        0,
                        login,
                        new Uploads.Pace(Duration.ofMillis(graceMillis), 16 << 10, Duration.ofSeconds(20))),
                Optional.empty());
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private HttpResponse<String> send(String method, String path, byte[] body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create(server.address().replaceAll("/$", "") + path))
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        try {
            return client.send(request.build(), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    private static JsonObject json(HttpResponse<String> response) {
        assertEquals(
                "application/json",
                response.headers().firstValue("Content-Type").orElse("").replaceAll(";.*", ""),
                response.body());
        return JSON.fromJson(response.body(), JsonObject.class);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private void enrol(String name, byte[] picture) {
        assertEquals(
                201,
                send("POST", "/people?file=face.png&name=" + encoded(name), picture)
                        .statusCode());
    }

    private List<String> names() {
        return json(send("GET", "/people", null)).getAsJsonArray("people").asList().stream()
                .map(person -> person.getAsJsonObject().get("name").getAsString())
                .toList();
    }

    @Test
    void findsWhoWasEnrolledWithBothPictures() throws IOException {
        for (int person = 0; person < 3; person++) {
            enrol("person " + person, Samples.sharp(person));
        }
        assertEquals(List.of("person 0", "person 1", "person 2"), names());
        for (int person = 0; person < 3; person++) {
            JsonObject found = json(send("POST", "/probes?file=small.png", Samples.small(person)));
            assertFalse(found.get("nobody").getAsBoolean());
            assertEquals(3, found.getAsJsonArray("matches").size());
            JsonObject best = found.getAsJsonArray("matches").get(0).getAsJsonObject();
            assertEquals("person " + person, best.get("name").getAsString());
            assertTrue(best.get("similarity").getAsDouble() > 0.9);
            assertEquals("16×16", found.get("sent").getAsString());
            assertEquals("12×12", found.get("seen").getAsString());

            String data = found.get("picture").getAsString();
            BufferedImage small = ImageIO.read(
                    new ByteArrayInputStream(Base64.getDecoder().decode(data.substring(data.indexOf(',') + 1))));
            assertEquals(12, small.getWidth());
            HttpResponse<InputStream> sharp = pictureOf(best);
            assertEquals("image/png", sharp.headers().firstValue("Content-Type").orElse(""));
            assertEquals(48, ImageIO.read(sharp.body()).getWidth());
        }
    }

    private HttpResponse<InputStream> pictureOf(JsonObject person) throws IOException {
        try {
            return client.send(
                    HttpRequest.newBuilder(URI.create(server.address())
                                    .resolve(person.get("picture").getAsString()))
                            .build(),
                    BodyHandlers.ofInputStream());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    @Test
    void nobodyIsThereBelowTheThresholdAndOnAnEmptyList() {
        JsonObject empty = json(send("POST", "/probes", Samples.small(0)));
        assertTrue(empty.get("nobody").getAsBoolean());
        assertEquals(0, empty.getAsJsonArray("matches").size());

        enrol("somebody", Samples.sharp(0));
        // The negative of somebody is as unlike as can be.
        BufferedImage negative = new BufferedImage(12, 12, BufferedImage.TYPE_BYTE_GRAY);
        try {
            BufferedImage small = ImageIO.read(new ByteArrayInputStream(Samples.small(0)));
            for (int i = 0; i < 144; i++) {
                negative.getRaster().setSample(i % 12, i / 12, 0, 255 - (small.getRGB(i % 12, i / 12) & 255));
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        JsonObject found = json(send("POST", "/probes", Samples.file(negative, "png")));
        assertTrue(found.get("nobody").getAsBoolean());
        assertFalse(found.getAsJsonArray("matches")
                .get(0)
                .getAsJsonObject()
                .get("believed")
                .getAsBoolean());
    }

    static Stream<Arguments> refused() {
        byte[] cut = Samples.sharp(0);
        return Stream.of(
                Arguments.of(
                        "notes.txt",
                        "dear diary".getBytes(StandardCharsets.UTF_8),
                        422,
                        "“notes.txt” is no image of a known format."),
                Arguments.of(
                        "page.png",
                        "<html><script>alert(1)</script>".getBytes(StandardCharsets.UTF_8),
                        422,
                        "“page.png” is a web page and no image."),
                Arguments.of("empty.png", new byte[0], 400, "The file is empty."),
                Arguments.of(
                        "long.png", new byte[200_001], 413, "The file is too large: at most 200000 bytes are taken."),
                Arguments.of(
                        "huge.pgm",
                        Samples.huge(),
                        422,
                        "“huge.pgm” states a size of 20000x20000 pixels, wanted 1 to 1000000."),
                Arguments.of(
                        "wide.gif",
                        Samples.plain(1001, 1000, "gif"),
                        422,
                        "“wide.gif” states a size of 1001x1000 pixels, wanted 1 to 1000000."),
                Arguments.of(
                        "film.gif",
                        Samples.animated(3),
                        422,
                        "“film.gif” is animated, 3 pictures in one; send a single one."),
                Arguments.of(
                        "scan.tif",
                        Samples.plain(50, 50, "tif"),
                        415,
                        "“scan.tif” is of the format tif; send PNG, JPEG, BMP, GIF, PGM or PPM."),
                Arguments.of("half.png", Arrays.copyOf(cut, cut.length / 2), 422, null),
                Arguments.of("dot.png", Samples.plain(3, 3, "png"), 422, null),
                Arguments.of("", "x".getBytes(StandardCharsets.UTF_8), 422, "The file is no image of a known format."));
    }

    @ParameterizedTest
    @MethodSource("refused")
    void aFileThatCannotBeUsedGetsAMessage(String name, byte[] content, int status, String message) {
        for (String path : List.of("/people?name=anna&file=", "/probes?file=")) {
            HttpResponse<String> response = send("POST", path + encoded(name), content);
            assertEquals(status, response.statusCode(), response.body());
            String said = json(response).get("message").getAsString();
            assertEquals(message == null ? said : message, said);
            assertTrue(said.endsWith(".") && !said.contains("Exception") && !said.contains("java"), said);
        }
        assertEquals(List.of(), names());
    }

    @Test
    void aSmallPictureIsTooSmallToEnrolAndSaysSo() {
        HttpResponse<String> response = send("POST", "/people?name=anna", Samples.plain(23, 40, "png"));
        assertEquals(422, response.statusCode());
        assertEquals(
                "The picture is too small to enrol: it has 23×40 pixels, at least 24×24 are needed.",
                json(response).get("message").getAsString());
    }

    @Test
    void aBodyThatIsStillComingIsRefusedBeforeItIsKept() throws IOException {
        URI at = URI.create(server.address());
        try (Socket socket = new Socket(at.getHost(), at.getPort())) {
            OutputStream out = socket.getOutputStream();
            out.write(
                    ("POST /probes HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            byte[] chunk = new byte[100_000];
            for (int i = 0; i < 5; i++) {
                out.write("186A0\r\n".getBytes(StandardCharsets.US_ASCII));
                out.write(chunk);
                out.write("\r\n".getBytes(StandardCharsets.US_ASCII));
            }
            out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            out.flush();
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertTrue(answer.startsWith("HTTP/1.1 413 "), answer);
            assertTrue(answer.contains("The file is too large: at most 200000 bytes are taken."), answer);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "   ", "two\nlines"})
    void aNameThatIsNoneIsRefused(String name) {
        assertEquals(
                400,
                send("POST", "/people?name=" + encoded(name), Samples.sharp(0)).statusCode());
        assertEquals(
                400,
                send("POST", "/people?name=" + "a".repeat(101), Samples.sharp(0))
                        .statusCode());
        assertEquals(400, send("POST", "/people", Samples.sharp(0)).statusCode());
        assertEquals(List.of(), names());
    }

    @Test
    void namesAreAnyText() {
        List<String> names = List.of("<b>Anna</b> & \"co\"", "Ödön Ğüneş 李", "../../etc/passwd");
        for (int i = 0; i < names.size(); i++) {
            enrol(names.get(i), Samples.sharp(i));
        }
        assertEquals(names, names());
        assertFalse(
                send("GET", "/people", null).body().contains("<b>"),
                "what a browser would take for a tag is written otherwise");
    }

    @Test
    void peopleAreForgotten() {
        enrol("anna", Samples.sharp(0));
        enrol("bea", Samples.sharp(1));
        enrol("bea", Samples.sharp(2));
        assertEquals(204, send("DELETE", "/people?name=bea", null).statusCode());
        assertEquals(List.of("anna"), names());
        assertEquals(404, send("GET", "/pictures/2", null).statusCode());
        HttpResponse<String> again = send("DELETE", "/people?name=bea", null);
        assertEquals(404, again.statusCode());
        assertEquals("“bea” is not on the list.", json(again).get("message").getAsString());
    }

    @Test
    void theGalleryIsKeptWithoutPictures() throws IOException {
        Path file = folder.resolve("people.gallery");
        server.close();
        server = start(Optional.of(file));
        enrol("anna", Samples.sharp(0));
        enrol("bea", Samples.sharp(1));
        assertEquals(List.of("anna", "bea"), Gallery.load(file).identities());
        server.close();
        server = start(Optional.of(file));
        assertEquals(List.of("anna", "bea"), names());
        JsonObject best = json(send("POST", "/probes", Samples.small(1)))
                .getAsJsonArray("matches")
                .get(0)
                .getAsJsonObject();
        assertEquals("bea", best.get("name").getAsString());
        assertFalse(best.has("picture"));

        Files.delete(file);
        Recognisers others = Recognisers.at(0.5, new Thumbnails("another", 48), new Thumbnails("small", 12));
        new Watchlist(others, LIMITS, Optional.of(file)).enrol("cleo", "face.png", Samples.sharp(2));
        String message = assertThrows(
                        IllegalArgumentException.class,
                        () -> new Watchlist(Thumbnails.recognisers(), LIMITS, Optional.of(file)))
                .getMessage();
        assertTrue(message.startsWith(file + ": wanted a gallery of these networks, got one of others"), message);
    }

    @Test
    void severalClientsAtOnceLoseNothing() {
        int clients = 6;
        int each = 5;
        CompletableFuture<?>[] all = IntStream.range(0, clients)
                .mapToObj(c -> CompletableFuture.runAsync(() -> {
                    for (int i = 0; i < each; i++) {
                        enrol("person " + (c * each + i), Samples.sharp(c * each + i));
                        JsonObject best = json(send("POST", "/probes", Samples.small(c * each + i)))
                                .getAsJsonArray("matches")
                                .get(0)
                                .getAsJsonObject();
                        assertEquals(
                                "person " + (c * each + i), best.get("name").getAsString());
                    }
                }))
                .toArray(CompletableFuture[]::new);
        CompletableFuture.allOf(all).join();
        assertEquals(clients * each, names().stream().distinct().count());
    }

    @Test
    void thePageBringsEverythingItNeeds() {
        HttpResponse<String> page = send("GET", "/", null);
        assertEquals(200, page.statusCode());
        assertTrue(
                page.headers().firstValue("Content-Security-Policy").orElse("").startsWith("default-src 'none'"));
        assertEquals(
                "nosniff", page.headers().firstValue("X-Content-Type-Options").orElse(""));
        for (String path : List.of("/", "/watchlist.css", "/watchlist.js")) {
            String text = send("GET", path, null).body();
            assertFalse(
                    text.contains("https:")
                            || text.replace("http://www.w3.org/2000/svg", "").contains("http:"),
                    path + " asks somebody else");
        }
        assertEquals(404, send("GET", "/nothing", null).statusCode());
    }

    @ParameterizedTest
    @CsvSource({
        "Origin,http://elsewhere.example",
        "Origin,null",
        "Sec-Fetch-Site,cross-site",
        "Sec-Fetch-Site,same-site"
    })
    void anotherWebPageMayNotEnrol(String header, String value) {
        assertEquals(
                403,
                send("POST", "/people?name=anna", Samples.sharp(0), header, value)
                        .statusCode());
        assertEquals(List.of(), names());
    }

    @ParameterizedTest
    @CsvSource({
        "localhost:80,200",
        "127.0.0.1,200",
        "[::1]:8080,200",
        "watchlist.attacker.example,403",
        "127.0.0.1.attacker.example:8080,403"
    })
    void onlyNamesOfThisMachineAreAnswered(String name, int status) throws IOException {
        URI at = URI.create(server.address());
        try (Socket socket = new Socket(at.getHost(), at.getPort())) {
            socket.getOutputStream()
                    .write(("GET /people HTTP/1.1\r\nHost: " + name + "\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertTrue(answer.startsWith("HTTP/1.1 " + status + " "), answer);
        }
    }

    @Test
    void whoeverAsksIsAnsweredWhilePicturesAreEmbedded() throws Exception {
        CountDownLatch embedding = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        restart(
                Thumbnails.recognisers(() -> {
                    embedding.countDown();
                    try {
                        assertTrue(go.await(30, TimeUnit.SECONDS));
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                }),
                Optional.empty(),
                30_000);
        CompletableFuture<Void> enrolment = CompletableFuture.runAsync(() -> enrol("anna", Samples.sharp(0)));
        assertTrue(embedding.await(30, TimeUnit.SECONDS));
        assertEquals(List.of(), names());
        assertEquals(200, send("GET", "/", null).statusCode());
        assertEquals(404, send("DELETE", "/people?name=anna", null).statusCode());
        go.countDown();
        enrolment.join();
        assertEquals(List.of("anna"), names());
    }

    /** Sends bytes, then one more now and then, until the server has had enough; what it answered. */
    private String dripping(String head, int gapMillis) throws Exception {
        URI at = URI.create(server.address());
        try (Socket socket = new Socket(at.getHost(), at.getPort())) {
            socket.setSoTimeout(gapMillis);
            socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
            ByteArrayOutputStream answer = new ByteArrayOutputStream();
            long began = System.nanoTime();
            while (System.nanoTime() - began < 20e9) {
                try {
                    int read = socket.getInputStream().read();
                    if (read < 0) {
                        return answer.toString(StandardCharsets.UTF_8);
                    }
                    answer.write(read);
                } catch (SocketTimeoutException waiting) {
                    socket.getOutputStream().write('a');
                } catch (SocketException closed) {
                    return answer.toString(StandardCharsets.UTF_8);
                }
            }
            throw new AssertionError("still open after 20 s: " + answer);
        }
    }

    @Test
    void aDrippingBodyOrHeadEndsAndNobodyElseWaits() throws Exception {
        restart(Thumbnails.recognisers(), Optional.empty(), 500);
        String body = "POST /probes HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\n";
        CompletableFuture<?>[] drips = IntStream.range(0, 3)
                .mapToObj(i -> CompletableFuture.runAsync(() -> {
                    try {
                        String answer = dripping(body, 50);
                        assertTrue(answer.startsWith("HTTP/1.1 408 ") && answer.contains("too slowly"), answer);
                        assertEquals("", dripping("GET /people HTTP/1.1\r\nHost: local", 50));
                    } catch (Exception e) {
                        throw new AssertionError(e);
                    }
                }))
                .toArray(CompletableFuture[]::new);
        assertEquals(List.of(), names());
        CompletableFuture.allOf(drips).join();
        // One that sends nothing more is told by the connection's own time.
        assertFalse(dripping(body, 30_000).contains(" 200 "));
    }

    @Test
    void aClientHasOnlySoManyBodiesOnTheirWay() throws Exception {
        restart(Thumbnails.recognisers(), Optional.empty(), 30_000);
        URI at = URI.create(server.address());
        List<Socket> waiting = new ArrayList<>();
        try {
            for (int i = 0; i < Uploads.MOST_OF_A_CLIENT; i++) {
                Socket socket = new Socket(at.getHost(), at.getPort());
                waiting.add(socket);
                socket.setSoTimeout(30_000);
                socket.getOutputStream()
                        .write(("POST /probes HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n"
                                        + "Expect: 100-continue\r\n\r\n")
                                .getBytes(StandardCharsets.US_ASCII));
                // The server asks for a body when it has let it in: from here on this one counts.
                byte[] asked = socket.getInputStream().readNBytes("HTTP/1.1 100".length());
                assertEquals("HTTP/1.1 100", new String(asked, StandardCharsets.US_ASCII));
            }
            HttpResponse<String> refused = send("POST", "/probes", Samples.small(0));
            assertEquals(429, refused.statusCode());
            assertEquals(200, send("GET", "/people", null).statusCode());
        } finally {
            for (Socket socket : waiting) {
                socket.close();
            }
        }
    }

    @Test
    void aClientHasOnlySoManyConnections() throws Exception {
        restart(Thumbnails.recognisers(), Optional.empty(), 60_000);
        URI at = URI.create(server.address());
        List<Socket> all = new ArrayList<>();
        try {
            for (int i = 0; i < Connections.MOST_OF_A_CLIENT + 5; i++) {
                Socket socket = new Socket(at.getHost(), at.getPort());
                socket.setSoTimeout(20);
                all.add(socket);
            }
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
            List<Socket> open = new ArrayList<>(all);
            while (open.size() > Connections.MOST_OF_A_CLIENT && System.nanoTime() < end) {
                open.removeIf(WatchlistServerTest::closed);
            }
            open.removeIf(WatchlistServerTest::closed);
            assertEquals(Connections.MOST_OF_A_CLIENT, open.size());
        } finally {
            for (Socket socket : all) {
                socket.close();
            }
        }
    }

    private static boolean closed(Socket socket) {
        try {
            return socket.getInputStream().read() < 0;
        } catch (SocketTimeoutException open) {
            return false;
        } catch (IOException reset) {
            return true;
        }
    }

    @Test
    void aRemovalWithoutANameIsRefused() {
        enrol("null", Samples.sharp(0));
        assertEquals(400, send("DELETE", "/people", null).statusCode());
        assertEquals(400, send("DELETE", "/people?name=%20", null).statusCode());
        assertEquals(List.of("null"), names());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\u200b",
                "an\u200bna",
                "\u202eanna",
                "anna\u2066",
                "\ufeffanna",
                "\u3164",
                "an\u00adna",
                "\u2800",
                "--",
                "an\u2028na",
                "a\ue000",
                "anna\ufe0f",
                "an\u200dna",
                "\ud83d",
                "a\u034fb"
            })
    void namesThatAreNotSeenOrTurnOthersAreRefused(String name) {
        Refused refused = assertThrows(Refused.class, () -> Names.checked(name));
        assertEquals(400, refused.status());
        assertFalse(refused.getMessage().codePoints().anyMatch(c -> Character.getType(c) == Character.FORMAT));
        assertEquals(
                400,
                send("POST", "/people?name=" + encoded(name), Samples.sharp(0)).statusCode());
    }

    @Test
    void namesOfEveryScriptAreTakenAndComposed() {
        for (String name : List.of("שרה כהן", "علی‌رضا", "प्रिया", "李小龍", "Ödön", "O'Brien-Smith 3")) {
            assertEquals(name, Names.checked(name));
        }
        assertEquals("Jos\u00e9 X", Names.checked("  Jose\u0301 \u00a0X "));
    }

    @Test
    void answersAreForThePageAlone() {
        HttpResponse<String> answer = send("GET", "/people", null);
        assertEquals(
                "same-origin",
                answer.headers().firstValue("Cross-Origin-Resource-Policy").orElse(""));
        assertTrue(answer.headers().firstValue("Server").isEmpty());
        assertEquals(
                403,
                send("GET", "/people", null, "Sec-Fetch-Site", "cross-site").statusCode());
        assertEquals(
                403,
                send("GET", "/pictures/1", null, "Origin", "http://elsewhere.example")
                        .statusCode());
        assertEquals(200, send("GET", "/", null, "Sec-Fetch-Site", "cross-site").statusCode(), "a link to the page");
    }

    @Test
    void offLoopbackNobodyIsServedWithoutALogin() {
        Watchlist watchlist = new Watchlist(Thumbnails.recognisers(), LIMITS, Optional.empty());
        WatchlistServer.Place open = new WatchlistServer.Place("0.0.0.0", 0, Optional.empty(), Uploads.Pace.USUAL);
        String message = assertThrows(
                        IllegalArgumentException.class, () -> WatchlistServer.start(watchlist, open, Optional.empty()))
                .getMessage();
        assertTrue(message.startsWith("host: 0.0.0.0 is reached from other machines"), message);
        assertThrows(IllegalArgumentException.class, () -> Login.of("anna:short"));
        try (WatchlistServer guarded = WatchlistServer.start(
                watchlist,
                new WatchlistServer.Place("0.0.0.0", 0, Optional.of(Login.of("anna:long enough!")), Uploads.Pace.USUAL),
                Optional.empty())) {
            server.close();
            server = guarded;
            assertEquals(401, client(guarded, "/people").statusCode());
        }
        server = start(Optional.empty());
    }

    private HttpResponse<String> client(WatchlistServer at, String path, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                URI.create(at.address().replace("0.0.0.0", "127.0.0.1").replaceAll("/$", "") + path));
        if (headers.length > 0) {
            request.headers(headers);
        }
        try {
            return client.send(request.build(), BodyHandlers.ofString());
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aLoginIsAskedForAndGuessingEnds() throws IOException {
        Path file = Files.writeString(folder.resolve("login"), "anna:long enough, ümlaut\n");
        restart(Thumbnails.recognisers(), Optional.of(Login.in(file)), 10_000);
        HttpResponse<String> asked = send("GET", "/", null);
        assertEquals(401, asked.statusCode());
        assertTrue(asked.headers().firstValue("WWW-Authenticate").orElse("").startsWith("Basic "));
        String right = "Basic "
                + Base64.getEncoder().encodeToString("anna:long enough, ümlaut".getBytes(StandardCharsets.UTF_8));
        assertEquals(200, send("GET", "/people", null, "Authorization", right).statusCode());
        assertEquals(
                201,
                send("POST", "/people?name=anna", Samples.sharp(0), "Authorization", right)
                        .statusCode());
        for (String wrong : List.of("Basic !!", "Basic ", "Bearer x", right.substring(0, right.length() - 4))) {
            assertEquals(
                    401, send("GET", "/people", null, "Authorization", wrong).statusCode());
        }
        for (int i = 0; i < 6; i++) {
            assertEquals(
                    401,
                    send("GET", "/people", null, "Authorization", "Basic YTpi").statusCode());
        }
        assertEquals(429, send("GET", "/people", null, "Authorization", right).statusCode());
    }
}
