package io.github.horkd.guide;

import io.github.horkd.data.PairedImages;
import io.github.horkd.data.Resolution;
import io.github.horkd.internal.rows.ArrayCopy;
import io.github.horkd.internal.rows.NearestMean;
import io.github.horkd.internal.rows.RowProducts;
import io.github.horkd.internal.rows.UnitRows;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Cosines across two resolutions, corrected for rows that are near to everything.
 * <pre>  s(p, g) = cos(p, g) − (r(p) + r(g)) / 2
 *  r(p) = mean cosine of a probe with its K nearest of a cohort of gallery rows
 *  r(g) = mean cosine of a gallery row with its K nearest of a cohort of probe rows</pre>
 * Some rows are alike to many others, poor pictures and ordinary faces likely among them, and one threshold on cosines is too low for these and too high for the
 * rest. What is taken away is how alike a row is to those that it certainly does not show: a cohort of pictures, unlabelled,
 * as a rule those of the training, seen by both networks. Nothing is trained.
 *
 * <p>This is half the measure of Conneau et al., "Word translation without parallel data" (CSLS, ICLR 2018), and close to the adaptive symmetric normalisation
 * of speaker recognition (Matějka et al., "Analysis of score normalization in multilingual speaker recognition", Interspeech 2017), without its division by deviations.
 * Scores leave the scale of cosines: −2…2, around 0 for somebody as alike as the nearest of the cohort, so a threshold for cosines is none for them.
 *
 * <p>The probes' side costs one product with the cohort, 4,000 rows by default. Immutable and safe to use from several threads. Rows are divided by their lengths
 * first; a row of zeros has cosine 0 with everything.
 */
public final class LocalScaling {

    /** How many rows of a cohort are kept by default. */
    private static final int COHORT = 4_000;
    /** K by default. */
    private static final int NEIGHBOURS = 20;

    private final int neighbours;
    private final int width;
    private final NearestMean galleryCohort;
    private final NearestMean probeCohort;

    LocalScaling(int neighbours, UnitRows gallery, UnitRows probes) {
        if (neighbours < 1) {
            throw new IllegalArgumentException("neighbours: wanted 1 or more, got " + neighbours);
        }
        for (UnitRows rows : new UnitRows[] {gallery, probes}) {
            if (rows.count() < neighbours) {
                throw new IllegalArgumentException("cohort: wanted at least as many rows as neighbours, " + neighbours
                        + ", on either side, got " + rows.count() + "; take more pictures or fewer neighbours");
            }
        }
        gallery.wantSameWidth(probes);
        this.neighbours = neighbours;
        this.width = gallery.width();
        this.galleryCohort = new NearestMean(gallery, neighbours);
        this.probeCohort = probes == gallery ? galleryCohort : new NearestMean(probes, neighbours);
    }

    /**
     * By cohorts of embeddings, 20 neighbours. Of more than 4,000 rows, as many are taken, spread evenly.
     *
     * @param gallery [N, D], of pictures as they are enrolled, as a rule by the teacher; at least 20
     * @param probes  [M, D], of pictures as probes are seen, as a rule by the student; at least 20. The same array where both sides are one network's
     * @return the scaling
     */
    public static LocalScaling of(INDArray gallery, INDArray probes) {
        UnitRows enrolled = spread("gallery cohort", gallery);
        return new LocalScaling(NEIGHBOURS, enrolled, probes == gallery ? enrolled : spread("probe cohort", probes));
    }

    /**
     * By cohorts of embeddings, taken whole.
     *
     * @param gallery    [N, D], of pictures as they are enrolled
     * @param probes     [M, D], of pictures as probes are seen
     * @param neighbours K, at least 1, at most N and M
     * @return the scaling
     */
    public static LocalScaling of(INDArray gallery, INDArray probes, int neighbours) {
        UnitRows enrolled = UnitRows.of("gallery cohort", gallery);
        return new LocalScaling(
                neighbours, enrolled, probes == gallery ? enrolled : UnitRows.of("probe cohort", probes));
    }

    /**
     * By pictures of people who are neither enrolled nor probes, as a rule those of the training; labels are not looked at. Of more than 4,000, as many are asked about,
     * spread evenly.
     *
     * @param high   how the gallery is embedded; its rows are brought into the space of {@code low}
     * @param low    how probes are embedded
     * @param images at least 20
     * @return the scaling
     */
    public static LocalScaling of(Embeddings high, Embeddings low, PairedImages images) {
        PairedImages cohort = some(images);
        return of(high.toMatch(low.source()).of(cohort, Resolution.HIGH), low.of(cohort, Resolution.LOW));
    }

    /**
     * By pictures, for a gallery that is enrolled at both resolutions: its rows are means of what {@code high} says of a picture and {@code low} of its small view.
     *
     * @param high   how large views are embedded; its rows are brought into the space of {@code low}
     * @param low    how small views and probes are embedded
     * @param images of people who are neither enrolled nor probes; at least 20
     * @return the scaling
     */
    public static LocalScaling enrolledAtBoth(Embeddings high, Embeddings low, PairedImages images) {
        PairedImages cohort = some(images);
        INDArray probes = low.of(cohort, Resolution.LOW);
        UnitRows large =
                UnitRows.of("gallery cohort", high.toMatch(low.source()).of(cohort, Resolution.HIGH));
        return of(large.plus(UnitRows.of("probe cohort", probes)), probes);
    }

