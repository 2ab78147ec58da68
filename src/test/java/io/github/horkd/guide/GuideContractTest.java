package io.github.horkd.guide;

import io.github.horkd.data.Interpolation;
import io.github.horkd.data.PairedImages;
import io.github.horkd.data.Pose;
import io.github.horkd.data.Resolution;
import io.github.horkd.distill.PixelGuide;
import io.github.horkd.distill.Shapes;
import io.github.horkd.knowledge.Knowledge;
import io.github.horkd.knowledge.KnowledgeStore;
import io.github.horkd.knowledge.KnownPoses;
import io.github.horkd.model.Backbone;
import io.github.horkd.model.Head;
import io.github.horkd.model.Network;
import io.github.horkd.onnx.OnnxExport;
import io.github.horkd.onnx.OnnxGuide;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.memory.conf.WorkspaceConfiguration;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.workspace.ND4JWorkspaceException;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.nd4j.linalg.indexing.NDArrayIndex.all;

/** What every source of knowledge promises, and every guide besides. A new one joins by one line in {@link #sources()}. */
class GuideContractTest {

    private static final PairedImages IMAGES = Shapes.drawn(10, 1);
    /** Of a convolution that goes by another algorithm for one image than for many. */
    private static final double ROUNDING = 1e-4;

    @TempDir
    Path temp;

    /** How one is made, and which view of {@link #IMAGES} it is asked about. */
    private record Case(String name, Resolution view, Maker maker) {
        interface Maker {
            KnowledgeSource in(Path folder);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private static Case of(String name, Case.Maker maker) {
        return new Case(name, Resolution.HIGH, maker);
    }

    static Stream<Case> sources() {
        return Stream.of(
                of("test guide", folder -> new PixelGuide("pixels", 7, 4)),
                of("test guide without classes", folder -> new PixelGuide("pixels", 7, 0)),
                of("network", folder -> network()),
                of("network for inference", folder -> network().folded()),
                of("ONNX", GuideContractTest::onnx),
                of("network with maps", folder -> network().withMaps("block1", "stem")),
                of("ONNX with maps", folder -> ((OnnxGuide) onnx(folder)).withMaps("block1/Relu")),
                of(
                        "guide with maps in a space",
                        folder -> network().in(space(network())).withMaps("stem")),
                new Case(
                        "upsampled with maps",
                        Resolution.LOW,
                        folder -> network().withMaps("block1").upsampled(Interpolation.BICUBIC)),
                of("guide in a space", folder -> network().in(space(network()))),
                of("precomputed", folder -> precomputed()),
                of("precomputed in a space", folder -> precomputed().in(space(precomputed()))),
                new Case("upsampled", Resolution.LOW, folder -> network().upsampled(Interpolation.BICUBIC)));
    }

    private static Network network() {
        return Network.create(
                Backbone.plain(8, 16),
                new Head.Softmax(),
                new Input(IMAGES.shape(Resolution.HIGH), Scaling.STANDARDISED),
                IMAGES.classes(),
                7);
    }

    private static KnowledgeSource onnx(Path folder) {
        Path file = folder.resolve("network.onnx");
        OnnxExport.write(network(), file);
        return OnnxGuide.from(file).open();
    }

    private static KnowledgeSource precomputed() {
        return PrecomputedKnowledge.of(
                IntStream.range(0, IMAGES.size()).mapToObj(IMAGES::name).toList(),
                Embeddings.by(network()).of(IMAGES, Resolution.HIGH));
    }

    private static EmbeddingSpace space(KnowledgeSource source) {
        return EmbeddingSpace.fit(
                EmbeddingRows.of(Embeddings.by(source).of(IMAGES, Resolution.HIGH)), SpaceMethod.whitened());
    }

    private static Pose[] poses(int count, Pose pose) {
        Pose[] poses = new Pose[count];
        Arrays.fill(poses, pose);
        return poses;
    }

    private static KnowledgeSource.Output ask(KnowledgeSource source, Case asked, Pose pose, int... indices) {
        return source.outputs(IMAGES, asked.view, indices, poses(indices.length, pose));
    }

    private static void assertClose(INDArray wanted, INDArray got) {
        assertArrayEquals(wanted.shape(), got.shape());
        double largest = Math.max(1e-3, wanted.amaxNumber().doubleValue());
        assertEquals(0, wanted.sub(got).amaxNumber().doubleValue(), ROUNDING * largest);
    }

    private static void assertClose(KnowledgeSource.Output wanted, KnowledgeSource.Output got) {
        assertClose(wanted.embeddings(), got.embeddings());
        assertEquals(wanted.logits().isPresent(), got.logits().isPresent());
        wanted.logits().ifPresent(logits -> assertClose(logits, got.logits().orElseThrow()));
        assertEquals(wanted.maps().keySet(), got.maps().keySet());
        wanted.maps().forEach((name, map) -> assertClose(map, got.maps().get(name)));
    }

