package io.github.horkd.guide;

import io.github.horkd.internal.rows.ArrayCopy;
import io.github.horkd.internal.rows.SymmetricEigen;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks at embeddings, says what they are like, and fits a space to them. All sums are in double precision. */
final class SpaceFit {

    private static final Logger LOG = LoggerFactory.getLogger(EmbeddingSpace.class);

    /** Of more rows, as many are looked at, spread evenly. */
    static final int LOOKED_AT = 100_000;

    private static final int BLOCK = 1024;
    /** A variance below this part of the largest is rounding. */
    private static final double CONSTANT = 1e-12;

    private final EmbeddingRows rows;
    private final int count;
    private final int width;
    private final double[] mean;
    private double lengths;
    private double squaredLengths;
    private double meanCosine;

    private SpaceFit(EmbeddingRows rows) {
        this.rows = rows;
        this.count = Math.min(rows.count(), LOOKED_AT);
        this.width = rows.width();
        this.mean = new double[width];
    }

    static EmbeddingSpace of(EmbeddingRows rows, SpaceMethod method) {
        if (rows.count() < 1 || rows.width() < 1) {
            throw new IllegalArgumentException("embeddings: wanted at least one row with one value, got " + rows.count()
                    + " rows of width " + rows.width());
        }
        if (method.dimensions() > rows.width()) {
            throw new IllegalArgumentException("dimensions: wanted at most the embeddings' width of " + rows.width()
                    + ", got " + method.dimensions());
        }
        return new SpaceFit(rows).fit(method);
    }

    private EmbeddingSpace fit(SpaceMethod method) {
        lookAtLengths();
        double[] covariance = covariance();
        double trace = 0;
        double squares = 0;
        double largest = 0;
        for (int i = 0; i < width; i++) {
            trace += covariance[i * width + i];
            largest = Math.max(largest, covariance[i * width + i]);
        }
        for (double value : covariance) {
            squares += (value / Math.max(largest, Double.MIN_NORMAL)) * (value / Math.max(largest, Double.MIN_NORMAL));
        }
        boolean alike = !(trace > lengthSquare() * CONSTANT * CONSTANT);
        int constant = 0;
        for (int i = 0; i < width; i++) {
            constant += covariance[i * width + i] <= CONSTANT * largest ? 1 : 0;
        }
        boolean projected = method.kind() == SpaceMethod.Kind.PROJECTED || method.power() > 0;
        SymmetricEigen eigen = !alike && (projected || width <= SpaceReport.SPECTRUM_WIDTH)
                ? SymmetricEigen.of(covariance, width)
                : new SymmetricEigen(new double[0], new double[0]);
        List<Double> spectrum = new ArrayList<>();
        for (double value : eigen.values()) {
            spectrum.add(Math.max(0, value));
        }
        double meanLength = lengths / count;
        SpaceReport report = new SpaceReport(
                count,
                width,
                meanLength,
                Math.sqrt(Math.max(0, squaredLengths / count - meanLength * meanLength)),
                meanCosine,
                alike ? 0 : (trace / largest) * (trace / largest) / squares,
                constant,
                spectrum);
        SpaceMethod.Kind kind = method.kind();
        if (kind == SpaceMethod.Kind.AUTOMATIC) {
            kind = !alike && report.offCentre() > SpaceReport.OFF_CENTRE
                    ? method.power() > 0 ? SpaceMethod.Kind.PROJECTED : SpaceMethod.Kind.CENTRED
                    : SpaceMethod.Kind.RAW;
        }
        if (alike && kind != SpaceMethod.Kind.RAW) {
            throw new IllegalArgumentException("embeddings: wanted rows that differ, got " + count
                    + " that are all alike; nothing is left of them once their mean is taken away");
        }
        EmbeddingSpace space = space(kind, method, eigen, trace / width, report);
        tell(space, method);
        return space;
    }

    private static void tell(EmbeddingSpace space, SpaceMethod method) {
        SpaceReport report = space.report();
        if (method.kind() == SpaceMethod.Kind.RAW && report.offCentre() > SpaceReport.OFF_CENTRE) {
            LOG.warn(
                    "embedding space: {}. Centring is turned off, so that learners are taught the direction that all rows share"
                            + " (off centre by {}, above {}); SpaceMethod.centred() or whitened() takes it away",
                    report,
                    String.format(Locale.ROOT, "%.2f", report.offCentre()),
                    SpaceReport.OFF_CENTRE);
        } else {
            LOG.info("embedding space: {}; works {}", report, space.description());
        }
    }