    private static PairedImages some(PairedImages images) {
        boolean[] taken = new boolean[images.size()];
        Arrays.stream(spread(images.size())).forEach(i -> taken[i] = true);
        return images.size() <= COHORT ? images : images.where(i -> taken[i]);
    }

    private static UnitRows spread(String name, INDArray rows) {
        UnitRows all = UnitRows.of(name, rows);
        int[] some = spread(all.count());
        if (some.length == all.count()) {
            return all;
        }
        float[] values = new float[some.length * all.width()];
        for (int i = 0; i < some.length; i++) {
            System.arraycopy(all.values(), some[i] * all.width(), values, i * all.width(), all.width());
        }
        return UnitRows.kept(name, values, all.width());
    }

    /** Which of so many rows are taken. */
    private static int[] spread(int rows) {
        int count = Math.min(COHORT, rows);
        return IntStream.range(0, count)
                .map(i -> (int) ((long) i * rows / count))
                .toArray();
    }

    /**
     * The width of the embeddings.
     *
     * @return D
     */
    public int width() {
        return width;
    }

    /**
     * How many of a cohort are looked at.
     *
     * @return K
     */
    public int neighbours() {
        return neighbours;
    }

    /**
     * How alike probes are to pictures that they do not show.
     *
     * @param probes [N, D] or one [D]
     * @return r(p), N means of cosines
     */
    public float[] ofProbes(INDArray probes) {
        return galleryCohort.of(UnitRows.of("probes", probes, width));
    }

    /**
     * How alike gallery rows are to pictures that do not show them.
     *
     * @param gallery [N, D] or one [D]
     * @return r(g), N means of cosines
     */
    public float[] ofGallery(INDArray gallery) {
        return probeCohort.of(UnitRows.of("gallery", gallery, width));
    }

    /**
     * How alike probes are to pictures that they do not show.
     *
     * @param unitRows N × D values, row after row, of unit length
     * @return r(p), N means of cosines
     */
    public float[] ofProbes(float[] unitRows) {
        return galleryCohort.of(unitRows, count(unitRows));
    }

    /**
     * How alike gallery rows are to pictures that do not show them.
     *
     * @param unitRows N × D values, row after row, of unit length
     * @return r(g), N means of cosines
     */
    public float[] ofGallery(float[] unitRows) {
        return probeCohort.of(unitRows, count(unitRows));
    }

    /**
     * The score of a probe with a gallery row.
     *
     * @param cosine    of the two
     * @param ofProbe   r(p)
     * @param ofGallery r(g)
     * @return s(p, g)
     */
    public static float score(float cosine, float ofProbe, float ofGallery) {
        return cosine - (ofProbe + ofGallery) / 2;
    }

    private int count(float[] rows) {
        if (rows.length % width != 0) {
            throw new IllegalArgumentException("embeddings: wanted rows of width " + width + ", got " + rows.length
                    + " values, which are no whole number of rows");
        }
        return rows.length / width;
    }

    /**
     * The score of every probe with every row of a gallery.
     *
     * @param probes  [N, D]
     * @param gallery [M, D]
     * @return [N, M]
     */
    public INDArray scores(INDArray probes, INDArray gallery) {
        UnitRows these = UnitRows.of("probes", probes, width);
        UnitRows those = UnitRows.of("gallery", gallery, width);
        float[] ofProbes = galleryCohort.of(these);
        float[] ofGallery = probeCohort.of(those);
        int columns = those.count();
        float[] scores = new float[Math.multiplyExact(these.count(), columns)];
        try (RowProducts products = RowProducts.with(those.values(), columns, width)) {
            products.forEach(these.values(), these.count(), (probe, row, at) -> {
                for (int j = 0; j < columns; j++) {
                    scores[probe * columns + j] = score(row[at + j], ofProbes[probe], ofGallery[j]);
                }
            });
        }
        return ArrayCopy.matrix(scores, these.count(), columns);
    }

    /**
     * Its bytes, to be carried in another file.
     *
     * @return what {@link #of(byte[])} reads: a header, both cohorts and a checksum
     */
    public byte[] toBytes() {
        return LocalScalingBytes.encoded(neighbours, galleryCohort.rows(), probeCohort.rows());
    }

    /**
     * Reads what {@link #toBytes} gave.
     *
     * @param bytes all of them
     * @return the scaling
     * @throws IllegalArgumentException when they are damaged or something else
     */
    public static LocalScaling of(byte[] bytes) {
        return LocalScalingBytes.decoded(bytes);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof LocalScaling scaling && Arrays.equals(toBytes(), scaling.toBytes());
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(toBytes());
    }

    @Override
    public String toString() {
        return "LocalScaling[" + neighbours + " nearest of "
                + galleryCohort.rows().count() + " gallery and "
                + probeCohort.rows().count() + " probe rows, " + width + " wide]";
    }
}
