package io.github.horkd.examples.watchlist;

/** What the page is told when something cannot be done: a sentence for the person who asked, and the status of the answer. */
final class Refused extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final int status;

    Refused(int status, String message) {
        super(message, null, false, false);
        this.status = status;
    }

    int status() {
        return status;
    }
}
