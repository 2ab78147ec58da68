package io.github.horkd.data;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Sources that show a guide more than the pictures alone: joined, blended, rendered once. */
class ManyViewsTest {

    private static final ImageShape SHAPE = ImageShape.gray(8);

    @Test
    void joinedSourcesPairClassesByName() {
        PairedImages joined = JoinedImages.of(
                images("a", List.of("anna", "bob"), 0, 1),
                images("b", List.of("bob", "carl"), 0, 1, PairedImages.UNLABELLED),
                images("c", List.of()));
        assertEquals(List.of("anna", "bob", "carl"), joined.classes());
        assertArrayEquals(
                new int[] {0, 1, 1, 2, -1},
                IntStream.range(0, 5).map(joined::label).toArray());
        assertEquals("b0", joined.name(2));
        assertThrows(IndexOutOfBoundsException.class, () -> joined.label(5));
    }

    @Test
    void viewsOfSourcesSayWhatTheseLeftOut() {
        LeftOut leftOut =
                new LeftOut(List.of(new LeftOut.File("a.txt", LeftOut.Reason.OTHER_KIND, "")), List.of("carl"));
        PairedImages source = new MemoryImages(
                ImageShape.gray(4),
                List.of(new byte[16], new byte[16]),
                new int[] {-1, -1},
                List.of(),
                List.of("s", "t"),
                LowView.Derived.from(ImageShape.gray(4), Degradation.downscaleTo(2)),
                leftOut);
        assertEquals(leftOut, new BlendedImages(source, 0.5, 1).leftOut());
        assertEquals(leftOut, RenderedLowViews.of(source).leftOut());
        assertEquals(leftOut, JoinedImages.of(source).leftOut());
    }

    @Test
    void joinedSourcesOfOtherShapesAreRefusedByName() {
        PairedImages small = MemoryImages.of(
                ImageShape.gray(6),
                List.of(new byte[36]),
                new int[] {-1},
                List.of(),
                List.of("s"),
                Degradation.downscaleTo(4));
        PairedImages once = images("a", List.of(), -1);
        String twice = assertThrows(IllegalArgumentException.class, () -> JoinedImages.of(once, once))
                .getMessage();
        assertTrue(twice.contains(once.name(0)) && twice.contains("sources 0 and 1"), twice);
        var e = assertThrows(IllegalArgumentException.class, () -> JoinedImages.of(images("a", List.of(), -1), small));
        assertTrue(e.getMessage().contains("source 1"), e.getMessage());
    }

    @Test
    void aBlendIsTheWeightedSumOfTwoPicturesInBothViews() {
        PairedImages source = images("a", List.of(), -1, -1, -1);
        PairedImages blended = new BlendedImages(source, 0, 7);
        for (int i = 0; i < 3; i++) {
            float[] high = Pictures.high(blended, i, Pose.IDENTITY);
            float[] low = Pictures.low(blended, i, Pose.IDENTITY);
            int own = i;
            boolean found = IntStream.range(0, 3).filter(j -> j != own).anyMatch(j -> {
                float a = Pictures.high(source, own, Pose.IDENTITY)[0];
                float b = Pictures.high(source, j, Pose.IDENTITY)[0];
                float w = (high[0] - b) / (a - b);
                return w >= 0.2f - 1e-5f
                        && w <= 0.8f + 1e-5f
                        && isMix(high, w, own, j, source, true)
                        && isMix(low, w, own, j, source, false);
            });
            assertTrue(found, "image " + i + " is no blend of itself with another");
        }
    }

    @Test
    void anEdgeShowsOnePictureOnEitherSide() {
        byte[] black = new byte[64 * 64];
        byte[] white = new byte[64 * 64];
        Arrays.fill(white, (byte) 255);
        PairedImages source = MemoryImages.of(
                ImageShape.gray(64),
                List.of(black, white),
                new int[] {-1, -1},
                List.of(),
                List.of("b", "w"),
                Degradation.downscaleTo(16));
        float[] high = Pictures.high(new BlendedImages(source, 1, 1), 0, Pose.IDENTITY);
        float[] low = Pictures.low(new BlendedImages(source, 1, 1), 0, Pose.IDENTITY);
        assertTrue(IntStream.range(0, high.length).anyMatch(i -> high[i] < 0.05f));
        assertTrue(IntStream.range(0, high.length).anyMatch(i -> high[i] > 0.95f));
        // The low view is cut at the same place: it is near the mean of its 4 x 4 high pixels.
        for (int y = 0; y < 16; y++) {
            for (int x = 0; x < 16; x++) {
                double mean = 0;
                for (int k = 0; k < 16; k++) {
                    mean += high[(4 * y + k / 4) * 64 + 4 * x + k % 4] / 16;
                }
                assertEquals(mean, low[16 * y + x], 0.02);
            }
        }
    }

    @Test
    void renderedViewsAreThoseOfTheSourceToEightBits() {
        PairedImages source = new AugmentedPool(
                images("a", List.of(), -1, -1, -1),
                4,
                Augmentation.none().flip().shift(1).rotate(0.3),
                2);
        PairedImages rendered = RenderedLowViews.of(source);
        for (int i = 0; i < source.size(); i++) {
            assertArrayEquals(
                    Pictures.low(source, i, Pose.IDENTITY),
                    Pictures.low(rendered, i, Pose.IDENTITY),
                    0.5f / 255 + 1e-6f);
            assertArrayEquals(Pictures.high(source, i, Pose.IDENTITY), Pictures.high(rendered, i, Pose.IDENTITY));
        }
        Pose moved = Augmentation.none().shift(1).draw(5);
        assertThrows(IllegalArgumentException.class, () -> rendered.read(0, moved, null, 0, new float[16], 0));
    }

    /** What training draws: every pose has noise of its own. */
    @Test
    void flipsThatAnAugmentationDrawsAreTaken() {
        PairedImages source = images("a", List.of(), -1, -1, -1);
        for (PairedImages images : List.of(RenderedLowViews.of(source), new BlendedImages(source, 0.5, 1))) {
            for (int seed = 0; seed < 8; seed++) {
                Pose drawn = Augmentation.none().flip().draw(seed);
                assertArrayEquals(
                        Pictures.low(images, 1, drawn.mirrored() ? Pose.MIRRORED : Pose.IDENTITY),
                        Pictures.low(images, 1, drawn));
            }
        }
    }

    private static boolean isMix(float[] view, float w, int i, int j, PairedImages source, boolean high) {
        float[] a = high ? Pictures.high(source, i, Pose.IDENTITY) : Pictures.low(source, i, Pose.IDENTITY);
        float[] b = high ? Pictures.high(source, j, Pose.IDENTITY) : Pictures.low(source, j, Pose.IDENTITY);
        return IntStream.range(0, view.length).allMatch(k -> Math.abs(view[k] - w * a[k] - (1 - w) * b[k]) < 1e-5);
    }

    private static PairedImages images(String prefix, List<String> classes, int... labels) {
        List<byte[]> pixels = IntStream.range(0, labels.length)
                .mapToObj(i -> {
                    byte[] image = new byte[SHAPE.size()];
                    new java.util.Random(prefix.hashCode() + i).nextBytes(image);
                    return image;
                })
                .toList();
        List<String> names =
                IntStream.range(0, labels.length).mapToObj(i -> prefix + i).toList();
        return MemoryImages.of(SHAPE, pixels, labels, classes, names, Degradation.downscaleTo(4));
    }
}
