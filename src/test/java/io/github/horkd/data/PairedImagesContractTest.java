package io.github.horkd.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What every source of pairs promises. A new one joins by one line in {@link #sources()}. */
class PairedImagesContractTest {

    private static final ImageShape HIGH = ImageShape.gray(8);
    private static final ImageShape LOW = ImageShape.gray(4);
    private static final Degradation TO_4 = Degradation.downscaleTo(4);

    @TempDir
    Path temp;

    static Stream<Source> sources() {
        return Stream.of(
                source("memory", dir -> memory()),
                source("folder", dir -> ImageFolder.open(tree(dir.resolve("faces"), 8), 8, TO_4)),
                source("zip", dir -> ImageFolder.open(Pictures.zip(dir.resolve("x.zip"), files(8)), 8, TO_4)),
                source("tar", dir -> ImageFolder.open(Pictures.tar(dir.resolve("x.tar"), files(8)), 8, TO_4)),
                source("tar.gz", dir -> ImageFolder.open(Pictures.tar(dir.resolve("x.tgz"), files(8)), 8, TO_4)),
                source(
                        "packed",
                        dir -> ImageFolder.open(
                                tree(dir.resolve("faces"), 8),
                                HIGH,
                                TO_4,
                                ImageOptions.defaults().packedIn(dir.resolve("packed")))),
                source("list file", PairedImagesContractTest::listed),
                source("idx", PairedImagesContractTest::idx),
                source("RecordIO", dir -> RecordIoImages.open(copy(dir, "faces.rec"), HIGH, TO_4)),
                source(
                        "WebDataset",
                        dir -> WebDatasetImages.open(
                                copy(dir, "shard-000000.tar").toString(), HIGH, TO_4)),
                source(
                        "verification set",
                        dir -> VerificationSet.load(copy(dir, "pairs.bin"), HIGH, TO_4)
                                .images()),
                source(
                        "two folders",
                        dir -> PairedFolders.open(tree(dir.resolve("h"), 8), tree(dir.resolve("l"), 4), HIGH, LOW)),
                source("subset", dir -> memory().subset(4, 0, 2)),
                source("labels hidden", dir -> memory().withoutLabels(i -> i < 2)),
                source("relabelled", dir -> memory().where(i -> i > 2).withoutUnusedClasses()),
                source("joined", dir -> JoinedImages.of(memory().subset(0, 1), memory().subset(3, 4))),
                source("blended", dir -> new BlendedImages(memory(), 0.5, 3)),
                source("rendered", dir -> RenderedLowViews.of(memory())),
                source("mixed", dir -> new MixedResolution(memory(), Interpolation.BILINEAR)),
                source(
                        "pool",
                        dir -> new AugmentedPool(
                                memory(), 3, Augmentation.none().flip().shift(1).rotate(0.2), 5)));
    }

    @ParameterizedTest
    @MethodSource("sources")
    void namesAreUniqueAndLabelsAreOfTheClasses(Source source) throws IOException {
        PairedImages images = source.make.in(temp);
        assertTrue(images.size() > 1);
        assertEquals(images.size(), new HashSet<>(Pictures.names(images)).size());
        assertEquals(images.classes().size(), new HashSet<>(images.classes()).size());
        for (int i = 0; i < images.size(); i++) {
            assertTrue(images.label(i) >= PairedImages.UNLABELLED
                    && images.label(i) < images.classes().size());
            assertTrue(Normalizer.isNormalized(images.name(i), Normalizer.Form.NFC));
        }
        assertThrows(UnsupportedOperationException.class, () -> images.classes().add("zoe"));
    }

    @ParameterizedTest
    @MethodSource("sources")
    void aViewReadAloneIsTheOneReadWithTheOther(Source source) throws IOException {
        PairedImages images = source.make.in(temp);
        for (int i = 0; i < images.size(); i++) {
            float[] high = new float[images.shape(Resolution.HIGH).size()];
            float[] low = new float[images.shape(Resolution.LOW).size()];
            images.read(i, Pose.MIRRORED, high, 0, low, 0);
            assertArrayEquals(high, Pictures.high(images, i, Pose.MIRRORED));
            assertArrayEquals(low, Pictures.low(images, i, Pose.MIRRORED));
            for (float[] view : List.of(high, low)) {
                for (float value : view) {
                    assertTrue(value >= 0 && value <= 1, () -> "intensity " + value);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("sources")
    void writesItsViewsInTheirPlacesAndNothingElse(Source source) throws IOException {
        PairedImages images = source.make.in(temp);
        int highSize = images.shape(Resolution.HIGH).size();
        int lowSize = images.shape(Resolution.LOW).size();
        float[] high = new float[highSize + 5];
        float[] low = new float[lowSize + 5];
        Arrays.fill(high, -7);
        Arrays.fill(low, -7);
        images.read(1, Pose.IDENTITY, high, 3, low, 2);
        assertArrayEquals(Pictures.high(images, 1, Pose.IDENTITY), Arrays.copyOfRange(high, 3, 3 + highSize));
        assertArrayEquals(Pictures.low(images, 1, Pose.IDENTITY), Arrays.copyOfRange(low, 2, 2 + lowSize));
        assertArrayEquals(new float[] {-7, -7, -7}, Arrays.copyOf(high, 3));
        assertArrayEquals(new float[] {-7, -7}, Arrays.copyOfRange(high, 3 + highSize, high.length));
        assertArrayEquals(new float[] {-7, -7}, Arrays.copyOf(low, 2));
        assertArrayEquals(new float[] {-7, -7, -7}, Arrays.copyOfRange(low, 2 + lowSize, low.length));
    }

    @ParameterizedTest
    @MethodSource("sources")
    void mirroringTurnsTheHighViewRoundExactly(Source source) throws IOException {
        PairedImages images = source.make.in(temp);
        ImageShape shape = images.shape(Resolution.HIGH);
        for (int i = 0; i < images.size(); i++) {
            float[] plain = Pictures.high(images, i, Pose.IDENTITY);
            float[] turned = new float[plain.length];
            for (int at = 0; at < turned.length; at++) {
                int x = at % shape.width();
                turned[at] = plain[at - x + shape.width() - 1 - x];
            }
            // A pool turns its drawn pose, which interpolates in another order.
            assertArrayEquals(turned, Pictures.high(images, i, Pose.MIRRORED), 1e-6f);
        }
    }

    @ParameterizedTest
    @MethodSource("sources")
    void threadsReadWhatOneThreadReads(Source source) throws IOException {
        PairedImages images = source.make.in(temp);
        List<float[]> alone = IntStream.range(0, images.size())
                .mapToObj(i -> Pictures.low(images, i, Pose.MIRRORED))
                .toList();
        IntStream.range(0, 400).parallel().forEach(k -> {
            int i = k * 7 % images.size();
            assertArrayEquals(alone.get(i), Pictures.low(images, i, Pose.MIRRORED));
        });
    }

    @ParameterizedTest
    @MethodSource("sources")
    void thereIsNoImageBeforeTheFirstOrBehindTheLast(Source source) throws IOException {
        PairedImages images = source.make.in(temp);
        for (int none : new int[] {-1, images.size()}) {
            assertThrows(IndexOutOfBoundsException.class, () -> images.label(none));
            assertThrows(IndexOutOfBoundsException.class, () -> images.name(none));
            assertThrows(IndexOutOfBoundsException.class, () -> Pictures.low(images, none, Pose.IDENTITY));
        }
    }

    @ParameterizedTest
    @MethodSource("sources")
    void openedTwiceItIsTheSame(Source source) throws IOException {
        PairedImages first = source.make.in(temp);
        PairedImages again = source.make.in(temp);
        assertEquals(Pictures.names(first), Pictures.names(again));
        assertEquals(first.classes(), again.classes());
        assertArrayEquals(Pictures.labels(first), Pictures.labels(again));
        for (int i = 0; i < first.size(); i++) {
            assertArrayEquals(Pictures.low(first, i, Pose.IDENTITY), Pictures.low(again, i, Pose.IDENTITY));
        }
    }

    /** What makes images of other images. */
    static Stream<UnaryOperator<PairedImages>> wrappers() {
        return Stream.of(
                all -> all.subset(1, 0),
                all -> all.withoutLabels(i -> i == 0),
                PairedImages::withoutUnusedClasses,
                all -> JoinedImages.of(all, memory()),
                all -> new BlendedImages(all, 0.5, 3),
                RenderedLowViews::of,
                all -> new MixedResolution(all, Interpolation.BILINEAR),
                all -> new AugmentedPool(all, 2, Augmentation.none(), 1));
    }

    @ParameterizedTest
    @MethodSource("wrappers")
    void whatASourceLeftOutItsWrapperTellsToo(UnaryOperator<PairedImages> wrapper) throws IOException {
        Path faces = tree(temp.resolve("faces"), 8);
        Files.writeString(faces.resolve("anna/notes.txt"), "no picture");
        PairedImages source = ImageFolder.open(faces, 8, TO_4);
        assertEquals(1, source.leftOut().files().size());
        assertEquals(source.leftOut(), wrapper.apply(source).leftOut());
    }

    private record Source(String name, Make make) {
        @Override
        public String toString() {
            return name;
        }
    }

    private interface Make {
        PairedImages in(Path dir) throws IOException;
    }

    private static Source source(String name, Make make) {
        return new Source(name, make);
    }

    private static PairedImages memory() {
        return Pictures.source(HIGH, TO_4, 2, 1, 3);
    }

    private static Map<String, byte[]> files(int side) throws IOException {
        Map<String, byte[]> files = new TreeMap<>();
        for (String name : List.of("anna/1.png", "anna/2.png", "jos\u00e9/1.png", "bert/7.png", "bert/8.png")) {
            files.put(name, Pictures.png(1, side, side, name.hashCode()));
        }
        return files;
    }

    private static Path tree(Path root, int side) throws IOException {
        Pictures.write(root, files(side));
        return root;
    }

    private static Path copy(Path dir, String name) throws IOException {
        return Files.write(dir.resolve(name), SharedSetsTest.resource(name));
    }

    private static PairedImages listed(Path dir) throws IOException {
        Path flat = dir.resolve("flat");
        Pictures.write(flat, Map.of("1.png", Pictures.png(1, 8, 8, 1), "2.png", Pictures.png(1, 8, 8, 2)));
        Path list = Files.writeString(dir.resolve("list.csv"), "2.png,zoe\n1.png,anna\n");
        return ImageFolder.open(flat, 8, TO_4, ImageOptions.defaults().withList(list));
    }

    private static PairedImages idx(Path dir) throws IOException {
        byte[] samples = Pictures.random(new ImageShape(3, 8, 8), 1).samples();
        return IdxImages.open(
                Pictures.idx(dir.resolve("images"), samples, 0x803, 3, 8, 8),
                Pictures.idx(dir.resolve("labels"), new byte[] {1, 0, 1}, 0x801, 3),
                TO_4);
    }
}