    @ParameterizedTest
    @MethodSource("sources")
    void itAnswersInTheShapesThatItSays(Case asked) {
        KnowledgeSource source = asked.maker.in(temp);
        KnowledgeSource.Output output = ask(source, asked, Pose.IDENTITY, 3, 0, 9);
        assertArrayEquals(
                new long[] {3, source.embeddingWidth()}, output.embeddings().shape());
        assertEquals(source.classes().isEmpty(), output.logits().isEmpty());
        output.logits()
                .ifPresent(logits ->
                        assertArrayEquals(new long[] {3, source.classes().size()}, logits.shape()));
        assertEquals(source.maps().size(), output.maps().size());
        for (FeatureMap map : source.maps()) {
            assertArrayEquals(
                    new long[] {3, map.channels(), map.height(), map.width()},
                    output.maps().get(map.name()).shape());
            assertTrue(map.height() > 1 && map.width() > 1, map.toString());
        }
        assertTrue(Double.isFinite(output.embeddings().sumNumber().doubleValue()));
        assertEquals(source.classes().size(), new HashSet<>(source.classes()).size(), "a name a class");
        assertThrows(UnsupportedOperationException.class, () -> source.classes().add("another"));
    }

    @ParameterizedTest
    @MethodSource("sources")
    void itsIdentityStaysAndIsThatOfItsEqual(Case asked) {
        KnowledgeSource source = asked.maker.in(temp);
        String identity = source.identity();
        ask(source, asked, Pose.IDENTITY, 1, 2);
        assertEquals(identity, source.identity());
        assertEquals(identity, asked.maker.in(temp).identity());
        assertFalse(identity.isBlank());
        assertTrue(identity.length() < 10_000);
        if (source.embeddingWidth() > 2) {
            EmbeddingSpace space = EmbeddingSpace.raw(source.embeddingWidth());
            assertNotEquals(identity, source.in(space).identity(), "other answers, another identity");
        }
    }

    @ParameterizedTest
    @MethodSource("sources")
    void anAnswerDependsOnItsImageAlone(Case asked) {
        KnowledgeSource source = asked.maker.in(temp);
        KnowledgeSource.Output together = ask(source, asked, Pose.IDENTITY, 3, 0, 9, 0);
        int row = 0;
        for (int index : new int[] {3, 0, 9, 0}) {
            KnowledgeSource.Output one = ask(source, asked, Pose.IDENTITY, index);
            assertClose(one.embeddings(), together.embeddings().getRow(row, true));
            int at = row++;
            one.logits()
                    .ifPresent(logits ->
                            assertClose(logits, together.logits().orElseThrow().getRow(at, true)));
            one.maps()
                    .forEach((name, map) -> assertClose(
                            map,
                            together.maps().get(name).get(NDArrayIndex.interval(at, at + 1), all(), all(), all())));
        }
    }

    @ParameterizedTest
    @MethodSource("sources")
    void aPoseCounts(Case asked) {
        KnowledgeSource source = asked.maker.in(temp);
        int[] indices = {2, 6};
        Pose[] mixed = {Pose.MIRRORED, Pose.IDENTITY};
        INDArray got = source.outputs(IMAGES, asked.view, indices, mixed).embeddings();
        assertClose(ask(source, asked, Pose.MIRRORED, 2).embeddings(), got.getRow(0, true));
        assertClose(ask(source, asked, Pose.IDENTITY, 6).embeddings(), got.getRow(1, true));
        if (source.seesPixels()) {
            assertNotEquals(
                    ask(source, asked, Pose.IDENTITY, 2).embeddings(),
                    ask(source, asked, Pose.MIRRORED, 2).embeddings());
        }
    }

    @ParameterizedTest
    @MethodSource("sources")
    void itsAnswersOutliveEveryWorkspace(Case asked) {
        KnowledgeSource source = asked.maker.in(temp);
        KnowledgeSource.Output wanted = ask(source, asked, Pose.IDENTITY, 4, 5);
        KnowledgeSource.Output got;
        try (MemoryWorkspace ignored = Nd4j.getWorkspaceManager()
                .getAndActivateWorkspace(
                        WorkspaceConfiguration.builder().initialSize(1 << 20).build(), "contract")) {
            got = ask(source, asked, Pose.IDENTITY, 4, 5);
            assertFalse(got.embeddings().isAttached());
            got.logits().ifPresent(logits -> assertFalse(logits.isAttached()));
            got.maps().values().forEach(map -> assertFalse(map.isAttached()));
        } catch (ND4JWorkspaceException refused) {
            // DL4J's own graphs will not be asked in a workspace that they do not know.
            return;
        }
        assertClose(wanted, got);
    }

