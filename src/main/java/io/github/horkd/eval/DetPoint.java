package io.github.horkd.eval;

/**
 * A corner of a detection error trade-off curve (Martin et al., "The DET curve in assessment of detection task performance", 1997).
 *
 * @param threshold   scores from this on are accepted
 * @param falseAccept share of mismatched pairs accepted, 0…1
 * @param falseReject share of matched pairs rejected, 0…1
 */
public record DetPoint(double threshold, double falseAccept, double falseReject) {

    static DetPoint of(RocPoint point) {
        return new DetPoint(point.threshold(), point.falseAccept(), 1 - point.trueAccept());
    }

    /**
     * The place of the rate of false accepts on the axis of a DET chart.
     *
     * @return the quantile of the standard normal distribution, infinite for 0 and 1
     */
    public double falseAcceptDeviate() {
        return deviate(falseAccept);
    }

    /**
     * The place of the rate of false rejects on the axis of a DET chart.
     *
     * @return the quantile of the standard normal distribution, infinite for 0 and 1
     */
    public double falseRejectDeviate() {
        return deviate(falseReject);
    }

    /** By bisection of the distribution's own approximation: charts need three digits. */
    private static double deviate(double share) {
        if (!(share > 0 && share < 1)) {
            return share == 0 ? Double.NEGATIVE_INFINITY : share == 1 ? Double.POSITIVE_INFINITY : Double.NaN;
        }
        double low = -40;
        double high = 40;
        for (int i = 0; i < 60; i++) {
            double middle = (low + high) / 2;
            if (normal(middle) < share) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return (low + high) / 2;
    }

    /** The normal distribution function after Abramowitz and Stegun, 26.2.17, error below 7.5e-8. */
    private static double normal(double x) {
        double t = 1 / (1 + 0.2316419 * Math.abs(x));
        double poly = t * (0.319381530 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
        double tail = Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI) * poly;
        return x < 0 ? tail : 1 - tail;
    }
}
