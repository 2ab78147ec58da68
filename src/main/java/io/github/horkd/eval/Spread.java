package io.github.horkd.eval;

import java.util.Arrays;

/**
 * A mean with its sample standard deviation, over seeds or folds.
 * <pre>  mean = (1 / n) Σ x_i       deviation = √( Σ (x_i − mean)² / (n − 1) )</pre>
 *
 * @param mean      the mean, NaN for no value or when one is NaN
 * @param deviation the sample standard deviation, NaN for fewer than two values
 * @param count     n
 */
public record Spread(double mean, double deviation, int count) {

    /**
     * Summarises values as they are.
     *
     * @param values any number of them
     * @return their spread
     */
    public static Spread of(double... values) {
        double mean = Arrays.stream(values).average().orElse(Double.NaN);
        double squares = Arrays.stream(values)
                .map(value -> (value - mean) * (value - mean))
                .sum();
        double deviation = values.length < 2 ? Double.NaN : Math.sqrt(squares / (values.length - 1));
        return new Spread(mean, deviation, values.length);
    }

    /**
     * Summarises shares 0…1 in percent.
     *
     * @param shares any number of them
     * @return the spread of 100 times the values
     */
    public static Spread percent(double... shares) {
        return of(Arrays.stream(shares).map(share -> 100 * share).toArray());
    }

    /**
     * For people: {@code 83.5 ± 0.2}, {@code 83.5} for a single value, {@code n/a} for none.
     *
     * @param decimals digits after the point
     * @return the text
     */
    public String print(int decimals) {
        String centre = PercentText.number(mean, decimals);
        return Double.isNaN(deviation) ? centre : centre + " ± " + PercentText.number(deviation, decimals);
    }

    @Override
    public String toString() {
        return print(1);
    }
}