    @ParameterizedTest
    @MethodSource("sources")
    void severalThreadsGetWhatOneGets(Case asked) throws Exception {
        KnowledgeSource source = asked.maker.in(temp);
        List<KnowledgeSource.Output> wanted = IntStream.range(0, 10)
                .mapToObj(i -> ask(source, asked, Pose.IDENTITY, i, (i + 3) % 10))
                .toList();
        List<CompletableFuture<Void>> threads = Stream.generate(() -> CompletableFuture.runAsync(
                        () -> {
                            for (int round = 0; round < 50; round++) {
                                int i = round * 7 % 10;
                                assertClose(wanted.get(i), ask(source, asked, Pose.IDENTITY, i, (i + 3) % 10));
                            }
                        },
                        task -> new Thread(task).start()))
                .limit(4)
                .toList();
        for (CompletableFuture<Void> thread : threads) {
            thread.get(1, TimeUnit.MINUTES);
        }
    }

    @ParameterizedTest
    @MethodSource("sources")
    void whatIsFasterAnswersTheSame(Case asked) {
        KnowledgeSource source = asked.maker.in(temp);
        assertClose(ask(source, asked, Pose.MIRRORED, 1, 8), ask(source.forInference(), asked, Pose.MIRRORED, 1, 8));
    }

    @ParameterizedTest
    @MethodSource("sources")
    void itSaysBeforehandWhatItCannotAnswer(Case asked) {
        KnowledgeSource source = asked.maker.in(temp);
        source.require(IMAGES, asked.view);
        Resolution view = asked.view == Resolution.HIGH ? Resolution.LOW : Resolution.HIGH;
        if (source.seesPixels() && asked.view == Resolution.HIGH) {
            String message = assertThrows(IllegalArgumentException.class, () -> source.require(IMAGES, view))
                    .getMessage();
            assertTrue(message.contains("wanted") && message.contains("got"), message);
        } else if (!source.seesPixels()) {
            assertThrows(IllegalArgumentException.class, () -> source.require(Shapes.drawn(20, 2), asked.view));
        }
    }

    @ParameterizedTest
    @MethodSource("sources")
    void aStoreKeepsWhatItSays(Case asked) {
        KnowledgeSource source = asked.maker.in(temp);
        try (KnowledgeStore store = KnowledgeStore.inFolder(temp)) {
            Knowledge knowledge = store.of(source, IMAGES, asked.view, KnownPoses.withMirror(), seen -> {});
            int[] indices = {7, 7, 1};
            for (Pose pose : List.of(Pose.IDENTITY, Pose.MIRRORED)) {
                KnowledgeSource.Output wanted = ask(source, asked, pose, indices);
                assertClose(wanted.embeddings(), knowledge.embeddings(indices, poses(3, pose)));
                wanted.logits()
                        .ifPresent(logits -> assertClose(
                                logits,
                                knowledge.logits(indices, poses(3, pose)).orElseThrow()));
                wanted.maps().forEach((name, map) -> assertClose(map, knowledge.map(name, indices, poses(3, pose))));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("sources")
    void embeddingsAreItsAnswersInOrder(Case asked) {
        KnowledgeSource source = asked.maker.in(temp);
        int[] all = IntStream.range(0, IMAGES.size()).toArray();
        KnowledgeSource.Output plain =
                ask(source, asked, Pose.IDENTITY, all).withMaps(Map.of()); // evaluation wants no maps
        assertClose(plain, Embeddings.by(source).batchSize(3).outputs(IMAGES, asked.view));
        assertClose(
                ask(source, asked, Pose.IDENTITY, all)
                        .embeddings()
                        .add(ask(source, asked, Pose.MIRRORED, all).embeddings()),
                Embeddings.by(source).withMirror().of(IMAGES, asked.view));
    }

    @ParameterizedTest
    @MethodSource("sources")
    void aGuideAnswersAboutPixelsAndLeavesThemAsTheyAre(Case asked) {
        if (!(asked.maker.in(temp) instanceof Guide guide)) {
            return;
        }
        int[] indices = {5, 1, 8};
        INDArray pixels = IMAGES.batch(asked.view, indices, Pose.IDENTITY);
        INDArray before = pixels.dup();
        assertClose(ask(guide, asked, Pose.IDENTITY, indices), guide.output(pixels));
        assertEquals(before, pixels);
        assertEquals(IMAGES.shape(asked.view), guide.input().shape());
        assertTrue(guide.seesPixels());
    }
}
