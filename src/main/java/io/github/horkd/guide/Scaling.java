package io.github.horkd.guide;

import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * How intensities 0…1 become what a network computes with: a factor and an offset, on request after each image was standardised.
 * <pre>  y = factor · x + offset,   or   y = factor · (x − mean) / deviation + offset,  mean and deviation of the image itself</pre>
 *
 * <p>Most networks want one of the constants here. {@link #linear} and {@link #perChannel} make others; whatever there is can be computed here, written to an
 * ONNX file and put into a DL4J graph. Images flatter than a standard deviation of 1e-3 are divided by 1e-3, so that an empty picture stays finite.
 *
 * @param isStandardised whether each image is standardised first: blind to exposure
 * @param factors        one for all channels, or one for each; not 0
 * @param offsets        as many
 */
public record Scaling(boolean isStandardised, List<Double> factors, List<Double> offsets) implements Serializable {

    /** 2x − 1: from 0…1 to −1…1. */
    public static final Scaling PLUS_MINUS_ONE = linear(2, -1);
    /** x as it is, 0…1. */
    public static final Scaling ZERO_ONE = linear(1, 0);
    /** 255x: 0…255, as the pixels of a picture are stored. */
    public static final Scaling ZERO_255 = linear(255, 0);
    /** Each image less its own mean, over its own standard deviation: blind to exposure. */
    public static final Scaling STANDARDISED = new Scaling(true, List.of(1.0), List.of(0.0));

    /** A standard deviation below this counts as this. */
    public static final double FLAT = 1e-3;

    private static final Map<String, Scaling> NAMED = Map.of(
            "PLUS_MINUS_ONE", PLUS_MINUS_ONE, "ZERO_ONE", ZERO_ONE, "ZERO_255", ZERO_255, "STANDARDISED", STANDARDISED);

    public Scaling {
        factors = List.copyOf(factors);
        offsets = List.copyOf(offsets);
        if (factors.isEmpty() || factors.size() != offsets.size()) {
            throw new IllegalArgumentException("scaling: wanted as many factors as offsets, at least one, got "
                    + factors.size() + " and " + offsets.size());
        }
        if (factors.stream().anyMatch(f -> !Double.isFinite(f) || f == 0)
                || offsets.stream().anyMatch(o -> !Double.isFinite(o))) {
            throw new IllegalArgumentException(
                    "scaling: wanted finite factors other than 0 and finite offsets, got " + factors + ", " + offsets);
        }
    }

    /**
     * factor · x + offset in every channel.
     *
     * @param factor not 0
     * @param offset any
     * @return the scaling
     */
    public static Scaling linear(double factor, double offset) {
        return new Scaling(false, List.of(factor), List.of(offset));
    }

    /**
     * (x − mean) / deviation, channel by channel, as networks trained on ImageNet want it.
     *
     * @param means      of the intensities 0…1, one a channel
     * @param deviations above 0, as many
     * @return the scaling
     */
    public static Scaling perChannel(double[] means, double[] deviations) {
        if (means.length != deviations.length) {
            throw new IllegalArgumentException(
                    "scaling: wanted a deviation for each of " + means.length + " means, got " + deviations.length);
        }
        double[] offsets = new double[means.length];
        for (int c = 0; c < offsets.length; c++) {
            offsets[c] = -means[c] / deviations[c];
        }
        return new Scaling(
                false,
                DoubleStream.of(deviations).mapToObj(d -> 1 / d).toList(),
                DoubleStream.of(offsets).boxed().toList());
    }

    /**
     * The constants by their names.
     *
     * @return an immutable map
     */
    public static Map<String, Scaling> named() {
        return NAMED;
    }

    /**
     * Reads what {@link #toString()} says.
     *
     * @param text a constant's name, or a formula
     * @return the scaling
     * @throws IllegalArgumentException when it is neither
     */
    public static Scaling parse(String text) {
        Scaling constant = NAMED.get(text);
        if (constant != null) {
            return constant;
        }
        String[] parts = text.split(" ");
        try {
            if (parts.length == 4
                    && parts[1].equals("*")
                    && (parts[2].equals("x") || parts[2].equals("standardised"))) {
                return new Scaling(parts[2].equals("standardised"), numbers(parts[0]), numbers(parts[3]));
            }
        } catch (NumberFormatException e) {
            throw unknown(text);
        }
        throw unknown(text);
    }

    private static IllegalArgumentException unknown(String text) {
        return new IllegalArgumentException("scaling: wanted one of "
                + NAMED.keySet().stream().sorted().toList() + " or a formula like '2.0 * x +-1.0', got '" + text + "'");
    }

    private static List<Double> numbers(String text) {
        String bare = text.startsWith("+") ? text.substring(1) : text;
        return List.of(bare.split(",")).stream().map(Double::valueOf).toList();
    }

    /** A constant's name, or the formula: {@code 255.0 * x +0.0}, with a comma between channels. */
    @Override
    public String toString() {
        for (Map.Entry<String, Scaling> constant : NAMED.entrySet()) {
            if (constant.getValue().equals(this)) {
                return constant.getKey();
            }
        }
        return text(factors) + " * " + (isStandardised ? "standardised" : "x") + " +" + text(offsets);
    }

    private static String text(List<Double> numbers) {
        return String.join(",", numbers.stream().map(String::valueOf).toList());
    }

    /** Whether nothing but the standardising is done: the factor is 1 and the offset 0. */
    public boolean isPlain() {
        return factors.stream().allMatch(f -> f == 1) && offsets.stream().allMatch(o -> o == 0);
    }

    /**
     * Scales a batch.
     *
     * @param images intensities 0…1, [N, channels, height, width]; left as it is
     * @return an array of the same shape; {@link #ZERO_ONE} returns its argument
     */
    public INDArray apply(INDArray images) {
        INDArray scaled = isStandardised ? standardised(images) : images;
        if (isPlain()) {
            return scaled;
        }
        if (factors.size() == 1) {
            return scaled.mul(factors.get(0)).addi(offsets.get(0));
        }
        requireChannels(images.size(1));
        return scaled.mul(row(factors, images.dataType())).addi(row(offsets, images.dataType()));
    }

    private static INDArray row(List<Double> values, DataType type) {
        return Nd4j.createFromArray(
                        values.stream().mapToDouble(Double::doubleValue).toArray())
                .castTo(type)
                .reshape(1, values.size(), 1, 1);
    }

    private static INDArray standardised(INDArray images) {
        long n = images.size(0);
        long pixels = images.length() / Math.max(1, n);
        // In double: ND4J's sums over 64×64 floats are so far off that a network's answers differ by 1e-4.
        INDArray rows = images.castTo(DataType.DOUBLE).dup('c').reshape(n, pixels);
        rows.subiColumnVector(rows.mean(true, 1));
        INDArray deviation = rows.norm2(true, 1).divi(Math.sqrt(pixels));
        rows.diviColumnVector(Transforms.max(deviation, FLAT, false));
        return rows.castTo(images.dataType()).reshape(images.shape());
    }

    /**
     * Scales one image in place: what {@link #apply} does, for where a call into ND4J would cost more than the work.
     *
     * @param values holds the image: channels, lines, columns
     * @param from   where it begins
     * @param count  how many values it has
     */
    public void scale(float[] values, int from, int count) {
        if (isStandardised) {
            standardise(values, from, count);
        }
        int channels = factors.size();
        for (int c = 0; c < channels && !isPlain(); c++) {
            float factor = factors.get(c).floatValue();
            float offset = offsets.get(c).floatValue();
            for (int i = from + count / channels * c; i < from + count / channels * (c + 1); i++) {
                values[i] = values[i] * factor + offset;
            }
        }
    }

    private static void standardise(float[] values, int from, int count) {
        double mean = 0;
        for (int i = from; i < from + count; i++) {
            mean += values[i];
        }
        mean /= count;
        double squares = 0;
        for (int i = from; i < from + count; i++) {
            squares += (values[i] - mean) * (values[i] - mean);
        }
        double deviation = Math.max(Math.sqrt(squares / count), FLAT);
        for (int i = from; i < from + count; i++) {
            values[i] = (float) ((values[i] - mean) / deviation);
        }
    }

    /** Refuses images of another number of channels than this scales; one factor fits any. */
    void requireChannels(long channels) {
        if (factors.size() != 1 && factors.size() != channels) {
            throw new IllegalArgumentException("scaling: wanted images of " + factors.size()
                    + " channels, one for each factor, got " + channels + "; use Scaling.linear for any number");
        }
    }
}
