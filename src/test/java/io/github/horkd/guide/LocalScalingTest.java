package io.github.horkd.guide;

import io.github.horkd.data.Interpolation;
import io.github.horkd.data.Resolution;
import io.github.horkd.distill.PixelGuide;
import io.github.horkd.distill.Shapes;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class LocalScalingTest {

    private static float[][] drawn(int rows, int width, long seed) {
        Random random = new Random(seed);
        float[][] values = new float[rows][width];
        for (float[] row : values) {
            for (int d = 0; d < width; d++) {
                row[d] = (float) random.nextGaussian();
            }
        }
        return values;
    }

    private static double cosine(float[] a, float[] b) {
        double dot = 0;
        double aa = 0;
        double bb = 0;
        for (int d = 0; d < a.length; d++) {
            dot += (double) a[d] * b[d];
            aa += (double) a[d] * a[d];
            bb += (double) b[d] * b[d];
        }
        return aa == 0 || bb == 0 ? 0 : dot / Math.sqrt(aa * bb);
    }

    private static double nearestMean(float[] row, float[][] cohort, int neighbours) {
        double[] cosines = Arrays.stream(cohort)
                .mapToDouble(other -> cosine(row, other))
                .sorted()
                .toArray();
        return Arrays.stream(cosines, cosines.length - neighbours, cosines.length)
                .average()
                .orElseThrow();
    }

    @ParameterizedTest
    @CsvSource({"1, 1, 1", "5, 3, 1", "5, 3, 3", "40, 60, 7", "60, 40, 40", "300, 200, 20"})
    void scoresAreThoseOfPlainLoops(int galleryRows, int probeRows, int neighbours) {
        float[][] galleryCohort = drawn(galleryRows, 8, 1);
        float[][] probeCohort = drawn(probeRows, 8, 2);
        float[][] gallery = drawn(9, 8, 3);
        float[][] probes = drawn(7, 8, 4);
        Arrays.fill(probes[2], 0); // Alike to nothing.
        LocalScaling scaling = LocalScaling.of(Nd4j.create(galleryCohort), Nd4j.create(probeCohort), neighbours);
        INDArray scores = scaling.scores(Nd4j.create(probes), Nd4j.create(gallery));
        float[] ofProbes = scaling.ofProbes(Nd4j.create(probes));
        float[] ofGallery = scaling.ofGallery(Nd4j.create(gallery));
        for (int i = 0; i < probes.length; i++) {
            double ofProbe = nearestMean(probes[i], galleryCohort, neighbours);
            assertEquals(ofProbe, ofProbes[i], 1e-6);
            for (int j = 0; j < gallery.length; j++) {
                double ofRow = nearestMean(gallery[j], probeCohort, neighbours);
                assertEquals(ofRow, ofGallery[j], 1e-6);
                assertEquals(cosine(probes[i], gallery[j]) - (ofProbe + ofRow) / 2, scores.getDouble(i, j), 2e-6);
            }
        }
    }

    @Test
    void lengthsDoNotCount() {
        INDArray cohort = Nd4j.create(drawn(30, 4, 1));
        INDArray probes = Nd4j.create(drawn(3, 4, 2));
        LocalScaling scaling = LocalScaling.of(cohort, cohort, 5);
        LocalScaling longer = LocalScaling.of(cohort.mul(1e6), cohort.mul(1e-6), 5);
        assertArrayEquals(scaling.ofProbes(probes), longer.ofProbes(probes.mul(1e-3)), 1e-6f);
    }

    @Test
    void aFaceThatIsLikeEverybodyIsNearNobody() {
        // Around a middle, so that a row in the middle is alike to all; a stranger there is as alike to a rare face as
        // its owner.
        float[][] cohort = drawn(200, 6, 1);
        Arrays.stream(cohort).forEach(row -> row[0] += 3);
        float[][] gallery = {{1, 0, 0, 0, 0, 0}, {0.3f, 1, 0, 0, 0, 0}};
        float[][] probes = {{1, 0.35f, 0, 0, 0, 0}, {0.3f, 1, 0, 0, 0, 0.6f}};
        INDArray rows = Nd4j.create(cohort);
        INDArray scores = LocalScaling.of(rows, rows).scores(Nd4j.create(probes), Nd4j.create(gallery));
        assertTrue(cosine(probes[0], gallery[0]) > cosine(probes[1], gallery[1]));
        assertTrue(scores.getDouble(0, 0) < scores.getDouble(1, 1), scores.toString());
    }

    @Test
    void ofManyRowsAsManyAreTakenAsAreEnough() {
        float[][] rows = drawn(9_001, 2, 1);
        LocalScaling some = LocalScaling.of(Nd4j.create(rows), Nd4j.create(rows));
        assertEquals("LocalScaling[20 nearest of 4000 gallery and 4000 probe rows, 2 wide]", some.toString());
        float[][] taken = new float[4_000][];
        Arrays.setAll(taken, i -> rows[(int) ((long) i * rows.length / taken.length)]);
        assertEquals(LocalScaling.of(Nd4j.create(taken), Nd4j.create(taken), 20), some);
    }

    @Test
    void asksBothSidesAboutPictures() {
        PixelGuide high = new PixelGuide("high", 4, 0);
        PixelGuide low = new PixelGuide("low", 4, 1);
        var images = Shapes.drawn(30, 1);
        var way = Embeddings.by(high);
        var other = Embeddings.by(low).upsampled(Interpolation.BILINEAR);
        LocalScaling scaling = LocalScaling.of(way, other, images);
        assertEquals(LocalScaling.of(way.of(images, Resolution.HIGH), other.of(images, Resolution.LOW)), scaling);
    }

    @Test
    void knowsGalleriesThatAreEnrolledAtBothResolutions() {
        var low = Embeddings.by(new PixelGuide("low", 4, 1)).upsampled(Interpolation.BILINEAR);
        var high = Embeddings.by(new PixelGuide("high", 4, 0));
        var images = Shapes.drawn(30, 1);
        INDArray probes = low.of(images, Resolution.LOW);
        INDArray large = high.of(images, Resolution.HIGH);
        INDArray both = large.divColumnVector(large.norm2(true, 1)).add(probes.divColumnVector(probes.norm2(true, 1)));
        INDArray some = Nd4j.create(drawn(5, 4, 3));
        LocalScaling scaling = LocalScaling.enrolledAtBoth(high, low, images);
        LocalScaling wanted = LocalScaling.of(both, probes);
        assertArrayEquals(wanted.ofProbes(some), scaling.ofProbes(some), 1e-6f);
        assertArrayEquals(wanted.ofGallery(some), scaling.ofGallery(some), 1e-6f);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void comesBackFromItsBytes(boolean oneSide) {
        INDArray gallery = Nd4j.create(drawn(25, 3, 1));
        INDArray probes = oneSide ? gallery : Nd4j.create(drawn(40, 3, 2));
        LocalScaling scaling = LocalScaling.of(gallery, probes, 4);
        LocalScaling back = LocalScaling.of(scaling.toBytes());
        assertEquals(scaling, back);
        assertEquals(scaling.hashCode(), back.hashCode());
        assertEquals(scaling.toString(), back.toString());
        assertEquals(4, back.neighbours());
        assertEquals(3, back.width());
        INDArray some = Nd4j.create(drawn(5, 3, 3));
        assertArrayEquals(scaling.ofProbes(some), back.ofProbes(some));
        assertArrayEquals(scaling.ofGallery(some), back.ofGallery(some));
        assertNotEquals(LocalScaling.of(gallery, probes, 5), scaling);
    }

    @Test
    void refusesDamagedBytes() {
        byte[] sound = LocalScaling.of(Nd4j.create(drawn(6, 2, 1)), Nd4j.create(drawn(5, 2, 2)), 3)
                .toBytes();
        for (int length = 0; length < sound.length; length++) {
            byte[] cut = Arrays.copyOf(sound, length);
            assertThrows(IllegalArgumentException.class, () -> LocalScaling.of(cut));
        }
        for (int at = 0; at < sound.length; at++) {
            byte[] changed = sound.clone();
            changed[at] ^= 4;
            assertThrows(IllegalArgumentException.class, () -> LocalScaling.of(changed));
        }
        refused("which do not go with", sound, 12, 0); // neighbours
        refused("which do not go with", sound, 12, 7);
        refused("which do not go with", sound, 16, -1); // width
        refused("which do not go with", sound, 20, Integer.MAX_VALUE); // rows
        refused("which do not go with", sound, 24, Integer.MIN_VALUE);
        refused("of version 2", sound, 8, 2);
        refused("instead of 1", sound, 28, Float.floatToIntBits(3));
        refused("instead of 1", sound, 28, Float.floatToIntBits(Float.NaN));
    }

    /** With the right checksum. */
    private static void refused(String part, byte[] sound, int at, int value) {
        byte[] changed = sound.clone();
        ByteBuffer all = ByteBuffer.wrap(changed).putInt(at, value);
        CRC32C sum = new CRC32C();
        sum.update(changed, 0, changed.length - Long.BYTES);
        all.putLong(changed.length - Long.BYTES, sum.getValue());
        String message = assertThrows(IllegalArgumentException.class, () -> LocalScaling.of(changed))
                .getMessage();
        assertTrue(message.contains(part), message);
    }

    @Test
    void saysWhatItNeeds() {
        INDArray ten = Nd4j.create(drawn(10, 3, 1));
        INDArray wide = Nd4j.create(drawn(10, 4, 1));
        says("at least as many rows as neighbours, 20", () -> LocalScaling.of(ten, ten));
        says("neighbours: wanted 1 or more, got 0", () -> LocalScaling.of(ten, ten, 0));
        says("wanted embeddings of one width, got 3 and 4", () -> LocalScaling.of(ten, wide, 2));
        LocalScaling scaling = LocalScaling.of(ten, ten, 2);
        says("[N, 3]", () -> scaling.ofProbes(wide));
        says("no whole number of rows", () -> scaling.ofGallery(new float[4]));
        says("NaN or infinity", () -> scaling.scores(Nd4j.create(new float[][] {{1, Float.NaN, 0}}), ten));
    }

    private static void says(String part, Runnable call) {
        String message = assertThrows(IllegalArgumentException.class, call::run).getMessage();
        assertTrue(message.contains(part), message);
    }

    @Test
    void manyThreadsGetTheSame() throws Exception {
        LocalScaling scaling = LocalScaling.of(Nd4j.create(drawn(500, 16, 1)), Nd4j.create(drawn(400, 16, 2)), 10);
        INDArray probes = Nd4j.create(drawn(50, 16, 3));
        float[] wanted = LocalScaling.of(scaling.toBytes()).ofProbes(probes);
        ExecutorService threads = Executors.newFixedThreadPool(8);
        CountDownLatch begin = new CountDownLatch(1);
        List<Future<float[]>> answers = new ArrayList<>();
        for (int t = 0; t < 8; t++) {
            answers.add(threads.submit(() -> {
                begin.await();
                return scaling.ofProbes(probes);
            }));
        }
        begin.countDown();
        for (Future<float[]> answer : answers) {
            assertArrayEquals(wanted, answer.get());
        }
        threads.shutdown();
    }
}
