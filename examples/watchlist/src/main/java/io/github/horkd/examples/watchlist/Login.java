package io.github.horkd.examples.watchlist;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One name and password for all who may use the page, asked for by HTTP Basic. Whoever guesses is made to wait: ten wrong ones a minute and client are
 * looked at. The password travels as it is, so that over a network the page needs TLS before it.
 */
final class Login {

    private static final int SHORTEST = 12;
    private static final int TRIES = 10;
    private static final long MINUTE = 60_000_000_000L;
    private static final int MOST_CLIENTS = 10_000;

    private record Guesses(long since, int count) {}

    private final byte[] digest;
    private final Map<String, Guesses> wrong = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Guesses> eldest) {
            return size() > MOST_CLIENTS;
        }
    };

    private Login(String nameAndPassword) {
        this.digest = digest(nameAndPassword.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Reads who may log in.
     *
     * @param nameAndPassword {@code name:password}, the password of 12 characters or more
     */
    static Login of(String nameAndPassword) {
        int colon = nameAndPassword.indexOf(':');
        if (colon < 1 || nameAndPassword.length() - colon - 1 < SHORTEST) {
            throw new IllegalArgumentException(
                    "login: wanted name:password with a password of at least " + SHORTEST + " characters, got another");
        }
        return new Login(nameAndPassword);
    }

    /** Reads the first line of a file: a command line is seen by everybody on the machine. */
    static Login in(Path file) {
        try {
            return of(Files.readAllLines(file).stream().findFirst().orElse("").strip());
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": wanted a file with a line name:password, it cannot be read", e);
        }
    }

    /** Whether a request's Authorization header lets it in. */
    boolean lets(String client, String authorization) {
        long now = System.nanoTime();
        synchronized (wrong) {
            Guesses guesses = wrong.get(client);
            if (guesses != null && now - guesses.since() > MINUTE) {
                wrong.remove(client);
            } else if (guesses != null && guesses.count() >= TRIES) {
                throw new Refused(429, "Too many wrong passwords; try again in a minute.");
            }
        }
        boolean right = authorization != null
                && authorization.regionMatches(true, 0, "Basic ", 0, 6)
                && MessageDigest.isEqual(
                        digest, digest(decoded(authorization.substring(6).strip())));
        if (!right && authorization != null) {
            synchronized (wrong) {
                wrong.merge(
                        client, new Guesses(now, 1), (old, one) -> new Guesses(old.since(), old.count() + one.count()));
            }
        }
        return right;
    }

    private static byte[] decoded(String text) {
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            return new byte[0];
        }
    }

    private static byte[] digest(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
