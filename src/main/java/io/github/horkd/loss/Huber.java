package io.github.horkd.loss;

/** Huber's loss: r²/2 up to δ, then δ(|r| − δ/2). */
final class Huber {

    private Huber() {}

    static double value(double r, double delta) {
        double slope = slope(r, delta);
        return slope * (r - slope / 2);
    }

    static double slope(double r, double delta) {
        return Math.max(-delta, Math.min(delta, r));
    }
}
