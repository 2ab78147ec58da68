package io.github.horkd.examples.watchlist;

import io.github.horkd.data.ImageShape;
import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import io.javalin.json.JavalinGson;
import java.io.IOException;
import java.io.InputStream;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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
 *  GET    /pictures/{number}     an enrolled picture</pre>
 * What is refused is answered with a status of 4xx and {@code {"message": "…"}}.
 */
final class WatchlistServer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(WatchlistServer.class);
    /** Each holds one request, and no more than the limit of bytes. */
    private static final int THREADS = 16;
    /** A refused body is read to its end up to this many times the limit: a browser that is cut off shows no message. */
    private static final int PATIENCE = 8;

    private static final Pattern HOST = Pattern.compile("(\\[[^\\]]*\\]|[^:]*)(:\\d+)?");
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

    private final Watchlist watchlist;
    private final String host;
    private final Optional<String> hint;
    private final Javalin javalin;

    private WatchlistServer(Watchlist watchlist, String host, int port, Optional<String> hint) {
        this.watchlist = watchlist;
        this.host = host;
        this.hint = hint;
        this.javalin = Javalin.create(this::configure).start(host, port);
    }

    /**
     * Starts to serve.
     *
     * @param watchlist what is served
     * @param host      the address to listen at: 127.0.0.1 for this machine only
     * @param port      0 for any that is free
     * @param hint      what the page says to whoever has no pictures at hand
     * @return the server, to be closed
     */
    static WatchlistServer start(Watchlist watchlist, String host, int port, Optional<String> hint) {
        return new WatchlistServer(watchlist, host, port, hint);
    }

    /** Where the page is. */
    String address() {
        return "http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + javalin.port() + "/";
    }

    @Override
    public void close() {
        javalin.stop();
    }

    private void configure(JavalinConfig config) {
        config.startup.showJavalinBanner = false;
        config.startup.showOldJavalinVersionWarning = false;
        config.jetty.threadPool = new QueuedThreadPool(THREADS);
        config.jsonMapper(new JavalinGson());
        config.routes.before(this::guard);
        config.routes.get("/", context -> page(context, "index.html", "text/html; charset=utf-8"));
        config.routes.get("/watchlist.css", context -> page(context, "watchlist.css", "text/css; charset=utf-8"));
        config.routes.get("/watchlist.js", context -> page(context, "watchlist.js", "text/javascript; charset=utf-8"));
        config.routes.get("/people", context -> context.json(people()));
        config.routes.post(
                "/people",
                context -> context.status(201)
                        .json(person(watchlist.enrol(
                                context.queryParam("name"), context.queryParam("file"), body(context)))));
        config.routes.delete("/people", context -> {
            watchlist.remove(String.valueOf(context.queryParam("name")));
            context.status(204);
        });
        config.routes.post(
                "/probes",
                context -> context.json(found(watchlist.identify(context.queryParam("file"), body(context)))));
        config.routes.get("/pictures/{number}", this::picture);
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
        String asked = Optional.ofNullable(context.header("Host")).orElse("");
        Matcher name = HOST.matcher(asked);
        boolean local = LOOPBACK.contains(host) || host.equals("::1");
        if (local && !(name.matches() && LOOPBACK.contains(name.group(1).toLowerCase(Locale.ROOT)))) {
            throw new Refused(
                    403, "This page is served to this machine only, as http://127.0.0.1:" + context.port() + "/");
        }
        String origin = context.header("Origin");
        String site = context.header("Sec-Fetch-Site");
        boolean foreign = origin != null && !origin.equals("http://" + asked)
                || site != null && !Set.of("same-origin", "none").contains(site);
        if (foreign && !context.method().toString().equals("GET")) {
            throw new Refused(403, "Only the page itself may ask for that.");
        }
    }

    private static void page(Context context, String name, String type) throws IOException {
        try (InputStream in = WatchlistServer.class.getResourceAsStream("/watchlist/" + name)) {
            context.contentType(type).result(in.readAllBytes());
        }
    }

    /** The body, never more of it in memory than the limit. */
    private byte[] body(Context context) throws IOException {
        long most = watchlist.limits().maxFileBytes();
        InputStream in = context.req().getInputStream();
        long stated = context.req().getContentLengthLong();
        byte[] read = stated > most ? new byte[0] : in.readNBytes((int) most + 1);
        if (stated > most || read.length > most) {
            byte[] waste = new byte[1 << 16];
            long left = PATIENCE * most;
            for (int got = in.read(waste); got >= 0 && left > 0; got = in.read(waste)) {
                left -= got;
            }
            throw new Refused(413, "The file is too large: at most " + megabytes(most) + " are taken.");
        }
        if (read.length == 0) {
            throw new Refused(400, "The file is empty.");
        }
        return read;
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
        hint.ifPresent(text -> all.put("hint", text));
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
        return Map.of(
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
                        + Base64.getEncoder().encodeToString(found.seen().png()));
    }
}
