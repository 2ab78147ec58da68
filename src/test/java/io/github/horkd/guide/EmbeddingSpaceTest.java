package io.github.horkd.guide;

import io.github.horkd.distill.Log;
import io.github.horkd.internal.rows.SymmetricEigen;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.factory.Nd4j;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Spaces are what their formulae say, held against plain loops. */
class EmbeddingSpaceTest {

    /** Rows of very unlike variances, all moved by one vector of some length. */
    private static float[][] rows(int count, int width, double offset, long seed) {
        Random random = new Random(seed);
        float[][] rows = new float[count][width];
        for (float[] row : rows) {
            for (int d = 0; d < width; d++) {
                row[d] = (float) (random.nextGaussian() / (1 + d) + offset);
            }
        }
        return rows;
    }

    private static EmbeddingSpace fit(float[][] rows, SpaceMethod method) {
        return EmbeddingSpace.fit(EmbeddingRows.of(Nd4j.createFromArray(rows)), method);
    }

    private static float[] flat(float[][] rows) {
        float[] all = new float[rows.length * rows[0].length];
        for (int i = 0; i < rows.length; i++) {
            System.arraycopy(rows[i], 0, all, i * rows[0].length, rows[0].length);
        }
        return all;
    }

    private static double[] mean(float[][] rows) {
        double[] mean = new double[rows[0].length];
        for (float[] row : rows) {
            for (int d = 0; d < row.length; d++) {
                mean[d] += (double) row[d] / rows.length;
            }
        }
        return mean;
    }

