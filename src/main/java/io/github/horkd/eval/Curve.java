package io.github.horkd.eval;

import java.util.ArrayList;
import java.util.List;

/** The curve of true over false accepts, walked from corner to corner, and what is read off it. {@link Verification} says what each figure means. */
record Curve(Ranked matched, Ranked mismatched) {

    private interface Corner {
        /** A distinct score, the next lower one (NaN at the end), and the weights accepted from it on. */
        void at(float threshold, float below, double accepted, double wronglyAccepted);
    }

    /** Goes through the distinct scores of both kinds by falling score. */
    private void walk(Corner corner) {
        float[] these = matched.values();
        float[] those = mismatched.values();
        int i = these.length - 1;
        int j = those.length - 1;
        while (i >= 0 || j >= 0) {
            float threshold = highest(these, i, those, j);
            i -= i >= 0 && these[i] == threshold ? 1 : 0;
            j -= j >= 0 && those[j] == threshold ? 1 : 0;
            float below = i < 0 && j < 0 ? Float.NaN : highest(these, i, those, j);
            corner.at(threshold, below, matched.above()[i + 1], mismatched.above()[j + 1]);
        }
    }

    private static float highest(float[] these, int i, float[] those, int j) {
        if (i < 0) {
            return those[j];
        }
        return j < 0 ? these[i] : Math.max(these[i], those[j]);
    }

    double area() {
        double[] sum = new double[3];
        walk((threshold, below, accepted, wronglyAccepted) -> {
            sum[0] += (accepted - sum[1]) * (mismatched.total() - (wronglyAccepted + sum[2]) / 2);
            sum[1] = accepted;
            sum[2] = wronglyAccepted;
        });
        return sum[0] / (matched.total() * mismatched.total());
    }

    double equalErrorRate() {
        if (matched.total() == 0 || mismatched.total() == 0) {
            return Double.NaN;
        }
        double[] best = {1, 0.5};
        walk((threshold, below, accepted, wronglyAccepted) -> {
            double reject = 1 - accepted / matched.total();
            double accept = wronglyAccepted / mismatched.total();
            double gap = Math.abs(accept - reject);
            double mean = (accept + reject) / 2;
            if (gap < best[0] || gap == best[0] && mean < best[1]) {
                best[0] = gap;
                best[1] = mean;
            }
        });
        return best[1];
    }

    double accuracy(double accepted, double wronglyAccepted, Accuracy accuracy) {
        double rejected = mismatched.total() - wronglyAccepted;
        return accuracy == Accuracy.PLAIN
                ? (accepted + rejected) / (matched.total() + mismatched.total())
                : (accepted / matched.total() + rejected / mismatched.total()) / 2;
    }

    double bestThreshold(Accuracy accuracy) {
        double[] best = {accuracy(0, 0, accuracy), 0, aboveAll()};
        if (Double.isNaN(best[0])) {
            return Double.NaN;
        }
        walk((threshold, below, accepted, wronglyAccepted) -> {
            double value = accuracy(accepted, wronglyAccepted, accuracy);
            double gap = Float.isNaN(below) ? 0 : (double) threshold - below;
            if (value > best[0] || value == best[0] && gap > best[1]) {
                best[0] = value;
                best[1] = gap;
                best[2] = threshold - gap / 2;
            }
        });
        return best[2];
    }

    private double aboveAll() {
        float top = Float.NEGATIVE_INFINITY;
        for (Ranked kind : List.of(matched, mismatched)) {
            top = kind.values().length == 0 ? top : Math.max(top, kind.values()[kind.values().length - 1]);
        }
        return Math.nextUp(top);
    }

    List<RocPoint> corners(int atMost) {
        List<RocPoint> points = new ArrayList<>();
        points.add(new RocPoint(aboveAll(), 0 / mismatched.total(), 0 / matched.total()));
        // The way along the curve is 2 long, a unit in each direction.
        double step = 2.0 / (atMost - 1);
        walk((threshold, below, accepted, wronglyAccepted) -> {
            double accept = accepted / matched.total();
            double wrong = wronglyAccepted / mismatched.total();
            RocPoint last = points.get(points.size() - 1);
            boolean end = Float.isNaN(below);
            if (end || !(accept + wrong - last.trueAccept() - last.falseAccept() < step)) {
                if (points.size() < atMost) {
                    points.add(new RocPoint(threshold, wrong, accept));
                } else {
                    points.set(atMost - 1, new RocPoint(threshold, wrong, accept));
                }
            }
        });
        return List.copyOf(points);
    }
}
