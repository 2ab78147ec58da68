package io.github.horkd.loss;

import java.io.Serializable;
import java.util.function.DoublePredicate;

/**
 * How sharply a softmax over cosines looks at near neighbours: stated, or set from the guide's own distribution.
 *
 * <p>By perplexity, τ is the temperature at which the distributions of the guide's rows over the bank, each row's own rows left out, have the mean entropy
 * log(perplexity): each row then looks at about so many neighbours, whatever the guide and its space. It is found by bisection, from up to 256 rows spread evenly
 * over the bank, once for each bank. A perplexity above half the number of other rows is taken to be that.
 *
 * @param fixed      τ, &gt; 0; 0 when it is set by perplexity
 * @param perplexity how many neighbours a row looks at, &gt; 1; 0 when τ is stated
 */
public record Temperature(double fixed, double perplexity) implements Serializable {

    private static final double COLDEST = 1e-3;
    private static final double HOTTEST = 1e3;

    /** Halves the logarithm's range so often that it is known to four digits. */
    private static final int HALVINGS = 18;

    /** Rejects both or neither, and values that are no temperature and no perplexity. */
    public Temperature {
        if (fixed != 0 || perplexity == 0) {
            Checks.inRange("temperature", fixed, COLDEST, HOTTEST);
        }
        if (fixed == 0) {
            Checks.inRange("perplexity", perplexity, Math.nextUp(1.0), 1e9);
        } else if (perplexity != 0) {
            throw new IllegalArgumentException(
                    "temperature: wanted it stated or by perplexity, got both: " + fixed + " and " + perplexity);
        }
    }

    /**
     * A stated temperature.
     *
     * @param temperature τ, 0.001 to 1000; 0.05 to 0.1 for cosines of embeddings
     * @return the temperature
     */
    public static Temperature of(double temperature) {
        return new Temperature(temperature, 0);
    }

    /**
     * A temperature by the number of neighbours.
     *
     * @param perplexity how many neighbours a row looks at, &gt; 1
     * @return the temperature
     */
    public static Temperature ofPerplexity(double perplexity) {
        return new Temperature(0, perplexity);
    }

    double over(BankRows rows) {
        return fixed > 0 ? fixed : rows.temperature(perplexity);
    }

    /** The temperature above all that are too cold. */
    static double where(DoublePredicate tooCold) {
        double low = Math.log(COLDEST);
        double high = Math.log(HOTTEST);
        for (int step = 0; step < HALVINGS; step++) {
            double middle = (low + high) / 2;
            if (tooCold.test(Math.exp(middle))) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return Math.exp((low + high) / 2);
    }
}
