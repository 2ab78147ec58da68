package io.github.horkd.guide;

import io.github.horkd.internal.file.Sha256;
import io.github.horkd.internal.rows.ArrayCopy;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The space in which embeddings are compared: unit rows, after what a source's own space is short of was put right.
 * <pre>  y = P (x − μ),   u = y / |y|</pre>
 * Raw: μ = 0, P = 1. Centred: μ is the mean of the training knowledge. Projected: P also turns, weighs and chooses axes ({@link SpaceMethod}).
 *
 * <p>A space is fitted once, on a source's training knowledge, and is data from then on: learners are taught in it, it is saved with them, and the
 * source's own embeddings are brought into it wherever they are matched with theirs ({@link KnowledgeSource#in}). A learner's embeddings lie in it already.
 *
 * <p><b>Back to the source's own space.</b> For a gallery of raw embeddings that is there already, {@link #toRaw} is the affine step
 * <pre>  x = μ + ρ P⁺ u</pre>
 * with the pseudo-inverse P⁺. The length |y| is lost in u, so one ρ stands for all: that of the least squares Σ|x − μ − ρ P⁺u|² over the training knowledge.
 * The direction from μ is exact when no axis was left out.
 *
 * <p>Immutable, safe to use from several threads, and computed in double precision row by row: a row's result does not depend on the rows beside it.
 */
public final class EmbeddingSpace {

    private final SpaceMethod.Kind kind;
    private final SpaceAxes axes;
    private final double length;
    private final SpaceReport report;
    /** Computed when it is first asked for. */
    private volatile String identity;

    EmbeddingSpace(SpaceMethod.Kind kind, SpaceAxes axes, double length, SpaceReport report) {
        this.kind = kind;
        this.axes = axes;
        this.length = length;
        this.report = report;
    }

    /**
     * A source's own space, of which nothing is known.
     *
     * @param width D
     * @return rows as they are, of unit length
     */
    public static EmbeddingSpace raw(int width) {
        if (width < 1) {
            throw new IllegalArgumentException("width: wanted 1 or more, got " + width);
        }
        return new EmbeddingSpace(
                SpaceMethod.Kind.RAW,
                SpaceAxes.centred(new double[width]),
                1,
                new SpaceReport(0, width, 0, 0, 0, 0, 0, List.of()));
    }

    /**
     * Fits a space, centred where that is needed ({@link SpaceMethod#automatic()}).
     *
     * @param embeddings [N, D]
     * @return the space
     * @throws IllegalArgumentException when there is no row, or one is not finite
     */
    public static EmbeddingSpace fit(INDArray embeddings) {
        return fit(EmbeddingRows.of(embeddings), SpaceMethod.automatic());
    }

    /**
     * Fits a space. What the rows are like is logged in one line; rows that are off centre while centring is turned off are warned of.
     *
     * @param rows   of more than 100,000, as many are looked at, spread evenly
     * @param method how
     * @return the space
     * @throws IllegalArgumentException when there is no row, one is not finite, there are fewer dimensions than wanted, or all rows are alike and their mean
     *                                  would be taken away
     */
    public static EmbeddingSpace fit(EmbeddingRows rows, SpaceMethod method) {
        return SpaceFit.of(rows, method);
    }

    /**
     * The width of the source's own embeddings.
     *
     * @return D
     */
    public int rawWidth() {
        return axes.rawWidth();
    }

    /**
     * The width of embeddings in this space.
     *
     * @return D, or fewer where axes were left out
     */
    public int width() {
        return axes.width();
    }

    /**
     * What is done to a row before it is divided by its length.
     *
     * @return raw, centred or projected
     */
    public SpaceMethod.Kind kind() {
        return kind;
    }

    /**
     * What the embeddings that it was fitted on are like.
     *
     * @return the report; of 0 rows for {@link #raw}
     */
    public SpaceReport report() {
        return report;
    }

    /**
     * Tells this space from any other.
     *
     * @return 32 hexadecimal digits
     */
    public String identity() {
        if (identity == null) {
            identity = Sha256.create().bytes(ByteBuffer.wrap(toBytes())).hex();
        }
        return identity;
    }

    /**
     * Brings a source's own embeddings into this space.
     *
     * @param embeddings [N, D]
     * @return unit rows [N, width()]; a row that is nothing but the mean stays zero
     */
    public INDArray apply(INDArray embeddings) {
        wantWidth(embeddings, rawWidth());
        return ArrayCopy.matrix(apply(ArrayCopy.floats(embeddings)), (int) embeddings.size(0), width());
    }

    /**
     * Brings a source's own embeddings into this space.
     *
     * @param rows N × D values, row after row
     * @return N × width() values, unit rows
     */
    public float[] apply(float[] rows) {
        int count = count(rows, rawWidth());
        float[] units = new float[Math.multiplyExact(count, width())];
        each(count, i -> {
            double[] turned = new double[width()];
            double norm = axes.coordinates(rows, i * rawWidth(), turned);
            for (int k = 0; k < turned.length; k++) {
                units[i * turned.length + k] = norm > 0 ? (float) (turned[k] / norm) : 0;
            }
        });
        return units;
    }

