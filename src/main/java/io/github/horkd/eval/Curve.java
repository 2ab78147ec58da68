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

    /** In products of weights instead of shares: with whole weights all of it is exact, and level corners are level. */
    double equalErrorRate() {
        double these = matched.total();
        double those = mismatched.total();
        if (these == 0 || those == 0) {
            return Double.NaN;
        }
        double[] best = {these * those, these * those};
        walk((threshold, below, accepted, wronglyAccepted) -> {
            double wrong = wronglyAccepted * these;
            double missed = (these - accepted) * those;
            double gap = Math.abs(wrong - missed);
            if (gap < best[0] || gap == best[0] && wrong + missed < best[1]) {
                best[0] = gap;
                best[1] = wrong + missed;
            }
        });
        return best[1] / these / those / 2;
    }

    /** Where the line FAR = 1 − TAR meets the upper convex hull of the corners and (0, 0), (1, 1). */
    double hullEqualErrorRate() {
        double these = matched.total();
        double those = mismatched.total();
        if (these == 0 || those == 0) {
            return Double.NaN;
        }
        List<double[]> hull = new ArrayList<>(List.of(new double[] {0, 0}));
        walk((threshold, below, accepted, wronglyAccepted) -> {
            double[] next = {wronglyAccepted, accepted};
            while (hull.size() > 1 && !turnsRight(hull.get(hull.size() - 2), hull.get(hull.size() - 1), next)) {
                hull.remove(hull.size() - 1);
            }
            hull.add(next);
        });
        for (int i = 1; i < hull.size(); i++) {
            // FAR + TAR grows along the hull and is 1 where the rates of error are equal.
            double before = hull.get(i - 1)[0] / those + hull.get(i - 1)[1] / these;
            double after = hull.get(i)[0] / those + hull.get(i)[1] / these;
            if (after >= 1) {
                double part = (1 - before) / (after - before);
                return (hull.get(i - 1)[0] + part * (hull.get(i)[0] - hull.get(i - 1)[0])) / those;
            }
        }
        throw new IllegalStateException("the curve ends at (1, 1)");
    }

    private static boolean turnsRight(double[] a, double[] b, double[] c) {
        return (b[0] - a[0]) * (c[1] - b[1]) - (b[1] - a[1]) * (c[0] - b[0]) < 0;
    }

    /** The least of {@code miss · (1 − TAR) + wrong · FAR} over all thresholds. */
    double leastCost(double miss, double wrong) {
        double[] least = {Math.min(miss, wrong)};
        walk((threshold, below, accepted, wronglyAccepted) -> least[0] = Math.min(
                least[0],
                miss * (matched.total() - accepted) / matched.total() + wrong * wronglyAccepted / mismatched.total()));
        return matched.total() == 0 || mismatched.total() == 0 ? Double.NaN : least[0];
    }

    double accuracy(double accepted, double wronglyAccepted, Accuracy accuracy) {
        double right = right(accepted, wronglyAccepted, accuracy);
        return accuracy == Accuracy.PLAIN
                ? right / (matched.total() + mismatched.total())
                : right / matched.total() / mismatched.total() / 2;
    }

    /** The accuracy times what does not depend on the threshold: exact with whole weights. */
    private double right(double accepted, double wronglyAccepted, Accuracy accuracy) {
        double rejected = mismatched.total() - wronglyAccepted;
        return accuracy == Accuracy.PLAIN
                ? accepted + rejected
                : accepted * mismatched.total() + rejected * matched.total();
    }

    double bestThreshold(Accuracy accuracy) {
        if (Double.isNaN(accuracy(0, 0, accuracy))) {
            return Double.NaN;
        }
        double[] best = {right(0, 0, accuracy), 0, aboveAll()};
        walk((threshold, below, accepted, wronglyAccepted) -> {
            double value = right(accepted, wronglyAccepted, accuracy);
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
