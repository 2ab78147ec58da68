package io.github.horkd.recognise;

import io.github.horkd.internal.rows.Float16;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;

class TemplateSearchTest {

    private static final int WIDTH = 8;

    @ParameterizedTest
    @ValueSource(ints = {16, 1024, 2032})
    void halvesAreThoseOfBinary16(int rows) {
        List<Float> values = new ArrayList<>();
        for (int bits = 0; bits <= 0x3c00; bits++) {
            values.add(Float16.toFloat((short) bits));
            values.add(-Float16.toFloat((short) bits));
        }
        int width = values.size() / rows + 1;
        BlockValues halves = TemplatePrecision.FLOAT16.values(width, rows);
        float[][] written = new float[rows][width];
        for (int row = rows - 1; row >= 0; row--) {
            for (int d = 0; d < width; d++) {
                int i = d * rows + row;
                written[row][d] = i < values.size() ? values.get(i) : 0;
            }
            halves.write(row, written[row], 0);
        }
        assertKept(halves, written, written);
    }

    @ParameterizedTest
    @EnumSource(TemplatePrecision.class)
    void valuesAreWhatTheirPrecisionSays(TemplatePrecision precision) {
        Random random = new Random(4);
        BlockValues values = precision.values(WIDTH, 1024);
        float[][] written = new float[1024][];
        float[][] wanted = new float[1024][];
        for (int row = 0; row < 1024; row++) {
            written[row] = row == 7 ? new float[WIDTH] : unit(random);
            wanted[row] = rounded(written[row], precision);
            values.write(row, written[row], 0);
        }
        assertKept(values, written, wanted);
    }

    private static float[] rounded(float[] row, TemplatePrecision precision) {
        float largest = 0;
        for (float value : row) {
            largest = Math.max(largest, Math.abs(value));
        }
        float[] rounded = row.clone();
        for (int d = 0; d < row.length; d++) {
            if (precision == TemplatePrecision.FLOAT16) {
                rounded[d] = Float16.toFloat(Float16.of(row[d]));
            } else if (precision == TemplatePrecision.INT8) {
                rounded[d] = largest == 0 ? 0 : Math.round(row[d] * (127 / largest)) * (largest / 127);
            }
        }
        return rounded;
    }

    /** Row after row, and dimension after dimension for any number of rows. */
    private static void assertKept(BlockValues values, float[][] written, float[][] wanted) {
        float[] row = new float[values.width];
        for (int r = 0; r < values.rows; r++) {
            values.read(r, row, 0);
            for (int d = 0; d < values.width; d++) {
                assertEquals(bits(wanted[r][d]), bits(row[d]), written[r][d] + " in row " + r);
            }
        }
        for (int count : new int[] {1, values.rows / 4, values.rows / 2 + 1, values.rows - 1, values.rows}) {
            for (int d = 0; d < values.width; d++) {
                float[] dimension = values.dimension(d, count);
                for (int r = 0; r < count; r++) {
                    assertEquals(
                            bits(wanted[r][d]), bits(dimension[r] * values.probeFactor()), "row " + r + " of " + count);
                }
            }
        }
    }

    private static int bits(float value) {
        return Float.floatToRawIntBits(value + 0f); // −0 is 0
    }

    /** Blocks that are full, grown and mostly holes; equal rows; fewer than k to begin with. */
    @ParameterizedTest
    @EnumSource(TemplatePrecision.class)
    void manyProbesFindWhatSortingFinds(TemplatePrecision precision) {
        Random random = new Random(5);
        TemplateRows rows = new TemplateRows(precision, WIDTH);
        List<float[]> kept = new ArrayList<>();
        for (int i = 0; i < 2 * TemplateBlock.MOST + 1500; i++) {
            float[] row = i % 50 == 49 ? kept.get(i - 20) : unit(random);
            kept.add(row);
            rows.add(row, 0, i);
        }
        rows.removeIf(owner -> owner % 7 == 3);
        TemplateSearch search = new TemplateSearch(rows.snapshot());
        float[] probes = new float[64 * WIDTH];
        for (int p = 0; p < 64; p++) {
            System.arraycopy(unit(random), 0, probes, p * WIDTH, WIDTH);
        }
        BestIdentities[] together = search.best(probes, 64, 5, kept.size(), Correction.NONE);
        for (int p = 0; p < 64; p++) {
            float[] probe = Arrays.copyOfRange(probes, p * WIDTH, (p + 1) * WIDTH);
            double[] similarities = kept.stream()
                    .mapToDouble(row -> product(rounded(row, precision), probe))
                    .toArray();
            List<Integer> wanted = IntStream.range(0, kept.size())
                    .filter(i -> i % 7 != 3)
                    .boxed()
                    .sorted(Comparator.comparingDouble((Integer i) -> -similarities[i])
                            .thenComparingInt(i -> i))
                    .limit(5)
                    .toList();
            assertFound(wanted, similarities, together[p]);
            assertFound(wanted, similarities, search.best(probe, 1, 5, kept.size(), Correction.NONE)[0]);
        }
    }

    /** Rows nearly equal may change places by rounding. */
    private static void assertFound(List<Integer> wanted, double[] similarities, BestIdentities found) {
        List<Integer> numbers = new ArrayList<>();
        found.ranked((number, similarity) -> {
            assertEquals(similarities[number], similarity, 1e-5);
            assertEquals(similarities[wanted.get(numbers.size())], similarity, 1e-5);
            numbers.add(number);
        });
        assertEquals(wanted.size(), numbers.size());
        assertEquals(wanted.get(0), numbers.get(0));
    }

    /** A row that is no number hides nobody who is looked at together with it. */
    @Test
    void noNumberHidesNobody() {
        TemplateRows rows = new TemplateRows(TemplatePrecision.FLOAT32, 1);
        for (int i = 0; i < 2 * TemplateBlock.MOST; i++) {
            rows.add(new float[] {i == TemplateBlock.MOST ? Float.NaN : i / 10_000f}, 0, i);
        }
        float[] probes = new float[8];
        Arrays.fill(probes, 1);
        int[] best = {-1};
        int hidden = TemplateBlock.MOST + TemplateBlock.MOST / 4;
        rows.removeIf(owner -> owner > hidden);
        for (BestIdentities found :
                new TemplateSearch(rows.snapshot()).best(probes, 8, 1, 2 * TemplateBlock.MOST, Correction.NONE)) {
            found.ranked((number, similarity) -> best[0] = number);
            assertEquals(hidden, best[0]);
        }
    }

    private static double product(float[] a, float[] b) {
        double product = 0;
        for (int d = 0; d < a.length; d++) {
            product += (double) a[d] * b[d];
        }
        return product;
    }

    private static float[] unit(Random random) {
        float[] row = new float[WIDTH];
        double squares = 0;
        for (int d = 0; d < WIDTH; d++) {
            row[d] = (float) random.nextGaussian();
            squares += row[d] * row[d];
        }
        for (int d = 0; d < WIDTH; d++) {
            row[d] /= (float) Math.sqrt(squares);
        }
        return row;
    }
}