    /**
     * Brings rows of this space back into the source's own, up to their length.
     *
     * @param rows [N, width()], of any length: they are divided by it first
     * @return [N, D]
     */
    public INDArray toRaw(INDArray rows) {
        wantWidth(rows, width());
        return ArrayCopy.matrix(toRaw(ArrayCopy.floats(rows)), (int) rows.size(0), rawWidth());
    }

    /**
     * Brings rows of this space back into the source's own, up to their length.
     *
     * @param rows N × width() values, row after row, of any length
     * @return N × D values
     */
    public float[] toRaw(float[] rows) {
        int width = width();
        int count = count(rows, width);
        float[] raw = new float[Math.multiplyExact(count, rawWidth())];
        each(count, i -> {
            double squares = 0;
            for (int k = 0; k < width; k++) {
                squares += (double) rows[i * width + k] * rows[i * width + k];
            }
            double scale = squares > 0 ? 1 / Math.sqrt(squares) : 0;
            double[] sum = axes.mean().clone();
            for (int k = 0; k < width; k++) {
                axes.addRaw(k, length * rows[i * width + k] * scale, sum);
            }
            for (int d = 0; d < sum.length; d++) {
                raw[i * sum.length + d] = (float) sum[d];
            }
        });
        return raw;
    }

    /**
     * The matrix of the step back, for the last layer of a network: {@code raw = unit · weights + rawBias()}.
     *
     * @return [width(), D], row after row
     */
    public float[] rawWeights() {
        float[] weights = new float[Math.multiplyExact(width(), rawWidth())];
        for (int k = 0; k < width(); k++) {
            double[] row = new double[rawWidth()];
            axes.addRaw(k, length, row);
            for (int d = 0; d < row.length; d++) {
                weights[k * row.length + d] = (float) row[d];
            }
        }
        return weights;
    }

    /**
     * What the step back adds: the mean.
     *
     * @return [D]
     */
    public float[] rawBias() {
        float[] bias = new float[rawWidth()];
        for (int d = 0; d < bias.length; d++) {
            bias[d] = (float) axes.mean()[d];
        }
        return bias;
    }

    SpaceAxes axes() {
        return axes;
    }

    double length() {
        return length;
    }

    private static void each(int count, IntConsumer row) {
        IntStream all = IntStream.range(0, count);
        (count > 1 ? all.parallel() : all).forEach(row);
    }

    private static int count(float[] rows, int width) {
        if (rows.length % width != 0) {
            throw new IllegalArgumentException("embeddings: wanted rows of width " + width + ", got " + rows.length
                    + " values, which are no whole number of rows");
        }
        return rows.length / width;
    }

    private static void wantWidth(INDArray rows, int width) {
        if (rows.rank() != 2 || rows.size(1) != width) {
            throw new IllegalArgumentException("embeddings: wanted [N, " + width + "] for this space, got "
                    + Arrays.toString(rows.shape()) + "; was it fitted on another source?");
        }
    }

    /**
     * In words, for a log or a description.
     *
     * @return for example "centred"
     */
    public String description() {
        return switch (kind) {
            case RAW -> "as it is";
            case CENTRED -> "centred";
            default ->
                String.format(
                        Locale.ROOT,
                        "centred, on %d of %d principal axes, the last weighed %.3g times the first",
                        width(),
                        rawWidth(),
                        axes.scales()[width() - 1] / axes.scales()[0]);
        };
    }

    /**
     * Saves it.
     *
     * @param file where to
     * @throws UncheckedIOException when it cannot be written
     */
    public void save(Path file) {
        SpaceFile.write(this, file);
    }

    /**
     * Loads what {@link #save} wrote.
     *
     * @param file the file
     * @return the space
     * @throws UncheckedIOException when it cannot be read, or is damaged or something else
     */
    public static EmbeddingSpace load(Path file) {
        return SpaceFile.read(file);
    }

    /**
     * Its bytes, to be carried in another file.
     *
     * @return what {@link #of(byte[])} reads: a header, the values and a checksum
     */
    public byte[] toBytes() {
        return SpaceFile.encoded(this);
    }

    /**
     * Reads what {@link #toBytes} gave.
     *
     * @param bytes all of them
     * @return the space
     * @throws IllegalArgumentException when they are damaged or something else
     */
    public static EmbeddingSpace of(byte[] bytes) {
        return SpaceFile.decoded(bytes);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof EmbeddingSpace space && identity().equals(space.identity());
    }

    @Override
    public int hashCode() {
        return identity().hashCode();
    }

    @Override
    public String toString() {
        return "EmbeddingSpace[" + rawWidth() + " to " + width() + ", " + description() + "]";
    }
}
