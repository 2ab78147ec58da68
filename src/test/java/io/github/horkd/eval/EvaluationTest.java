package io.github.horkd.eval;

import io.github.horkd.data.ImageShape;
import io.github.horkd.data.Interpolation;
import io.github.horkd.data.Resolution;
import io.github.horkd.guide.EmbeddingRows;
import io.github.horkd.guide.EmbeddingSpace;
import io.github.horkd.guide.Embeddings;
import io.github.horkd.guide.Guide;
import io.github.horkd.guide.SpaceMethod;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class EvaluationTest {

    private static final ImageShape HIGH = new ImageShape(1, 2, 4);
    private static final ImageShape LOW = new ImageShape(1, 1, 2);
    /** Left and right half: what the low-resolution view still shows. */
    private static final FakeGuide TEACHER = new FakeGuide(
            HIGH,
            Numbers.rows(
                    new float[] {.25f, 0},
                    new float[] {.25f, 0},
                    new float[] {0, .25f},
                    new float[] {0, .25f},
                    new float[] {.25f, 0},
                    new float[] {.25f, 0},
                    new float[] {0, .25f},
                    new float[] {0, .25f}),
            2);

    private static final FakeGuide STUDENT = new FakeGuide(LOW, Nd4j.eye(2).castTo(DataType.FLOAT), 2);

    /** An image whose left and right halves have these values. */
    private static float[] halves(float left, float right) {
        return new float[] {left, left, right, right, left, left, right, right};
    }

    private static FakeImages people() {
        return FakeImages.of(
                HIGH,
                List.of("left", "right"),
                new int[] {0, 0, 1, 1, -1},
                halves(1, 0),
                halves(0.9f, 0.1f),
                halves(0, 1),
                halves(0.2f, 0.8f),
                halves(0.5f, 0.5f));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5, 64})
    void embedsEveryImageWhateverTheBatch(int batch) {
        INDArray got = Embeddings.by(STUDENT).batchSize(batch).of(people(), Resolution.LOW);
        INDArray wanted = Numbers.rows(
                new float[] {1, 0},
                new float[] {0.9f, 0.1f},
                new float[] {0, 1},
                new float[] {0.2f, 0.8f},
                new float[] {0.5f, 0.5f});
        assertEquals(wanted, got);
        assertEquals(wanted, Embeddings.by(TEACHER).batchSize(batch).of(people(), Resolution.HIGH));
    }

    @Test
    void mirrorImagesAreAdded() {
        INDArray got = Embeddings.by(STUDENT).withMirror().of(people(), Resolution.LOW);
        for (int i = 0; i < 5; i++) {
            assertArrayEquals(new float[] {1, 1}, got.getRow(i).toFloatVector(), 1e-6f);
        }
    }

    @Test
    void smallViewsAreEnlargedOnlyWhenAsked() {
        var error = assertThrows(
                IllegalArgumentException.class, () -> Embeddings.by(TEACHER).of(people(), Resolution.LOW));
        assertEquals(
                "LOW view: wanted 1x2x4 as the network takes it, got 1x1x2; upsampled(...) enlarges it first",
                error.getMessage());
        FakeImages flat = FakeImages.of(HIGH, List.of(), new int[] {-1, -1}, halves(0.5f, 0.5f), halves(0.25f, 0.25f));
        INDArray got = Embeddings.by(TEACHER).upsampled(Interpolation.BILINEAR).of(flat, Resolution.LOW);
        assertEquals(Numbers.rows(new float[] {0.5f, 0.5f}, new float[] {0.25f, 0.25f}), got);
        var shrink = assertThrows(
                IllegalArgumentException.class,
                () -> Embeddings.by(STUDENT).upsampled(Interpolation.BILINEAR).of(people(), Resolution.HIGH));
        assertEquals(
                "HIGH view: wanted at most 1x1x2 as the network takes it, got 1x2x4; it is enlarged, never made smaller",
                shrink.getMessage());
    }

    @Test
    void crossResolutionByHand() {
        CrossResolution result = Evaluation.crossResolution(TEACHER, STUDENT, people());
        for (Matching each : List.of(result.highHigh(), result.lowLow(), result.highLow())) {
            assertEquals(1, each.identification().rank(1));
            assertEquals(4, each.identification().probes());
            assertEquals(1, each.verification().auc());
        }
        assertEquals(new TopOne(4, 4, 0), result.highHigh().topOne().orElseThrow());
        assertTrue(result.highLow().topOne().isEmpty());
        assertEquals(2, result.lowLow().verification().matchedPairs());
        assertEquals(4, result.highLow().verification().matchedPairs());
        assertEquals("""
                                        top-1  rank-1  rank-5    AUC  EER  TAR 1e-2  TAR 1e-3
                HR-HR                   100.0   100.0   100.0  100.0  0.0       n/a       n/a
                LR-LR                   100.0   100.0   100.0  100.0  0.0       n/a       n/a
                HR-LR                       -   100.0   100.0  100.0  0.0       n/a       n/a
                LR-LR, naive, bilinear  100.0   100.0   100.0  100.0  0.0       n/a       n/a
                HR-LR, naive, bilinear      -   100.0   100.0  100.0  0.0       n/a       n/a""", result.toString());
    }

    @Test
    void naiveUseIsTheInterpolationOfLargestArea() {
        ImageShape large = new ImageShape(1, 8, 8);
        Random random = new Random(9);
        FakeGuide teacher = new FakeGuide(large, drawn(random, 64), 0);
        float[][] pixels = new float[40][64];
        int[] labels = new int[40];
        for (int i = 0; i < 40; i++) {
            labels[i] = i / 5;
            for (int p = 0; p < 64; p++) {
                pixels[i][p] = random.nextFloat() + new Random(64 * labels[i] + p).nextFloat();
            }
        }
        List<String> names = IntStream.range(0, 8).mapToObj(i -> "p" + i).toList();
        FakeImages images = FakeImages.of(large, names, labels, pixels);
        FakeGuide student = new FakeGuide(new ImageShape(1, 4, 4), drawn(random, 16), 0);
        INDArray high = Embeddings.by(teacher).of(images, Resolution.HIGH);
        double[] areas = Arrays.stream(Interpolation.values())
                .mapToDouble(how -> Verification.allPairs(
                                high,
                                Embeddings.by(teacher).upsampled(how).of(images, Resolution.LOW),
                                labels,
                                PairWeight.PER_PERSON)
                        .auc())
                .toArray();
        double best = Arrays.stream(areas).max().orElseThrow();
        assertTrue(Arrays.stream(areas).filter(area -> area == best).count() == 1, Arrays.toString(areas));
        // A student that was taught in a space changes nothing about the teacher's own naive use.
        Guide taught = student.in(EmbeddingSpace.fit(EmbeddingRows.of(high), SpaceMethod.whitened()));
        assertEquals(
                "HR-HR",
                Evaluation.within(Embeddings.by(teacher), images, Resolution.HIGH)
                        .name());
        for (CrossResolution result : List.of(
                Evaluation.crossResolution(teacher, student, images),
                Evaluation.crossResolution(teacher, taught, images),
                Evaluation.crossResolution(teacher, taught, images, images),
                Evaluation.crossResolution(teacher, student, images, images))) {
            Matching naive = result.naive().get(1);
            assertEquals(best, naive.verification().auc(), 1e-12);
            assertTrue(naive.toString().startsWith(naive.name() + ": rank-1 "), naive.toString());
            for (int i = 0; i < areas.length; i++) {
                String name = Interpolation.values()[i].name().toLowerCase(Locale.ROOT);
                assertEquals(areas[i] == best, naive.name().endsWith(name), naive.name());
            }
        }
    }

    private static INDArray drawn(Random random, int pixels) {
        float[][] rows = new float[pixels][3];
        for (float[] row : rows) {
            for (int d = 0; d < 3; d++) {
                row[d] = (float) random.nextGaussian();
            }
        }
        return Numbers.rows(rows);
    }

    @Test
    void strangersAreThoseWhoseClassTheGalleryDoesNotHave() {
        FakeImages gallery =
                FakeImages.of(HIGH, List.of("right", "other"), new int[] {0, 1}, halves(0, 1), halves(1, 1));
        OpenSetIdentification result = Evaluation.openSet(TEACHER, STUDENT, gallery, people());
        assertEquals(2, result.knownProbes());
        assertEquals(2, result.strangerProbes());
        // Both of "right" are most alike to their own; those of "left" are at 45 and 39 degrees from "other".
        assertEquals(1, result.detectionRate(0.5));
        assertEquals(1, result.falsePositiveRate(0.7));
        assertEquals(0, result.falsePositiveRate(0.8));
    }

    @Test
    void topOneMatchesClassesByName() {
        // The network numbers its classes right, other, left; the images left, right, stranger.
        FakeGuide network = new FakeGuide(
                LOW, Numbers.rows(new float[] {0, 0, 1}, new float[] {1, 0, 0}), List.of("right", "other", "left"));
        FakeImages images = FakeImages.of(
                HIGH,
                List.of("left", "right", "stranger"),
                new int[] {0, 1, 2, -1},
                halves(1, 0),
                halves(0, 1),
                halves(1, 1),
                halves(1, 0));
        TopOne topOne = Evaluation.within(Embeddings.by(network), images, Resolution.LOW)
                .topOne()
                .orElseThrow();
        assertEquals(new TopOne(2, 2, 1), topOne);
        assertEquals("top-1 100.0 % of 2 (1 of classes that the network does not know left out)", topOne.toString());
        FakeImages strangers = FakeImages.of(HIGH, List.of("stranger"), new int[] {0}, halves(1, 0));
        assertTrue(Double.isNaN(Evaluation.within(Embeddings.by(network), strangers, Resolution.LOW)
                .topOne()
                .orElseThrow()
                .rate()));
    }

    @Test
    void anotherSpaceIsFoundOutAcrossOnly() {
        // A student that exchanges the two axes recognises as well as ever, but not against the teacher's gallery.
        FakeGuide turned = new FakeGuide(LOW, Numbers.rows(new float[] {0, 1}, new float[] {1, 0}), 0);
        CrossResolution result = Evaluation.crossResolution(TEACHER, turned, people());
        assertEquals(1, result.lowLow().identification().rank(1));
        assertTrue(result.lowLow().topOne().isEmpty());
        assertEquals(0, result.highLow().identification().rank(1));
        assertEquals(0, result.highLow().verification().auc());
    }

    @Test
    void galleryClassesAreMatchedByName() {
        FakeImages gallery = FakeImages.of(
                HIGH,
                List.of("right", "other", "left"),
                new int[] {0, 2, 1, -1},
                halves(0, 1),
                halves(1, 0),
                halves(1, 1),
                halves(1, 0));
        CrossResolution result = Evaluation.crossResolution(TEACHER, STUDENT, gallery, people());
        assertEquals(1, result.highLow().identification().rank(1));
        assertEquals(3, result.highLow().identification().identities());
        assertEquals(1, result.lowLow().identification().rank(1));
        assertEquals(0, result.highHigh().identification().withoutMate());
    }

    @Test
    void widthsThatDoNotFitAreTold() {
        FakeGuide wide = new FakeGuide(LOW, Nd4j.ones(DataType.FLOAT, 2, 3), 0);
        var error =
                assertThrows(IllegalArgumentException.class, () -> Evaluation.crossResolution(TEACHER, wide, people()));
        assertTrue(error.getMessage().contains("2, got 3"), error.getMessage());
        assertEquals(
                0.5,
                Evaluation.within(Embeddings.by(wide), people(), Resolution.LOW)
                        .verification()
                        .auc());
    }

    @Test
    void aDivergedNetworkIsTold() {
        FakeGuide broken = new FakeGuide(LOW, Numbers.rows(new float[] {0, 1}, new float[] {Float.NaN, 0}), 0);
        var error = assertThrows(
                IllegalArgumentException.class, () -> Embeddings.by(broken).of(people(), Resolution.LOW));
        assertTrue(error.getMessage().contains("its embedding of image0 (image 0) is not finite"), error.getMessage());
    }

    @Test
    void noImagesGiveNoNumbers() {
        FakeImages none = FakeImages.of(HIGH, List.of("left", "right"), new int[0]);
        CrossResolution result = Evaluation.crossResolution(TEACHER, STUDENT, none);
        assertTrue(Double.isNaN(result.highLow().identification().rank(1)));
        assertTrue(result.toString().contains("n/a"));
    }

    @Test
    void pairsCompareAcrossAndBothWays() {
        INDArray high = Numbers.angles(0, 90);
        INDArray low = Numbers.angles(30, 60);
        ImagePairs pairs = ImagePairs.of(new int[] {0}, new int[] {1}, new boolean[] {false}, new int[] {3})
                .bothWays();
        float[] cosines = pairs.cosines(high, low);
        assertEquals(0.5, cosines[0], 1e-6);
        assertEquals(0.5, cosines[1], 1e-6);
        assertArrayEquals(new int[] {1, 0}, pairs.second());
        assertArrayEquals(new int[] {3, 3}, pairs.folds());
        assertEquals(
                Math.cos(Math.toRadians(60)),
                ImagePairs.of(new int[] {0}, new int[] {1}, new boolean[1], new int[1])
                        .cosines(high, low)[0],
                1e-6);
        assertThrows(
                IllegalArgumentException.class,
                () -> ImagePairs.of(new int[] {0}, new int[] {2}, new boolean[1], new int[1])
                        .cosines(high, low));
    }

    @Test
    void onePersonOneVoteWeighsListedPairs() {
        ImagePairs pairs = ImagePairs.of(
                new int[] {0, 0, 3, 0}, new int[] {1, 2, 4, 3}, new boolean[] {true, true, true, false}, new int[4]);
        assertArrayEquals(new double[] {0.5, 0.5, 1, 1}, pairs.onePersonOneVote(new int[] {0, 0, 0, 1, 1}));
    }

    @Test
    void bootstrapTellsARealDifferenceFromNone() {
        int people = 30;
        int[] labels = new int[2 * people];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = i / 2;
        }
        int n = 2 * people;
        int[] first = new int[n];
        int[] second = new int[n];
        boolean[] same = new boolean[n];
        for (int p = 0; p < people; p++) {
            first[p] = 2 * p;
            second[p] = 2 * p + 1;
            same[p] = true;
            first[people + p] = 2 * p;
            second[people + p] = (2 * p + 3) % n;
        }
        ImagePairs pairs = ImagePairs.of(first, second, same, new int[n]);
        var random = new Random(1);
        float[] good = new float[n];
        float[] bad = new float[n];
        for (int i = 0; i < n; i++) {
            good[i] = (float) ((same[i] ? 3 : 0) + random.nextGaussian());
            bad[i] = (float) random.nextGaussian();
        }
        PairedBootstrap clear = PairedBootstrap.of(pairs, labels, good, bad, Verification::auc, 200, 5);
        assertTrue(clear.low() > 0.1 && clear.wins() == 1, clear.toString());
        assertTrue(clear.low() <= clear.difference() && clear.difference() <= clear.high());
        PairedBootstrap level = PairedBootstrap.of(pairs, labels, good, good, Verification::auc, 50, 5);
        assertEquals(0, level.difference());
        assertEquals(0.5, level.wins());
        assertEquals(clear, PairedBootstrap.of(pairs, labels, good, bad, Verification::auc, 200, 5));
        assertThrows(
                IllegalArgumentException.class,
                () -> PairedBootstrap.of(pairs, new int[3], good, bad, Verification::auc, 1, 5));
    }
}
