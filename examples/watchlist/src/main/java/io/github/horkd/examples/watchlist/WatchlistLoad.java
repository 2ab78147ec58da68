package io.github.horkd.examples.watchlist;

import io.github.horkd.data.ImageShape;
import io.github.horkd.examples.DrawnFaces;
import io.github.horkd.examples.Footprint;
import io.github.horkd.guide.Input;
import io.github.horkd.guide.Scaling;
import io.github.horkd.model.Backbone;
import io.github.horkd.model.Head;
import io.github.horkd.model.Network;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import javax.imageio.ImageIO;

/**
 * Puts the server under load: people enrolled and removed, probes, the page, and beside them files that are too large or broken, names that are none, and bodies
 * that drip. Prints what the program holds every so often, and fails when it grows, when an enrolment that was acknowledged is not there, or when a request that
 * is right is not answered.
 *
 * <p>{@code mvn -q -f examples/watchlist -Dexample=WatchlistLoad -Dminutes=30}; {@code -Drequests=20} asks so many times a second and no more. Networks are
 * untrained: how well they recognise is no matter here.
 */
public final class WatchlistLoad {

    private static final int CLIENTS = 4;
    private static final int LOOKS = 12;
    private static final int SHARP = 64;

    private final HttpClient client = HttpClient.newHttpClient();
    private final String address;
    private final AtomicBoolean over = new AtomicBoolean();
    private final LongAdder answered = new LongAdder();
    private final Map<Integer, LongAdder> statuses = new ConcurrentHashMap<>();
    private final long nanosEach;
    private final AtomicLong due = new AtomicLong(System.nanoTime());

    private WatchlistLoad(String address, double perSecond) {
        this.address = address;
        this.nanosEach = (long) (1e9 / perSecond);
    }

    public static void main(String[] args) throws Exception {
        run(setting("minutes", 30), setting("requests", Double.POSITIVE_INFINITY));
    }

    private static double setting(String name, double otherwise) {
        String value = System.getProperty("horkd." + name, "").strip();
        return value.isEmpty() ? otherwise : Double.parseDouble(value);
    }

    /** As many requests a second as are wanted, or as are answered. */
    static List<Footprint> run(double minutes, double perSecond) throws Exception {
        Network teacher = untrained(SHARP, 1);
        Network student = untrained(12, 2);
        Path file = Files.createTempDirectory("watchlist-load").resolve("people.gallery");
        Watchlist watchlist = new Watchlist(
                Recognisers.at(0.5, teacher.folded(), student.folded()), WatchlistExample.LIMITS, Optional.of(file));
        try (WatchlistServer server =
                WatchlistServer.start(watchlist, WatchlistServer.Place.here(0), Optional.empty())) {
            return new WatchlistLoad(server.address().replaceAll("/$", ""), perSecond).load(minutes);
        } finally {
            Files.delete(file);
            Files.delete(file.getParent());
        }
    }

    private static Network untrained(int side, long seed) {
        return Network.create(
                Backbone.residual(8, 32),
                new Head.Softmax(),
                new Input(ImageShape.gray(side), Scaling.STANDARDISED),
                List.of("a", "b"),
                seed);
    }

    private List<Footprint> load(double minutes) throws Exception {
        ExecutorService clients = Executors.newFixedThreadPool(CLIENTS + 1);
        List<Future<?>> working = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            int number = i;
            working.add(clients.submit(() -> friendly(number)));
        }
        working.add(clients.submit(this::hostile));
        List<Footprint> looks = new ArrayList<>(List.of(Footprint.after(0)));
        long began = System.nanoTime();
        for (int i = 1; i <= LOOKS; i++) {
            long until = began + (long) (minutes * 60e9 * i / LOOKS);
            Thread.sleep(Math.max(0, (until - System.nanoTime()) / 1_000_000));
            looks.add(Footprint.after(answered.sum()));
        }
        over.set(true);
        clients.shutdown();
        for (Future<?> each : working) {
            each.get(60, TimeUnit.SECONDS);
        }
        System.out.println(Footprint.table("requests", looks));
        System.out.println("answers by status: " + new TreeMap<>(statuses));
        Duration busy = ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
        System.out.printf("processor time of all, server and clients: %d s%n", busy.toSeconds());
        Footprint.requireSteady(looks, minutes < 1 ? 32 : 4);
        System.out.printf("%.1f minutes, %d requests: nothing grew, nothing was lost%n", minutes, answered.sum());
        return looks;
    }

    private Void friendly(int number) throws Exception {
        DrawnFaces faces = new DrawnFaces(SHARP, false, number);
        for (int round = 0; !over.get(); round++) {
            String person = "person%20" + number + "%20" + round;
            byte[] picture = png(faces, round % 50);
            want(201, "POST", "/people?name=" + person, picture);
            want(200, "POST", "/probes", picture);
            want(200, "GET", "/", null);
            String people = want(200, "GET", "/people", null);
            if (!people.contains("person " + number + " " + round + "\"")) {
                throw new IllegalStateException(person + ": acknowledged, and not on the list");
            }
            want(204, "DELETE", "/people?name=" + person, null);
        }
        return null;
    }

    private Void hostile() throws Exception {
        byte[] picture = png(new DrawnFaces(SHARP, false, 99), 0);
        while (!over.get()) {
            try (Socket drip = new Socket("127.0.0.1", URI.create(address).getPort())) {
                drip.getOutputStream()
                        .write("POST /probes HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\na"
                                .getBytes(StandardCharsets.US_ASCII));
                want(413, "POST", "/probes", new byte[(8 << 20) + 1]);
                want(422, "POST", "/probes", Arrays.copyOf(picture, picture.length / 2));
                want(422, "POST", "/probes", "P5 20000 20000 255\n".getBytes(StandardCharsets.US_ASCII));
                want(400, "POST", "/people?name=%E2%80%AE", picture);
                want(400, "DELETE", "/people", null);
                want(404, "GET", "/pictures/123456789", null);
            }
        }
        return null;
    }

    /** Waits for the next turn of all clients together; who is late does not hurry. */
    private void waitForTurn() throws InterruptedException {
        long now = System.nanoTime();
        long turn = due.getAndUpdate(last -> Math.max(last, now) + nanosEach);
        Thread.sleep(Math.max(0, (turn - now) / 1_000_000));
    }

    private String want(int status, String method, String path, byte[] body) throws Exception {
        waitForTurn();
        var answer = client.send(
                HttpRequest.newBuilder(URI.create(address + path))
                        .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body))
                        .build(),
                BodyHandlers.ofString());
        answered.increment();
        statuses.computeIfAbsent(answer.statusCode(), unseen -> new LongAdder()).increment();
        if (answer.statusCode() != status) {
            throw new IllegalStateException(
                    method + " " + path + ": wanted " + status + ", got " + answer.statusCode() + " " + answer.body());
        }
        return answer.body();
    }

    private static byte[] png(DrawnFaces faces, int person) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ImageIO.write(faces.image(person, 0), "png", bytes);
        return bytes.toByteArray();
    }
}