    private static double[][] covariance(float[][] rows) {
        double[] mean = mean(rows);
        double[][] covariance = new double[mean.length][mean.length];
        for (float[] row : rows) {
            for (int i = 0; i < mean.length; i++) {
                for (int j = 0; j < mean.length; j++) {
                    covariance[i][j] += (row[i] - mean[i]) * (row[j] - mean[j]) / rows.length;
                }
            }
        }
        return covariance;
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    private static double[] minus(float[] row, double[] mean) {
        double[] moved = new double[row.length];
        for (int d = 0; d < row.length; d++) {
            moved[d] = row[d] - mean[d];
        }
        return moved;
    }

    /** A⁻¹b by Gaussian elimination with pivots. */
    private static double[] solve(double[][] matrix, double[] right) {
        int n = right.length;
        double[][] a = Arrays.stream(matrix).map(double[]::clone).toArray(double[][]::new);
        double[] b = right.clone();
        for (int k = 0; k < n; k++) {
            int pivot = k;
            for (int i = k; i < n; i++) {
                pivot = Math.abs(a[i][k]) > Math.abs(a[pivot][k]) ? i : pivot;
            }
            double[] row = a[k];
            a[k] = a[pivot];
            a[pivot] = row;
            double value = b[k];
            b[k] = b[pivot];
            b[pivot] = value;
            for (int i = k + 1; i < n; i++) {
                double factor = a[i][k] / a[k][k];
                for (int j = k; j < n; j++) {
                    a[i][j] -= factor * a[k][j];
                }
                b[i] -= factor * b[k];
            }
        }
        for (int k = n - 1; k >= 0; k--) {
            for (int j = k + 1; j < n; j++) {
                b[k] -= a[k][j] * b[j];
            }
            b[k] /= a[k][k];
        }
        return b;
    }

    private static double cosine(float[] units, int i, int j, int width) {
        double sum = 0;
        for (int d = 0; d < width; d++) {
            sum += (double) units[i * width + d] * units[j * width + d];
        }
        return sum;
    }

    @Test
    void theReportIsWhatPlainLoopsSay() {
        float[][] rows = rows(40, 7, 0.5, 1);
        SpaceReport report = fit(rows, SpaceMethod.automatic()).report();
        double[] lengths = Arrays.stream(rows)
                .mapToDouble(r -> Math.sqrt(dot(minus(r, new double[7]), minus(r, new double[7]))))
                .toArray();
        double meanLength = Arrays.stream(lengths).average().orElseThrow();
        assertEquals(meanLength, report.meanLength(), 1e-9);
        assertEquals(
                Math.sqrt(Arrays.stream(lengths)
                        .map(l -> (l - meanLength) * (l - meanLength))
                        .average()
                        .orElseThrow()),
                report.lengthDeviation(),
                1e-7);
        double sum = 0;
        for (int i = 0; i < 40; i++) {
            for (int j = 0; j < 40; j++) {
                sum += i == j
                        ? 0
                        : dot(minus(rows[i], new double[7]), minus(rows[j], new double[7])) / lengths[i] / lengths[j];
            }
        }
        assertEquals(sum / 40 / 39, report.meanCosine(), 1e-9);
        assertEquals(Math.sqrt(sum / 40 / 39), report.offCentre(), 1e-9);
        double trace = 0;
        double squares = 0;
        double[][] covariance = covariance(rows);
        for (int i = 0; i < 7; i++) {
            trace += covariance[i][i];
            squares += dot(covariance[i], covariance[i]);
        }
        assertEquals(trace * trace / squares, report.effectiveDimension(), 1e-9);
        assertEquals(trace, report.spectrum().stream().mapToDouble(v -> v).sum(), 1e-9);
        assertEquals(squares, report.spectrum().stream().mapToDouble(v -> v * v).sum(), 1e-9);
        assertEquals(40, report.rows());
        assertEquals(0, report.constantDimensions());
    }

    @Test
    void centredIsTheMeanTakenAway() {
        float[][] rows = rows(30, 5, 1, 2);
        EmbeddingSpace space = fit(rows, SpaceMethod.centred());
        float[] units = space.apply(flat(rows));
        double[] mean = mean(rows);
        for (int i = 0; i < 30; i++) {
            double[] moved = minus(rows[i], mean);
            for (int d = 0; d < 5; d++) {
                assertEquals(moved[d] / Math.sqrt(dot(moved, moved)), units[i * 5 + d], 1e-6);
            }
        }
    }

    /** ⟨y, y'⟩ = (x − μ)ᵀ (C / λ̄ + s)⁻¹ (x' − μ): no eigenvector is needed to say so. */
    @ParameterizedTest
    @CsvSource({"60, 6, 1", "60, 6, 0.3", "4, 9, 1", "60, 1, 1"})
    void whitenedIsTheMetricOfTheShrunkCovariance(int count, int width, double shrinkage) {
        float[][] rows = rows(count, width, 0.7, 3);
        EmbeddingSpace space = fit(rows, SpaceMethod.whitened().withShrinkage(shrinkage));
        assertEquals(width, space.width());
        double[] mean = mean(rows);
        double[][] metric = covariance(rows);
        double meanValue = 0;
        for (int i = 0; i < width; i++) {
            meanValue += metric[i][i] / width;
        }
        for (int i = 0; i < width; i++) {
            for (int j = 0; j < width; j++) {
                metric[i][j] = metric[i][j] / meanValue + (i == j ? shrinkage : 0);
            }
        }
        float[] units = space.apply(flat(rows));
        for (int i = 0; i < count; i++) {
            double[] left = minus(rows[i], mean);
            for (int j = 0; j < count; j++) {
                double[] right = minus(rows[j], mean);
                double wanted = dot(left, solve(metric, right))
                        / Math.sqrt(dot(left, solve(metric, left)) * dot(right, solve(metric, right)));
                assertEquals(wanted, cosine(units, i, j, width), 2e-6);
            }
        }
    }

    @Test
    void powerZeroTurnsTheAxesOnlyAndPrincipalAxesAreThoseOfLargestVariance() {
        float[][] rows = rows(200, 6, 0, 4);
        for (float[] row : rows) {
            for (int d = 0; d < 6; d++) {
                row[d] = (float) (row[d] * Math.pow(10, -d) + 2);
            }
        }
        float[] centred = fit(rows, SpaceMethod.centred()).apply(flat(rows));
        float[] turned = fit(rows, SpaceMethod.principal(6)).apply(flat(rows));
        EmbeddingSpace two = fit(rows, SpaceMethod.principal(2));
        assertEquals(2, two.width());
        float[] few = two.apply(flat(rows));
        for (int i = 1; i < 20; i++) {
            assertEquals(cosine(centred, 0, i, 6), cosine(turned, 0, i, 6), 1e-6);
            // Axis d has a standard deviation of 1 / (1 + d), so that the first two values are nearly the two first
            // axes.
            double[] a = Arrays.copyOf(minus(rows[0], mean(rows)), 2);
            double[] b = Arrays.copyOf(minus(rows[i], mean(rows)), 2);
            assertEquals(dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b)), cosine(few, 0, i, 2), 0.02);
        }
    }

    @Test
    void halfThePowerIsTheGeometricMeanOfTheTwoMetrics() {
        float[][] rows = rows(50, 4, 0, 5);
        double[] whole = fit(rows, SpaceMethod.whitened()).axes().scales();
        double[] half = fit(rows, SpaceMethod.whitened().withPower(0.5)).axes().scales();
        for (int k = 0; k < 4; k++) {
            assertEquals(Math.sqrt(whole[k]), half[k], 1e-12);
        }
    }

    @Test
    void theDefaultCentresWhereThatIsNeeded() {
        assertEquals(
                SpaceMethod.Kind.CENTRED,
                EmbeddingSpace.fit(Nd4j.createFromArray(rows(50, 8, 1, 6))).kind());
        assertEquals(
                SpaceMethod.Kind.RAW,
                EmbeddingSpace.fit(Nd4j.createFromArray(rows(500, 8, 0, 6))).kind());
        Random random = new Random(7);
        float[][] few = new float[5][256];
        for (float[] row : few) {
            for (int d = 0; d < row.length; d++) {
                row[d] = (float) random.nextGaussian();
            }
        }
        assertEquals(
                SpaceMethod.Kind.RAW,
                EmbeddingSpace.fit(Nd4j.createFromArray(few)).kind(),
                "the mean of five random rows has a length of 0.45, by chance");
    }

    @Test
    void whatItFoundIsSaidAndAnOffCentreSpaceWarns() {
        EmbeddingSpace centred = fit(rows(50, 8, 1, 6), SpaceMethod.centred());
        String words = centred.report().toString();
        assertTrue(words.contains("50 embeddings of width 8") && words.contains("off centre"), words);
        assertEquals("centred", centred.description());
        try (Log log = new Log()) {
            EmbeddingSpace space = fit(rows(50, 8, 1, 6), SpaceMethod.raw());
            String figure =
                    String.format(java.util.Locale.ROOT, "%.2f", space.report().offCentre());
            assertTrue(log.text().contains("WARN") && log.text().contains("off centre by " + figure), log.text());
        }
        try (Log log = new Log()) {
            fit(rows(500, 8, 0, 6), SpaceMethod.raw());
            assertTrue(!log.text().contains("WARN"), log.text());
        }
    }

    /** 1e-30 squared is no float, and 1e30 squared is infinite as one. */
    @ParameterizedTest
    @ValueSource(floats = {1e-30f, 1e30f, 1e-38f})
    void scaleDoesNotCount(float factor) {
        float[][] rows = rows(40, 5, 1, 8);
        float[][] scaled = Arrays.stream(rows).map(float[]::clone).toArray(float[][]::new);
        for (float[] row : scaled) {
            for (int d = 0; d < row.length; d++) {
                row[d] *= factor;
            }
        }
        for (SpaceMethod method :
                new SpaceMethod[] {SpaceMethod.raw(), SpaceMethod.automatic(), SpaceMethod.whitened()}) {
            EmbeddingSpace space = fit(scaled, method);
            assertArrayEquals(fit(rows, method).apply(flat(rows)), space.apply(flat(scaled)), 1e-4f, method.toString());
            float[] back = space.toRaw(space.apply(flat(scaled)));
            for (float value : back) {
                assertTrue(Float.isFinite(value));
            }
            assertEquals(fit(rows, method).report().meanCosine(), space.report().meanCosine(), 1e-5);
            assertEquals(
                    fit(rows, method).report().effectiveDimension(),
                    space.report().effectiveDimension(),
                    1e-3);
        }
    }

    @Test
    void aConstantDimensionAndARowAtTheMeanGiveNoNaN() {
        float[][] rows = rows(21, 4, 1, 9);
        for (float[] row : rows) {
            row[2] = 5;
        }
        EmbeddingSpace space = fit(rows, SpaceMethod.whitened().withShrinkage(0));
        assertEquals(1, space.report().constantDimensions());
        float[] mean = space.rawBias();
        for (float value : space.apply(flat(rows))) {
            assertTrue(Float.isFinite(value));
        }
        EmbeddingSpace exact = fit(new float[][] {{0, 0}, {2, 4}, {1, 2}}, SpaceMethod.centred());
        assertArrayEquals(new float[] {0, 0}, exact.apply(new float[] {1, 2}), "the mean itself has no direction");
        assertArrayEquals(new float[] {1, 2}, exact.toRaw(new float[] {0, 0}));
        assertEquals(4, mean.length);
    }

    @Test
    void oneRowOrRowsThatAreAllAlikeHaveNoSpaceButTheirOwn() {
        for (float[][] alike :
                new float[][][] {{{3, 4}}, {{0.1f, 0.2f}, {0.1f, 0.2f}, {0.1f, 0.2f}}, {{0, 0}, {0, 0}}}) {
            assertEquals(
                    SpaceMethod.Kind.RAW, fit(alike, SpaceMethod.automatic()).kind());
            assertEquals(0, fit(alike, SpaceMethod.automatic()).report().effectiveDimension());
            for (SpaceMethod method : new SpaceMethod[] {SpaceMethod.centred(), SpaceMethod.whitened()}) {
                assertTrue(assertThrows(IllegalArgumentException.class, () -> fit(alike, method))
                        .getMessage()
                        .contains("all alike"));
            }
        }
        assertArrayEquals(
                new float[] {0.6f, 0.8f},
                fit(new float[][] {{3, 4}}, SpaceMethod.automatic()).apply(new float[] {3, 4}));
    }

    @Test
    void theStepBackIsExactUpToLengthAndItsLengthIsThatOfLeastSquares() {
        float[][] rows = rows(50, 5, 1, 10);
        for (SpaceMethod method : new SpaceMethod[] {
            SpaceMethod.raw(), SpaceMethod.centred(), SpaceMethod.whitened(), SpaceMethod.principal(3)
        }) {
            EmbeddingSpace space = fit(rows, method);
            float[] units = space.apply(flat(rows));
            float[] back = space.toRaw(units);
            double[] mean = method.kind() == SpaceMethod.Kind.RAW ? new double[5] : mean(rows);
            double slope = 0;
            double scale = 0;
            for (int i = 0; i < 50; i++) {
                double[] moved = minus(rows[i], mean);
                double[] returned = minus(Arrays.copyOfRange(back, i * 5, i * 5 + 5), mean);
                if (method.dimensions() == 0) {
                    assertEquals(
                            1, dot(moved, returned) / Math.sqrt(dot(moved, moved) * dot(returned, returned)), 1e-6);
                }
                for (int d = 0; d < 5; d++) {
                    slope += returned[d] * (returned[d] - moved[d]);
                    scale += returned[d] * returned[d];
                }
            }
            assertEquals(0, slope / scale, 1e-6, "no other length would be nearer: " + method);
            float[] weights = space.rawWeights();
            float[] bias = space.rawBias();
            for (int i = 0; i < 50; i++) {
                for (int d = 0; d < 5; d++) {
                    double sum = bias[d];
                    for (int k = 0; k < space.width(); k++) {
                        sum += (double) units[i * space.width() + k] * weights[k * 5 + d];
                    }
                    assertEquals(back[i * 5 + d], sum, 1e-5);
                }
            }
        }
    }

    @Test
    void arraysAndSingleRowsGiveTheSame() {
        float[][] rows = rows(20, 6, 1, 11);
        EmbeddingSpace space = fit(rows, SpaceMethod.whitened().withDimensions(4));
        float[] all = space.apply(flat(rows));
        assertArrayEquals(all, space.apply(Nd4j.createFromArray(rows)).ravel().toFloatVector());
        assertArrayEquals(
                Arrays.copyOfRange(all, 4 * 7, 4 * 8), space.apply(rows[7]), "a row does not depend on its neighbours");
        assertArrayEquals(
                space.toRaw(all),
                space.toRaw(Nd4j.createFromArray(all).reshape(20, 4)).ravel().toFloatVector());
        assertEquals(0, space.apply(new float[0]).length);
        assertTrue(assertThrows(IllegalArgumentException.class, () -> space.apply(Nd4j.zeros(2, 5)))
                .getMessage()
                .contains("wanted [N, 6]"));
        assertThrows(IllegalArgumentException.class, () -> space.apply(new float[7]));
    }

    @Test
    void whatIsNoEmbeddingIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> EmbeddingSpace.fit(Nd4j.create(3)));
        assertThrows(
                IllegalArgumentException.class,
                () -> EmbeddingSpace.fit(Nd4j.create(org.nd4j.linalg.api.buffer.DataType.FLOAT, 0, 3)));
        float[][] rows = rows(5, 3, 1, 1);
        rows[3][1] = Float.NaN;
        assertTrue(assertThrows(IllegalArgumentException.class, () -> fit(rows, SpaceMethod.automatic()))
                .getMessage()
                .contains("NaN in row 3"));
        assertThrows(IllegalArgumentException.class, () -> fit(rows(5, 3, 1, 1), SpaceMethod.principal(4)));
        assertThrows(
                IllegalArgumentException.class, () -> SpaceMethod.whitened().withPower(1.5));
        assertThrows(
                IllegalArgumentException.class, () -> SpaceMethod.whitened().withShrinkage(-1));
        assertThrows(
                IllegalArgumentException.class, () -> SpaceMethod.whitened().withDimensions(-1));
    }

    @Test
    void aFileGivesTheSpaceBack(@TempDir Path folder) {
        Path file = folder.resolve("face.space");
        for (SpaceMethod method : new SpaceMethod[] {
            SpaceMethod.raw(), SpaceMethod.centred(), SpaceMethod.whitened(), SpaceMethod.principal(3)
        }) {
            EmbeddingSpace space = fit(rows(50, 5, 1, 12), method);
            space.save(file);
            EmbeddingSpace loaded = EmbeddingSpace.load(file);
            assertEquals(space, loaded);
            assertEquals(space.hashCode(), loaded.hashCode());
            assertEquals(space.identity(), loaded.identity());
            assertEquals(space.report(), loaded.report());
            assertEquals(space.kind(), loaded.kind());
            float[] rows = flat(rows(5, 5, 1, 13));
            assertArrayEquals(space.apply(rows), loaded.apply(rows));
            assertArrayEquals(space.toRaw(space.apply(rows)), loaded.toRaw(loaded.apply(rows)));
        }
        assertEquals(
                EmbeddingSpace.raw(5), EmbeddingSpace.of(EmbeddingSpace.raw(5).toBytes()));
        assertNotEquals(EmbeddingSpace.raw(5), EmbeddingSpace.raw(6));
        assertNotEquals(
                fit(rows(50, 5, 1, 12), SpaceMethod.whitened()).identity(),
                fit(rows(50, 5, 1, 12), SpaceMethod.whitened().withPower(0.9)).identity());
    }

    @Test
    void aDamagedFileIsRefusedByName(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("face.space");
        fit(rows(50, 3, 1, 12), SpaceMethod.whitened()).save(file);
        byte[] sound = Files.readAllBytes(file);
        for (int at = 0; at < sound.length; at++) {
            byte[] broken = sound.clone();
            broken[at] ^= (byte) (1 << at % 8);
            Files.write(file, broken);
            assertTold(file);
            Files.write(file, Arrays.copyOf(sound, at));
            assertTold(file);
        }
        Files.write(file, Arrays.copyOf(sound, sound.length + 1));
        assertTold(file);
        assertTold(folder.resolve("missing.space"));
    }

    private static void assertTold(Path file) {
        String message = assertThrows(UncheckedIOException.class, () -> EmbeddingSpace.load(file))
                .getMessage();
        assertTrue(message.startsWith(file.toString()), message);
    }

    /** Eigenvalues over 16 decades, in known directions. */
    @Test
    void eigenvectorsAreRightOnAnIllConditionedMatrix() {
        int n = 40;
        Random random = new Random(14);
        double[][] q = new double[n][n];
        for (int i = 0; i < n; i++) {
            for (int d = 0; d < n; d++) {
                q[i][d] = random.nextGaussian();
            }
            // Gram and Schmidt twice, which is enough.
            for (int twice = 0; twice < 2; twice++) {
                for (int j = 0; j < i; j++) {
                    double along = dot(q[i], q[j]);
                    for (int d = 0; d < n; d++) {
                        q[i][d] -= along * q[j][d];
                    }
                }
            }
            double length = Math.sqrt(dot(q[i], q[i]));
            for (int d = 0; d < n; d++) {
                q[i][d] /= length;
            }
        }
        double[] matrix = new double[n * n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                for (int k = 0; k < n; k++) {
                    matrix[i * n + j] += Math.pow(10, -16.0 * k / n) * q[k][i] * q[k][j];
                }
            }
        }
        SymmetricEigen eigen = SymmetricEigen.of(matrix, n);
        for (int k = 0; k < n; k++) {
            assertEquals(Math.pow(10, -16.0 * k / n), eigen.values()[k], 1e-14);
            double[] vector = Arrays.copyOfRange(eigen.vectors(), k * n, (k + 1) * n);
            if (k < 30) {
                assertEquals(1, Math.abs(dot(vector, q[k])), 1e-6);
            }
            for (int j = 0; j <= k; j++) {
                double[] other = Arrays.copyOfRange(eigen.vectors(), j * n, (j + 1) * n);
                assertEquals(j == k ? 1 : 0, dot(vector, other), 1e-13);
            }
        }
    }
}
