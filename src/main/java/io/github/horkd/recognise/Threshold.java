package io.github.horkd.recognise;

import io.github.horkd.eval.Verification;
import java.util.Arrays;
import java.util.Locale;

/**
 * The similarity from which an answer is believed, and how it was found: the smallest one at which no larger share of
 * the impostor scores than wished is accepted (score ≥ similarity).
 *
 * <p>What one score stands for decides what the rate means. Calibrated on pairs it is a rate <em>per comparison</em>; a
 * stranger who is compared with a gallery of N identities is taken for somebody up to N times as often. {@link
 * Gallery#calibrate} scores strangers against the gallery itself, so that the rate is <em>per probe</em>, but it then
 * holds for that gallery only.
 *
 * @param similarity      what an answer needs at least
 * @param per             what the rates are counted over
 * @param falseAcceptRate the share of impostors that was allowed, 0…1
 * @param falseAccepted   the share of the calibration's impostors that it accepts, at most that
 * @param trueAccepted    the share of the calibration's genuine scores that it accepts; NaN when there were none
 * @param genuine         how many genuine scores there were
 * @param impostors       how many impostor scores there were
 */
public record Threshold(
        double similarity,
        Per per,
        double falseAcceptRate,
        double falseAccepted,
        double trueAccepted,
        int genuine,
        int impostors) {

    /** What a rate is counted over. */
    public enum Per {
        /** Two images compared once. */
        COMPARISON,
        /** One image compared with a whole gallery. */
        PROBE
    }

    /**
     * Calibrates on held-out pairs of images: people who are neither in training nor in the gallery's own evaluation.
     *
     * @param genuine         similarities of pairs that show one identity; may be empty, they only tell what is lost
     * @param impostors       similarities of pairs that show two; at least 1 / falseAcceptRate of them
     * @param falseAcceptRate the share of impostors to be accepted at most, above 0, below 1
     * @return a threshold whose rates are per comparison
     * @throws IllegalArgumentException when there are too few impostors for that rate, or a score is not finite
     */
    public static Threshold calibrate(float[] genuine, float[] impostors, double falseAcceptRate) {
        return calibrate(genuine, impostors, falseAcceptRate, Per.COMPARISON);
    }

    static Threshold calibrate(float[] genuine, float[] impostors, double falseAcceptRate, Per per) {
        if (!(falseAcceptRate > 0 && falseAcceptRate < 1)) {
            throw new IllegalArgumentException("false-accept rate: wanted above 0 and below 1, got " + falseAcceptRate);
        }
        double wanted = Math.ceil(1 / falseAcceptRate * (1 - 1e-12));
        if (impostors.length < wanted) {
            throw new IllegalArgumentException(String.format(
                    Locale.ROOT,
                    "impostor scores: wanted at least %.0f to "
                            + "measure a false-accept rate of %s, got %d; score more of them or allow a larger rate",
                    wanted,
                    falseAcceptRate,
                    impostors.length));
        }
        float[] scores = Arrays.copyOf(genuine, genuine.length + impostors.length);
        System.arraycopy(impostors, 0, scores, genuine.length, impostors.length);
        boolean[] same = new boolean[scores.length];
        Arrays.fill(same, 0, genuine.length, true);
        Verification measured = Verification.of(scores, same);
        double similarity = measured.thresholdAt(falseAcceptRate);
        return new Threshold(
                similarity,
                per,
                falseAcceptRate,
                measured.falseAcceptRate(similarity),
                measured.trueAcceptRate(similarity),
                genuine.length,
                impostors.length);
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "similarity ≥ %.4f: accepts %.3f %% of %d impostors per %s (%.3f %% allowed) and "
                        + "%.1f %% of %d genuine",
                similarity,
                100 * falseAccepted,
                impostors,
                per.name().toLowerCase(Locale.ROOT),
                100 * falseAcceptRate,
                100 * trueAccepted,
                genuine);
    }
}