    private EmbeddingSpace space(
            SpaceMethod.Kind kind, SpaceMethod method, SymmetricEigen eigen, double meanValue, SpaceReport report) {
        SpaceAxes axes = kind == SpaceMethod.Kind.PROJECTED
                ? projected(method, eigen, meanValue)
                : SpaceAxes.centred(kind == SpaceMethod.Kind.RAW ? new double[width] : mean);
        return new EmbeddingSpace(kind, axes, length(axes), report);
    }

    private SpaceAxes projected(SpaceMethod method, SymmetricEigen eigen, double meanValue) {
        int kept = method.dimensions() == 0 ? width : method.dimensions();
        double[] scales = new double[kept];
        for (int k = 0; k < kept; k++) {
            // Of λ = 0 without shrinkage nothing is known: that axis is not weighed up.
            double value = Math.max(Math.max(0, eigen.values()[k]) / meanValue, CONSTANT) + method.shrinkage();
            scales[k] = Math.pow(value, -method.power() / 2);
        }
        return SpaceAxes.projected(mean, Arrays.copyOf(eigen.vectors(), kept * width), scales);
    }

    /** ρ of the least squares Σ|x − μ − ρ P⁺u|², u = P(x − μ) / |P(x − μ)|: a mean of |P(x − μ)|, weighed by |P⁺u|². */
    private double length(SpaceAxes axes) {
        double weighted = 0;
        double weights = 0;
        float[] row = new float[width];
        double[] turned = new double[axes.width()];
        int looked = Math.min(count, 10 * BLOCK);
        for (int i = 0; i < looked; i++) {
            rows.read(at(i, looked), row);
            double length = axes.coordinates(row, 0, turned);
            if (length > 0) {
                double weight = axes.squaredRawLength(turned) / length / length;
                weighted += weight * length;
                weights += weight;
            }
        }
        return weights > 0 ? weighted / weights : 1;
    }

    private int at(int number, int of) {
        return (int) ((long) number * rows.count() / of);
    }

    private double lengthSquare() {
        return squaredLengths / count;
    }

    private void lookAtLengths() {
        float[] row = new float[width];
        double[] directions = new double[width];
        double units = 0;
        for (int i = 0; i < count; i++) {
            rows.read(at(i, count), row);
            double squares = 0;
            for (int d = 0; d < width; d++) {
                if (!Float.isFinite(row[d])) {
                    throw new IllegalArgumentException("embeddings: wanted finite values, got " + row[d] + " in row "
                            + at(i, count) + "; has the network diverged?");
                }
                squares += (double) row[d] * row[d];
                mean[d] += row[d];
            }
            double length = Math.sqrt(squares);
            lengths += length;
            squaredLengths += squares;
            if (length > 0) {
                units++;
                for (int d = 0; d < width; d++) {
                    directions[d] += row[d] / length;
                }
            }
        }
        double square = 0;
        for (int d = 0; d < width; d++) {
            mean[d] /= count;
            square += directions[d] * directions[d];
        }
        // Over pairs of different rows: what a row has in common with itself is no sign of a common direction.
        meanCosine = units > 1 ? (square - units) / (units * (units - 1)) : 0;
    }

    @SuppressWarnings("try") // The scope is opened for its effect.
    private double[] covariance() {
        double[] sum = new double[width * width];
        float[] row = new float[width];
        try (MemoryWorkspace outside = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
            for (int start = 0; start < count; start += BLOCK) {
                int size = Math.min(BLOCK, count - start);
                double[] block = new double[size * width];
                for (int i = 0; i < size; i++) {
                    rows.read(at(start + i, count), row);
                    for (int d = 0; d < width; d++) {
                        block[i * width + d] = row[d] - mean[d];
                    }
                }
                try (INDArray part = Nd4j.create(block, new long[] {size, width}, 'c');
                        INDArray product = Nd4j.createUninitialized(DataType.DOUBLE, new long[] {width, width}, 'f')) {
                    Nd4j.gemm(part, part, product, true, false, 1, 0);
                    double[] values = ArrayCopy.doubles(product);
                    for (int i = 0; i < sum.length; i++) {
                        sum[i] += values[i] / count;
                    }
                }
            }
        }
        // gemm need not round both halves alike.
        for (int i = 0; i < width; i++) {
            for (int j = 0; j < i; j++) {
                sum[i * width + j] = sum[j * width + i];
            }
        }
        return sum;
    }
}
