package io.github.horkd.examples.watchlist;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * How many bodies may be on their way, and how slowly: so many in all and of one client, each with a time that grows with what has come of it. Whoever sends
 * a byte now and then loses the connection, and keeps nobody else from being answered.
 */
final class Uploads {

    /** Fewer than the server has threads: the others answer whoever sends nothing. */
    static final int MOST = 20;

    static final int MOST_OF_A_CLIENT = 8;

    /**
     * How long a body may take.
     *
     * @param grace    for one that brings nothing, and between two of its bytes
     * @param bytes    that win a second more
     * @param longest  for any
     */
    record Pace(Duration grace, int bytes, Duration longest) {

        static final Pace USUAL = new Pace(Duration.ofSeconds(10), 16 << 10, Duration.ofSeconds(90));

        private long nanos(long come) {
            return Math.min(longest.toNanos(), grace.toNanos() + (long) (1e9 * come / bytes));
        }
    }

    private final Pace pace;
    private final Map<String, Integer> ofClients = new HashMap<>();
    private int all;

    Uploads(Pace pace) {
        this.pace = pace;
    }

    /** Does something with a request's body while there are few enough of them. */
    <T> T during(String client, Supplier<T> request) {
        synchronized (ofClients) {
            int own = ofClients.getOrDefault(client, 0);
            if (own >= MOST_OF_A_CLIENT) {
                throw new Refused(429, "Too many pictures of yours are on their way; wait for their answers.");
            }
            if (all >= MOST) {
                throw new Refused(503, "Too many pictures are on their way; try again in a moment.");
            }
            all++;
            ofClients.put(client, own + 1);
        }
        try {
            return request.get();
        } finally {
            synchronized (ofClients) {
                all--;
                ofClients.computeIfPresent(client, (key, count) -> count == 1 ? null : count - 1);
            }
        }
    }

    /**
     * Reads a body.
     *
     * @param stated its length as its head says, −1 if it does not
     * @param most   never more of it in memory
     * @param waste  a refused one is read to its end up to so many bytes: a browser that is cut off shows no message
     */
    byte[] read(InputStream in, long stated, int most, long waste) throws IOException {
        long began = System.nanoTime();
        byte[] read = new byte[stated < 0 || stated > most ? 1 << 16 : (int) stated + 1];
        int kept = 0;
        long come = 0;
        while (true) {
            boolean keeps = stated <= most && kept <= most;
            if (keeps && kept == read.length) {
                read = Arrays.copyOf(read, (int) Math.min(2L * read.length, most + 1L));
            }
            if (!keeps && come > waste + most) {
                break;
            }
            int got = keeps ? in.read(read, kept, read.length - kept) : in.read(read);
            if (got < 0) {
                break;
            }
            kept += keeps ? got : 0;
            come += got;
            if (System.nanoTime() - began > pace.nanos(come)) {
                throw new Refused(408, "The file came too slowly.");
            }
        }
        if (stated > most || kept > most) {
            throw new Refused(413, "The file is too large: at most " + WatchlistServer.megabytes(most) + " are taken.");
        }
        if (kept == 0) {
            throw new Refused(400, "The file is empty.");
        }
        return Arrays.copyOf(read, kept);
    }
}
