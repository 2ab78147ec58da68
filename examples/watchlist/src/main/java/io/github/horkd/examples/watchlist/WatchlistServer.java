package io.github.horkd.examples.watchlist;

import io.github.horkd.data.ImageShape;
import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import io.javalin.json.JavalinGson;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The page and what it asks for, over HTTP:
 * <pre>  GET    /                      the page, /watchlist.css and /watchlist.js with it
 *  GET    /people                who is enrolled, the limits, the threshold
 *  POST   /people?name=…&amp;file=…  enrols; the body is an image file
 *  DELETE /people?name=…         forgets
 *  POST   /probes?file=…         recognises; the body is an image file
 *  POST   /people/undo           puts back who was removed last
 *  GET    /pictures/{number}     an enrolled picture
 *  GET    /samples/{number}      a picture to try the page with</pre>
 * What is refused is answered with a status of 4xx or 503 and {@code {"message": "…"}}. Bodies are few at a time ({@link Uploads}), connections too ({@link
 * Connections}), so that whoever sends nothing is always answered.
 */
final class WatchlistServer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(WatchlistServer.class);
    /** Each holds one request, and no more than the limit of bytes. */
    private static final int THREADS = 32;
    /** A refused body is read to its end up to this many times the limit: a browser that is cut off shows no message. */
    private static final int PATIENCE = 8;
    /** Bytes a second. Whoever takes an answer more slowly loses the connection. */
    private static final int SLOWEST_READER = 1 << 10;

    private static final Pattern HOST = Pattern.compile("(\\[[^\\]]*\\]|[^:]*)(:\\d+)?");
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

    private final Watchlist watchlist;
    private final String host;
    private final Optional<String> hint;
    private final List<Tryout> tryouts;
    private final Optional<Login> login;
    private final boolean local;
    private final Uploads uploads;
    private final Connections connections;
    private final Javalin javalin;

    /**
     * Where and for whom.
     *
     * @param host  the address to listen at: 127.0.0.1 for this machine only
     * @param port  0 for any that is free
     * @param login who is let in; empty for whoever reaches the address, which is for this machine only
     * @param pace  how slowly files may come
     */
    record Place(String host, int port, Optional<Login> login, Uploads.Pace pace) {

        static Place here(int port) {
            return new Place("127.0.0.1", port, Optional.empty(), Uploads.Pace.USUAL);
        }

        private boolean local() {
            try {
                return Stream.of(InetAddress.getAllByName(host)).allMatch(InetAddress::isLoopbackAddress);
            } catch (UnknownHostException e) {
                throw new IllegalArgumentException("host: wanted a name or address of this machine, got " + host, e);
            }
        }
    }

    private WatchlistServer(Watchlist watchlist, Place place, Optional<String> hint, List<Tryout> tryouts) {
        this.tryouts = tryouts;
        this.watchlist = watchlist;
        this.host = place.host();
        this.hint = hint;
        this.login = place.login();
        this.local = place.local();
        if (!local && login.isEmpty()) {
            throw new IllegalArgumentException("host: " + host + " is reached from other machines, and there is no"
                    + " login: anybody there could enrol, see and remove people. Give -Dlogin=FILE with a line"
                    + " name:password, or listen at 127.0.0.1");
        }
        this.uploads = new Uploads(place.pace());
        this.connections = new Connections(place.pace().grace());
        this.javalin = Javalin.create(config -> configure(config, place)).start();
    }

    /**
     * Starts to serve.
     *
     * @param watchlist what is served
     * @param place     where and for whom
     * @param hint      what the page says to whoever has no pictures at hand
     * @return the server, to be closed
     * @throws IllegalArgumentException when it would be reached from other machines without a login
     */
    static WatchlistServer start(Watchlist watchlist, Place place, Optional<String> hint) {
        return new WatchlistServer(watchlist, place, hint, List.of());
    }

    /** The same, with pictures that the page offers for a click. */
    static WatchlistServer start(Watchlist watchlist, Place place, Optional<String> hint, List<Tryout> tryouts) {
        return new WatchlistServer(watchlist, place, hint, tryouts);
    }

    /** Where the page is. */
    String address() {
        return "http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + javalin.port() + "/";
    }

    @Override
    public void close() {
        javalin.stop();
        connections.close();
    }

    @SuppressWarnings("removal") // Jetty 12 has nothing else yet that ends a client which reads too slowly.
    private Connector connector(Server server, HttpConfiguration http, Place place) {
        // One request a connection: one that has none yet is told from one that works.
        http.setPersistentConnectionsEnabled(false);
        http.setSendServerVersion(false);
        http.setMinResponseDataRate(SLOWEST_READER);
        ServerConnector connector = new ServerConnector(server, new HttpConnectionFactory(http));
        connector.setHost(host);
        connector.setPort(place.port());
        connector.setIdleTimeout(place.pace().grace().toMillis());
        connector.addBean(connections);
        server.addBean(new NetworkConnectionLimit(Connections.MOST, connector));
        return connector;
    }

    private void configure(JavalinConfig config, Place place) {
        config.startup.showJavalinBanner = false;
        config.startup.showOldJavalinVersionWarning = false;
        config.jetty.threadPool = new QueuedThreadPool(THREADS);
        config.jetty.addConnector((server, http) -> connector(server, http, place));
        config.jsonMapper(new JavalinGson());
        config.routes.before(this::guard);
        config.routes.get("/", context -> page(context, "index.html", "text/html; charset=utf-8"));
        config.routes.get("/watchlist.css", context -> page(context, "watchlist.css", "text/css; charset=utf-8"));
        config.routes.get("/watchlist.js", context -> page(context, "watchlist.js", "text/javascript; charset=utf-8"));
        config.routes.get("/people", context -> context.json(people()));
        config.routes.post(
                "/people",
                context -> context.status(201)
                        .json(person(withBody(
                                context,
                                body -> watchlist.enrol(
                                        context.queryParam("name"), context.queryParam("file"), body)))));
        config.routes.delete("/people", context -> {
            watchlist.remove(context.queryParam("name"));
            context.status(204);
        });
        config.routes.post(
                "/probes",
                context -> context.json(
                        found(withBody(context, body -> watchlist.identify(context.queryParam("file"), body)))));
        config.routes.post("/people/undo", context -> context.json(person(watchlist.undo())));
        config.routes.get("/pictures/{number}", this::picture);
        config.routes.get("/samples/{number}", context -> {
            int number = context.pathParam("number").matches("\\d{1,4}")
                    ? Integer.parseInt(context.pathParam("number"))
                    : -1;
            if (number < 0 || number >= tryouts.size()) {
                throw new Refused(404, "There is no such sample.");
            }
            context.contentType("image/png").result(tryouts.get(number).png());
        });
        config.routes.exception(
                Refused.class, (refused, context) -> say(context, refused.status(), refused.getMessage()));
        config.routes.exception(
                HttpResponseException.class, (e, context) -> say(context, e.getStatus(), e.getMessage()));
        config.routes.exception(Exception.class, (e, context) -> {
            LOG.error("{} {} failed", context.method(), context.path(), e);
            say(context, 500, "Something went wrong here; the server's console says what.");
        });
    }

    private static void say(Context context, int status, String message) {
        context.status(status).json(Map.of("message", message));
    }

    /**
     * Other web pages, open in the same browser, must neither enrol nor read here: by a name that they made point at this machine, or by
     * sending a form to it. And the page itself runs nothing but its own script.
     */
    private void guard(Context context) {
        context.header(
                "Content-Security-Policy",
                "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self';"
                        + " form-action 'none'; frame-ancestors 'none'; base-uri 'none'");
        context.header("X-Content-Type-Options", "nosniff");
        context.header("Referrer-Policy", "no-referrer");
        context.header("Cache-Control", "no-store");
        context.header("Cross-Origin-Resource-Policy", "same-origin");
        context.header("Cross-Origin-Opener-Policy", "same-origin");
        String asked = Optional.ofNullable(context.header("Host")).orElse("");
        Matcher name = HOST.matcher(asked);
        boolean known = name.matches()
                && (LOOPBACK.contains(name.group(1).toLowerCase(Locale.ROOT))
                        || name.group(1).equals(host));
        if (local && !known) {
            throw new Refused(
                    403, "This page is served to this machine only, as http://127.0.0.1:" + context.port() + "/");
        }
        String origin = context.header("Origin");
        String site = context.header("Sec-Fetch-Site");
        boolean foreign = origin != null && !origin.equals("http://" + asked) && !origin.equals("https://" + asked)
                || site != null && !Set.of("same-origin", "none").contains(site);
        boolean link =
                context.method().toString().equals("GET") && context.path().equals("/");
        if (foreign && !link) {
            throw new Refused(403, "Only the page itself may ask for that.");
        }
        if (login.isPresent() && !login.get().lets(context.req().getRemoteAddr(), context.header("Authorization"))) {
            context.header("WWW-Authenticate", "Basic realm=\"watchlist\", charset=\"UTF-8\"");
            throw new Refused(401, "Log in first.");
        }
    }

    private static void page(Context context, String name, String type) throws IOException {
        try (InputStream in = WatchlistServer.class.getResourceAsStream("/watchlist/" + name)) {
            context.contentType(type).result(in.readAllBytes());
        }
    }

    private <T> T withBody(Context context, Function<byte[], T> request) {
        return uploads.during(context.req().getRemoteAddr(), () -> request.apply(body(context)));
    }

    private byte[] body(Context context) {
        int most = (int) watchlist.limits().maxFileBytes();
        try {
            return uploads.read(
                    context.req().getInputStream(), context.req().getContentLengthLong(), most, PATIENCE * (long) most);
        } catch (IOException e) {
            LOG.info("{} {}: the body did not come whole ({})", context.method(), context.path(), e.toString());
            throw new Refused(408, "The file did not come whole.");
        }
    }

    static String megabytes(long bytes) {
        return bytes < 1 << 20 ? bytes + " bytes" : (bytes >> 20) + " MB";
    }

    private void picture(Context context) {
        Picture picture = Optional.of(context.pathParam("number"))
                .filter(text -> text.matches("\\d{1,18}"))
                .map(Long::parseLong)
                .flatMap(watchlist::picture)
                .orElseThrow(() -> new Refused(404, "There is no such picture."));
        context.contentType("image/png").result(picture.png());
    }

    private Map<String, Object> people() {
        Recognisers recognisers = watchlist.recognisers();
        Map<String, Object> all = new LinkedHashMap<>();
        all.put(
                "people",
                watchlist.people().stream().map(WatchlistServer::person).toList());
        all.put("threshold", recognisers.similarity());
        all.put("reason", recognisers.reason());
        all.put("sharp", size(recognisers.teacher().input().shape()));
        all.put("small", size(recognisers.student().input().shape()));
        all.put("mostBytes", watchlist.limits().maxFileBytes());
        all.put("mostPixels", watchlist.limits().maxPixels());
        all.put("frames", watchlist.takesFrames());
        hint.ifPresent(text -> all.put("hint", text));
        all.put(
                "samples",
                IntStream.range(0, tryouts.size())
                        .mapToObj(i -> Map.of(
                                "picture", "/samples/" + i,
                                "person", tryouts.get(i).person(),
                                "sharp", tryouts.get(i).sharp()))
                        .toList());
        return all;
    }

    private static String size(ImageShape shape) {
        return shape.width() + "×" + shape.height();
    }

    private static Map<String, Object> person(Watchlist.Person person) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("name", person.name());
        all.put("templates", person.templates());
        person.picture().ifPresent(number -> all.put("picture", "/pictures/" + number));
        return all;
    }

    private Map<String, Object> found(Watchlist.Found found) {
        List<Map<String, Object>> matches = found.matches().stream()
                .map(match -> {
                    Map<String, Object> all = person(match.person());
                    all.put("similarity", match.similarity());
                    all.put("believed", match.believed());
                    return all;
                })
                .toList();
        Map<String, Object> all = new LinkedHashMap<>(Map.of(
                "nobody",
                found.nobody(),
                "threshold",
                watchlist.recognisers().similarity(),
                "matches",
                matches,
                "sent",
                found.width() + "×" + found.height(),
                "seen",
                found.seen().width() + "×" + found.seen().height(),
                "picture",
                "data:image/png;base64,"
                        + Base64.getEncoder().encodeToString(found.seen().png())));
        all.put("others", found.others().stream().map(this::found).toList());
        return all;
    }
}
