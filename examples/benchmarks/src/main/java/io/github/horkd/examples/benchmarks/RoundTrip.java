package io.github.horkd.examples.benchmarks;

import java.util.Locale;
import java.util.concurrent.locks.LockSupport;

/**
 * How far apart two processors are: the time a cache line takes from one to the other and back, one figure for each 100 ms, first while both
 * are busy, then with a sleep of both before each figure. On a virtual machine it may change.
 */
public final class RoundTrip {

    private static final int TRIPS = 200;
    private static final int FIGURES = 60;

    private static volatile int ball;
    private static volatile boolean pause;

    private RoundTrip() {}

    /**
     * Prints two lines of figures, in ns.
     *
     * @param args none
     */
    public static void main(String[] args) {
        Thread other = new Thread(RoundTrip::giveBack);
        other.setDaemon(true);
        other.start();
        figures(false); // warms up
        System.out.println("both busy:      " + figures(false));
        System.out.println("both had slept: " + figures(true));
    }

    private static String figures(boolean sleep) {
        StringBuilder line = new StringBuilder();
        for (int figure = 0; figure < FIGURES; figure++) {
            pause = sleep;
            if (sleep) {
                LockSupport.parkNanos(20_000_000);
                pause = false;
            }
            long end = System.nanoTime() + 100_000_000;
            double least = Double.POSITIVE_INFINITY;
            while (System.nanoTime() < end) {
                long start = System.nanoTime();
                for (int trip = 0; trip < TRIPS; trip++) {
                    int sent = ball + 1;
                    ball = sent;
                    while (ball == sent) {
                        Thread.onSpinWait();
                    }
                }
                least = Math.min(least, (System.nanoTime() - start) / (double) TRIPS);
            }
            line.append(String.format(Locale.ROOT, " %.0f", least));
        }
        return line.toString();
    }

    private static void giveBack() {
        while (true) {
            if (pause) {
                LockSupport.parkNanos(1_000_000);
            } else if ((ball & 1) == 1) {
                ball = ball + 1;
            }
        }
    }
}
