package io.github.horkd.distill;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/** What the library logs while this is open: the binding of the tests writes to the standard error stream. */
public final class Log implements AutoCloseable {

    private final PrintStream before = System.err;
    private final StringBuilder text = new StringBuilder();

    public Log() {
        System.setErr(new PrintStream(
                new OutputStream() {
                    @Override
                    public void write(int b) {
                        write(new byte[] {(byte) b}, 0, 1);
                    }

                    @Override
                    public void write(byte[] bytes, int at, int count) {
                        synchronized (text) {
                            text.append(new String(bytes, at, count, StandardCharsets.UTF_8));
                            text.notifyAll();
                        }
                    }
                },
                true,
                StandardCharsets.UTF_8));
    }

    public String text() {
        synchronized (text) {
            return text.toString();
        }
    }

    /** Waits until something is said; a minute at most. */
    public boolean says(String part) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
        synchronized (text) {
            while (text.indexOf(part) < 0 && System.nanoTime() < end) {
                text.wait(1000);
            }
            return text.indexOf(part) >= 0;
        }
    }

    @Override
    public void close() {
        System.setErr(before);
    }
}
