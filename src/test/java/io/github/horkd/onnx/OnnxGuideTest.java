package io.github.horkd.onnx;

import ai.onnx.proto.OnnxMl;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import io.github.horkd.data.ImageShape;
import io.github.horkd.guide.FeatureMap;
import io.github.horkd.guide.Scaling;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.tribuo.util.onnx.ONNXContext;
import org.tribuo.util.onnx.ONNXOperators;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.nd4j.linalg.indexing.NDArrayIndex.all;
import static org.nd4j.linalg.indexing.NDArrayIndex.interval;
import static org.nd4j.linalg.indexing.NDArrayIndex.point;

/** Models made here by hand: their "embedding" is the flattened input, so that every pixel can be followed. */
class OnnxGuideTest {

    private static final long OPEN = -1;

    @TempDir
    Path folder;

    private Path flattening(long... input) {
        return model("flat", graph -> {
            declare(graph, true, "data", DataType.FLOAT, input);
            add(graph, "fc1", "data");
            declare(graph, false, "fc1", DataType.FLOAT, OPEN, OPEN);
        });
    }

    private static void add(OnnxMl.GraphProto.Builder graph, String output, String input) {
        graph.addNode(Operator.FLATTEN.build(new ONNXContext(), input, output, Map.of("axis", 1)));
    }

    private static void declare(
            OnnxMl.GraphProto.Builder graph, boolean input, String name, DataType type, long... sides) {
        OnnxMl.TensorShapeProto.Builder shape = OnnxMl.TensorShapeProto.newBuilder();
        for (int i = 0; i < sides.length; i++) {
            var side = OnnxMl.TensorShapeProto.Dimension.newBuilder();
            shape.addDim(sides[i] == OPEN ? side.setDimParam(name + i) : side.setDimValue(sides[i]));
        }
        var value = OnnxMl.ValueInfoProto.newBuilder()
                .setName(name)
                .setType(OnnxMl.TypeProto.newBuilder()
                        .setTensorType(OnnxMl.TypeProto.Tensor.newBuilder()
                                .setElemType(type.getNumber())
                                .setShape(shape)));
        if (input) {
            graph.addInput(value);
        } else {
            graph.addOutput(value);
        }
    }

    private Path model(String name, Consumer<OnnxMl.GraphProto.Builder> body) {
        OnnxMl.GraphProto.Builder graph = OnnxMl.GraphProto.newBuilder().setName(name);
        body.accept(graph);
        Path file = folder.resolve(name + ".onnx");
        try {
            Files.write(
                    file,
                    OnnxMl.ModelProto.newBuilder()
                            .setIrVersion(7)
                            .addOpsetImport(ONNXOperators.getOpsetProto())
                            .setGraph(graph)
                            .build()
                            .toByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return file;
    }

    /** Images whose value tells channel, row and column: 0.1·c + 0.01·y + 0.001·x + i/1000000. */
    private static INDArray told(int count, ImageShape shape) {
        INDArray images = Nd4j.zeros(count, shape.channels(), shape.height(), shape.width());
        for (int i = 0; i < count; i++) {
            for (int c = 0; c < shape.channels(); c++) {
                for (int y = 0; y < shape.height(); y++) {
                    for (int x = 0; x < shape.width(); x++) {
                        images.putScalar(new int[] {i, c, y, x}, pixel(i, c, y, x));
                    }
                }
            }
        }
        return images;
    }

    private static double pixel(int i, int c, int y, int x) {
        return 0.1 * c + 0.01 * y + 0.001 * x + i / 1e6;
    }

    private static OnnxGuide open(Path file, UnaryOperator<OnnxGuideBuilder> options) {
        return options.apply(OnnxGuide.from(file).threads(1)).open();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void channelsFirstAndLastAreTold(boolean last) {
        Path file = last ? flattening(OPEN, 4, 5, 3) : flattening(OPEN, 3, 4, 5);
        try (OnnxGuide guide = open(file, b -> b.scaling(Scaling.ZERO_ONE))) {
            ImageShape shape = new ImageShape(3, 4, 5);
            assertEquals(shape, guide.input().shape());
            assertEquals(60, guide.embeddingWidth());
            assertEquals(0, guide.classes().size());
            INDArray seen = guide.output(told(3, shape)).embeddings();
            for (int i = 0; i < 3; i++) {
                assertEquals(pixel(i, 1, 2, 3), seen.getDouble(i, last ? (2 * 5 + 3) * 3 + 1 : 20 + 2 * 5 + 3), 1e-6);
            }
        }
    }

    /** Its map is the images themselves, or their negatives below 0, which are nothing. */
    private Path mapping(long... input) {
        return model("mapping", graph -> {
            declare(graph, true, "data", DataType.FLOAT, input);
            graph.addNode(Operator.RELU.build(new ONNXContext(), "data", "inner"));
            add(graph, "fc1", "inner");
            declare(graph, false, "fc1", DataType.FLOAT, OPEN, OPEN);
        });
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aTensorInsideIsAFeatureMapChannelsFirst(boolean last) {
        Path file = last ? mapping(OPEN, 4, 5, 3) : mapping(OPEN, 3, 4, 5);
        ImageShape shape = new ImageShape(3, 4, 5);
        try (OnnxGuide plain = open(file, b -> b.scaling(Scaling.ZERO_ONE).atOnce(2));
                OnnxGuide guide = open(
                        file, b -> b.scaling(Scaling.ZERO_ONE).maps("inner").atOnce(2))) {
            assertEquals(java.util.List.of(new FeatureMap("inner", 3, 4, 5)), guide.maps());
            assertEquals(java.util.List.of(), plain.maps());
            assertNotEquals(plain.identity(), guide.identity());
            INDArray images = told(3, shape);
            INDArray map = guide.output(images).maps().get("inner");
            assertEquals(0, images.sub(map).amaxNumber().doubleValue(), 1e-6);
            assertEquals(plain.output(images).embeddings(), guide.output(images).embeddings());
            OnnxGuide again = plain.withMaps("inner");
            assertEquals(guide.identity(), again.identity());
            assertEquals(map, again.output(images).maps().get("inner"));
            plain.close();
            assertThrows(IllegalStateException.class, () -> again.output(images));
        }
    }

    @Test
    void aMapThatIsNoneIsRefused() {
        Path file = mapping(OPEN, 3, 4, 5);
        assertSays(file, b -> b.scaling(Scaling.ZERO_ONE).maps("outer"), "maps", "outer");
        assertSays(file, b -> b.scaling(Scaling.ZERO_ONE).embedding("fc1").maps("fc1"), "fc1");
        assertThrows(IllegalArgumentException.class, () -> OnnxGuide.from(file).maps("inner", "inner"));
    }

    private static void assertSays(Path file, UnaryOperator<OnnxGuideBuilder> options, String... parts) {
        String message = assertThrows(IllegalArgumentException.class, () -> open(file, options))
                .getMessage();
        for (String part : parts) {
            assertTrue(message.contains(part), message);
        }
    }

    @Test
    void blueMayComeFirstAndMeansStayWithTheirColours() {
        try (OnnxGuide guide = open(
                flattening(OPEN, 3, 4, 4),
                b -> b.blueFirst().normalisation(new double[] {0.1, 0.2, 0.3}, new double[] {1, 2, 4}))) {
            INDArray seen = guide.output(told(1, ImageShape.colour(4))).embeddings();
            assertEquals((pixel(0, 2, 0, 1) - 0.3) / 4, seen.getDouble(0, 1), 1e-6);
            assertEquals((pixel(0, 1, 0, 1) - 0.2) / 2, seen.getDouble(0, 17), 1e-6);
            assertEquals((pixel(0, 0, 0, 1) - 0.1) / 1, seen.getDouble(0, 33), 1e-6);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "PLUS_MINUS_ONE",
                "ZERO_ONE",
                "ZERO_255",
                "STANDARDISED",
                "3.0 * x +-0.5",
                "0.5 * standardised +0.25"
            })
    void scalingsAreThoseOfNetworks(Scaling scaling) {
        try (OnnxGuide guide = open(flattening(OPEN, 1, 4, 4), b -> b.scaling(scaling))) {
            INDArray images = told(2, ImageShape.gray(4));
            assertEquals(scaling, guide.input().scaling());
            assertEquals(
                    0,
                    scaling.apply(images)
                            .reshape(2, 16)
                            .sub(guide.output(images).embeddings())
                            .amaxNumber()
                            .doubleValue(),
                    1e-5);
        }
    }

    @Test
    void aScalingOfEachChannelGoesToItsOwn() {
        Scaling scaling = Scaling.perChannel(new double[] {0.1, 0.2, 0.3}, new double[] {1, 2, 4});
        Path file = flattening(OPEN, 3, 4, 4);
        try (OnnxGuide guide = open(file, b -> b.scaling(scaling).blueFirst())) {
            assertEquals(scaling, guide.input().scaling());
            INDArray seen = guide.output(told(1, ImageShape.colour(4))).embeddings();
            assertEquals((pixel(0, 2, 0, 1) - 0.3) / 4, seen.getDouble(0, 1), 1e-6);
            assertEquals((pixel(0, 0, 0, 1) - 0.1) / 1, seen.getDouble(0, 33), 1e-6);
        }
        try (OnnxGuide guide = open(file, b -> b.scaling(scaling).imageChannels(1))) {
            assertEquals(
                    Scaling.ZERO_ONE, guide.input().scaling(), "images are gray: the rest is the guide's own work");
            INDArray seen = guide.output(told(1, ImageShape.gray(4))).embeddings();
            assertEquals((pixel(0, 0, 0, 1) - 0.3) / 4, seen.getDouble(0, 33), 1e-6);
        }
        assertThrows(IllegalArgumentException.class, () -> open(flattening(OPEN, 1, 4, 4), b -> b.scaling(scaling)));
    }

    @Test
    void grayFeedsAColourModelAndColourAGrayOne() {
        try (OnnxGuide guide =
                open(flattening(OPEN, 3, 4, 4), b -> b.scaling(Scaling.ZERO_ONE).imageChannels(1))) {
            assertEquals(ImageShape.gray(4), guide.input().shape());
            INDArray seen = guide.output(told(1, ImageShape.gray(4))).embeddings();
            assertEquals(pixel(0, 0, 1, 2), seen.getDouble(0, 6), 1e-6);
            assertEquals(pixel(0, 0, 1, 2), seen.getDouble(0, 38), 1e-6);
        }
        try (OnnxGuide guide =
                open(flattening(OPEN, 1, 4, 4), b -> b.scaling(Scaling.ZERO_ONE).imageChannels(3))) {
            INDArray seen = guide.output(told(1, ImageShape.colour(4))).embeddings();
            assertEquals(
                    0.299 * pixel(0, 0, 1, 2) + 0.587 * pixel(0, 1, 1, 2) + 0.114 * pixel(0, 2, 1, 2),
                    seen.getDouble(0, 6),
                    1e-6);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 130})
    void everyBatchComesOutWhole(int count) {
        ImageShape shape = ImageShape.gray(4);
        INDArray images = told(count, shape);
        for (UnaryOperator<OnnxGuideBuilder> options :
                java.util.List.<UnaryOperator<OnnxGuideBuilder>>of(b -> b, b -> b.atOnce(3))) {
            try (OnnxGuide guide = open(flattening(OPEN, 1, 4, 4), b -> options.apply(b.scaling(Scaling.ZERO_ONE)))) {
                assertEquals(
                        0,
                        images.reshape(count, 16)
                                .sub(guide.output(images).embeddings())
                                .amaxNumber()
                                .doubleValue(),
                        1e-6);
            }
        }
        try (OnnxGuide guide = open(flattening(3, 1, 4, 4), b -> b.scaling(Scaling.ZERO_ONE))) {
            assertEquals(
                    0,
                    images.reshape(count, 16)
                            .sub(guide.output(images).embeddings())
                            .amaxNumber()
                            .doubleValue(),
                    1e-6);
        }
    }

    @Test
    void viewsAndDoublesAreReadAsTheyStand() {
        INDArray images = told(4, ImageShape.colour(6));
        INDArray view = images.get(interval(1, 3), all(), interval(1, 5), interval(2, 6));
        try (OnnxGuide guide = open(flattening(OPEN, 3, 4, 4), b -> b.scaling(Scaling.ZERO_ONE))) {
            INDArray wanted = view.dup('c').reshape(2, 48);
            for (INDArray same :
                    java.util.List.of(view, view.dup('f'), view.castTo(org.nd4j.linalg.api.buffer.DataType.DOUBLE))) {
                assertEquals(
                        0,
                        wanted.sub(guide.output(same).embeddings()).amaxNumber().doubleValue(),
                        1e-6);
            }
            try (var workspace = Nd4j.getWorkspaceManager().getAndActivateWorkspace("test")) {
                INDArray inside = view.dup();
                assertEquals(false, guide.output(inside).embeddings().isAttached(), "knowledge outlives the workspace");
                assertEquals(
                        0,
                        wanted.sub(guide.output(inside).embeddings())
                                .amaxNumber()
                                .doubleValue(),
                        1e-6);
            }
        }
    }

    @Test
    void openSizesAreStated() {
        Path file = flattening(OPEN, 3, OPEN, OPEN);
        assertTold(
                "leaves its rows open; say size(…)",
                file,
                b -> b.scaling(Scaling.ZERO_ONE).channelsFirst());
        try (OnnxGuide guide =
                open(file, b -> b.scaling(Scaling.ZERO_ONE).channelsFirst().size(6, 8))) {
            assertEquals(new ImageShape(3, 6, 8), guide.input().shape());
        }
        assertTold(
                "wanted 4 rows, got size(…) with 6",
                flattening(OPEN, 3, 4, 5),
                b -> b.scaling(Scaling.ZERO_ONE).size(6, 5));
    }

    @Test
    void embeddingsMayBeUnitLength() {
        try (OnnxGuide guide =
                open(flattening(OPEN, 1, 4, 4), b -> b.scaling(Scaling.ZERO_ONE).unitLength())) {
            INDArray images = told(2, ImageShape.gray(4));
            images.get(point(1)).assign(0);
            INDArray seen = guide.output(images).embeddings();
            assertEquals(1, seen.getRow(0).norm2Number().doubleValue(), 1e-6);
            assertEquals(
                    0,
                    seen.getRow(1).norm2Number().doubleValue(),
                    0,
                    "a zero embedding has no direction and stays zero");
        }
    }

    private Path twoOutputs() {
        return model("two", graph -> {
            declare(graph, true, "data", DataType.FLOAT, OPEN, 1, 4, 4);
            add(graph, "features", "data");
            graph.addNode(ONNXOperators.SOFTMAX.build(new ONNXContext(), "features", "scores"));
            declare(graph, false, "features", DataType.FLOAT, OPEN, 16);
            declare(graph, false, "scores", DataType.FLOAT, OPEN, 16);
        });
    }

    @Test
    void severalChoicesAreListed() {
        assertTold(
                "embedding: wanted one of 'features' [?, 16], 'scores' [?, 16] by embedding(…), got none",
                twoOutputs(),
                b -> b.scaling(Scaling.ZERO_ONE));
        assertTold("got 'fc7'", twoOutputs(), b -> b.scaling(Scaling.ZERO_ONE).embedding("fc7"));
        assertTold(
                "logits: wanted one of",
                twoOutputs(),
                b -> b.scaling(Scaling.ZERO_ONE).embedding("features").logits("fc8"));
        assertTold(
                "input: wanted one of 'data' [?, 1, 4, 4]",
                twoOutputs(),
                b -> b.scaling(Scaling.ZERO_ONE).input("image").embedding("features"));
        try (OnnxGuide guide = open(
                twoOutputs(),
                b -> b.scaling(Scaling.ZERO_ONE).embedding("features").logits("scores"))) {
            assertEquals(16, guide.classes().size());
            assertEquals(
                    1,
                    guide.output(told(2, ImageShape.gray(4)))
                            .logits()
                            .orElseThrow()
                            .getRow(1)
                            .sumNumber()
                            .doubleValue(),
                    1e-5);
        }
    }

    @Test
    void wrongShapesAndTypesAreToldWhenOpened() {
        UnaryOperator<OnnxGuideBuilder> plain = b -> b.scaling(Scaling.ZERO_ONE);
        assertTold("say scaling(…) or normalisation(…)", flattening(OPEN, 3, 4, 4), b -> b);
        assertTold("does not tell where the 1 or 3 channels are", flattening(OPEN, 3, 4, 3), plain);
        assertTold(
                "wanted 1 or 3 channels, got [?, 4, 4, 4]; export the model for gray or colour images",
                flattening(OPEN, 4, 4, 4),
                plain);
        assertTold(
                "wanted 1 or 3 channels, got [?, 4, 4, 3] with channels first",
                flattening(OPEN, 4, 4, 3),
                b -> plain.apply(b).channelsFirst());
        assertTold("wanted rank 4, images, got [?, 12]", flattening(OPEN, 12), plain);
        assertTold("wanted 1 to 4096 rows, got 1000000", flattening(OPEN, 3, 1_000_000, 1_000_000), plain);
        assertTold("wanted a batch of 1 to 4096 or an open one, got 100000", flattening(100_000, 3, 4, 4), plain);
        assertTold("wanted at most", flattening(4096, 3, 4096, 4096), plain);
        assertTold(
                "takes exactly 2 images, got atOnce(3)",
                flattening(2, 3, 4, 4),
                b -> plain.apply(b).atOnce(3));
        assertTold(
                "wanted float32, float16, double or uint8, got INT64",
                model("counts", g -> {
                    declare(g, true, "data", DataType.FLOAT, OPEN, 3, 4, 4);
                    g.addNode(ONNXOperators.CAST.build(
                            new ONNXContext(), "data", "whole", Map.of("to", DataType.INT64_VALUE)));
                    add(g, "fc1", "whole");
                    declare(g, false, "fc1", DataType.INT64, OPEN, 48);
                }),
                plain);
        assertTold(
                "output 'map': wanted [1, D] for 1 images, got [1, 3, 4, 4]",
                model("map", g -> {
                    declare(g, true, "data", DataType.FLOAT, OPEN, 3, 4, 4);
                    g.addNode(ONNXOperators.SIGMOID.build(new ONNXContext(), "data", "map"));
                    declare(g, false, "map", DataType.FLOAT, OPEN, 3, 4, 4);
                }),
                plain);
        assertTold(
                "got [1, 192]; it runs on one image, so say atOnce(1)",
                model("one", g -> {
                    declare(g, true, "data", DataType.FLOAT, OPEN, 3, 4, 4);
                    g.addInitializer(OnnxMl.TensorProto.newBuilder()
                            .setName("shape")
                            .setDataType(DataType.INT64_VALUE)
                            .addDims(2)
                            .addInt64Data(1)
                            .addInt64Data(-1));
                    g.addNode(Operator.RESHAPE.build(new ONNXContext(), new String[] {"data", "shape"}, "fc1"));
                    declare(g, false, "fc1", DataType.FLOAT, OPEN, OPEN);
                }),
                plain);
        assertTold(
                "input 'mask': the model wants it beside the images; say what it always gets by constant(…)",
                model("needs two", g -> {
                    declare(g, true, "data", DataType.FLOAT, OPEN, 3, 4, 4);
                    declare(g, true, "mask", DataType.FLOAT, OPEN, 3, 4, 4);
                    g.addNode(ONNXOperators.MUL.build(new ONNXContext(), new String[] {"data", "mask"}, "masked"));
                    add(g, "fc1", "masked");
                    declare(g, false, "fc1", DataType.FLOAT, OPEN, 48);
                }),
                b -> plain.apply(b).input("data"));
    }

    private static void assertTold(String part, Path file, UnaryOperator<OnnxGuideBuilder> options) {
        IllegalArgumentException told = assertThrows(
                IllegalArgumentException.class, () -> open(file, options).close());
        assertTrue(
                told.getMessage().contains(part) && told.getMessage().startsWith(file.toString()), told.getMessage());
    }

    @Test
    void imagesItCannotTakeAreRefused() {
        try (OnnxGuide guide = open(flattening(OPEN, 3, 4, 4), b -> b.scaling(Scaling.ZERO_ONE))) {
            IllegalArgumentException told =
                    assertThrows(IllegalArgumentException.class, () -> guide.output(told(1, ImageShape.gray(4))));
            assertTrue(told.getMessage().contains("wanted [N, 3, 4, 4], got [1, 1, 4, 4]"), told.getMessage());
            assertThrows(IllegalArgumentException.class, () -> guide.output(Nd4j.zeros(3, 4)));
        }
        OnnxGuide closed = open(flattening(OPEN, 3, 4, 4), b -> b.scaling(Scaling.ZERO_ONE));
        closed.close();
        closed.close();
        assertThrows(IllegalStateException.class, () -> closed.output(told(1, ImageShape.colour(4))));
    }

    @Test
    void damagedFilesAreNamed() throws IOException {
        Path good = twoOutputs();
        byte[] bytes = Files.readAllBytes(good);
        Path bad = folder.resolve("bad.onnx");
        assertThrows(
                UncheckedIOException.class,
                () -> OnnxGuide.from(folder.resolve("missing.onnx")).open());
        assertThrows(UncheckedIOException.class, () -> OnnxGuide.from(folder).open());
        for (int length = 0; length < bytes.length; length += 7) {
            Files.write(bad, java.util.Arrays.copyOf(bytes, length));
            RuntimeException told = assertThrows(
                    RuntimeException.class,
                    () -> open(bad, b -> b.scaling(Scaling.ZERO_ONE).embedding("features")));
            assertTrue(told.getMessage().contains("bad.onnx"), told.getMessage());
        }
        Random random = new Random(1);
        for (int round = 0; round < 200; round++) {
            byte[] hostile = bytes.clone();
            for (int i = 0; i < 1 + round % 4; i++) {
                hostile[random.nextInt(hostile.length)] = (byte) random.nextInt();
            }
            Files.write(bad, hostile);
            try (OnnxGuide guide = open(bad, b -> b.scaling(Scaling.ZERO_ONE).embedding("features"))) {
                assertTrue(guide.embeddingWidth() > 0);
            } catch (IllegalArgumentException | UncheckedIOException told) {
                assertTrue(told.getMessage().contains("bad.onnx"), told.getMessage());
            }
        }
    }

    private Path keepingItsWeightIn(String location) {
        return model("apart", graph -> {
            declare(graph, true, "data", DataType.FLOAT, OPEN, 1, 4, 4);
            graph.addInitializer(OnnxMl.TensorProto.newBuilder()
                    .setName("factor")
                    .setDataType(DataType.FLOAT_VALUE)
                    .addDims(1)
                    .setDataLocation(OnnxMl.TensorProto.DataLocation.EXTERNAL)
                    .addExternalData(OnnxMl.StringStringEntryProto.newBuilder()
                            .setKey("location")
                            .setValue(location)));
            graph.addNode(ONNXOperators.MUL.build(new ONNXContext(), new String[] {"data", "factor"}, "scaled"));
            add(graph, "fc1", "scaled");
            declare(graph, false, "fc1", DataType.FLOAT, OPEN, 16);
        });
    }

    @Test
    void weightsMayLieBesideTheFileAndNowhereElse() throws IOException {
        byte[] two = {0, 0, 0, 0x40};
        Files.write(folder.resolve("apart.onnx.data"), two);
        INDArray images = told(1, ImageShape.gray(4));
        try (OnnxGuide guide = open(keepingItsWeightIn("apart.onnx.data"), b -> b.scaling(Scaling.ZERO_ONE))) {
            assertEquals(
                    0,
                    images.reshape(1, 16)
                            .mul(2)
                            .sub(guide.output(images).embeddings())
                            .amaxNumber()
                            .doubleValue(),
                    1e-6);
        }
        Path elsewhere = Files.createTempFile("elsewhere", ".data");
        try {
            Files.write(elsewhere, two);
            for (String location : new String[] {
                elsewhere.toString(),
                folder.toRealPath().relativize(elsewhere.toRealPath()).toString(),
                "missing.data"
            }) {
                Path file = keepingItsWeightIn(location);
                assertThrows(
                        UncheckedIOException.class,
                        () -> open(file, b -> b.scaling(Scaling.ZERO_ONE)).close(),
                        location);
            }
        } finally {
            Files.delete(elsewhere);
        }
    }

    @Test
    void damagedMetadataIsNamed() throws IOException {
        Path file = flattening(OPEN, 1, 4, 4);
        OnnxMl.ModelProto.Builder model = OnnxMl.ModelProto.parseFrom(Files.readAllBytes(file)).toBuilder();
        Files.write(
                file,
                model.addMetadataProps(OnnxMl.StringStringEntryProto.newBuilder()
                                .setKey("horkd.input")
                                .setValue("1x4"))
                        .build()
                        .toByteArray());
        assertTold("horkd.*", file, b -> b);
    }

    @Test
    void identityFollowsFileAndOptions() throws IOException {
        Path file = flattening(OPEN, 3, 4, 4);
        String first = identity(file, b -> b.scaling(Scaling.ZERO_ONE));
        assertEquals(first, identity(file, b -> b.scaling(Scaling.ZERO_ONE)));
        assertNotEquals(first, identity(file, b -> b.scaling(Scaling.PLUS_MINUS_ONE)));
        assertNotEquals(first, identity(file, b -> b.scaling(Scaling.STANDARDISED)));
        assertNotEquals(first, identity(file, b -> b.scaling(Scaling.ZERO_ONE).blueFirst()));
        assertNotEquals(first, identity(file, b -> b.scaling(Scaling.ZERO_ONE).unitLength()));
        assertNotEquals(first, identity(flattening(OPEN, 3, 4, 5), b -> b.scaling(Scaling.ZERO_ONE)));
        Path again = flattening(OPEN, 3, 4, 4);
        Files.write(folder.resolve(again.getFileName() + ".bak"), new byte[] {1});
        assertEquals(first, identity(again, b -> b.scaling(Scaling.ZERO_ONE)), "a file beside it is nothing to it");
    }

    @Test
    void identityFollowsWeightsUnderAnyName() throws IOException {
        Path weights = Files.write(folder.resolve("weights.bin"), new byte[] {0, 0, 0, 0x40});
        Path file = keepingItsWeightIn("weights.bin");
        String first = identity(file, b -> b.scaling(Scaling.ZERO_ONE));
        Files.write(weights, new byte[] {0, 0, 0, 0x41});
        assertNotEquals(first, identity(file, b -> b.scaling(Scaling.ZERO_ONE)));
        Files.write(weights, new byte[] {0, 0, 0, 0x40});
        assertEquals(first, identity(file, b -> b.scaling(Scaling.ZERO_ONE)));
    }

    @Test
    void weightsBehindALinkThatLeavesTheFolderAreRefused() throws IOException {
        Path elsewhere = Files.createTempFile("elsewhere", ".data");
        try {
            Files.write(elsewhere, new byte[] {0, 0, 0, 0x40});
            Files.createSymbolicLink(folder.resolve("weights.bin"), elsewhere);
            Path file = keepingItsWeightIn("weights.bin");
            String told = assertThrows(UncheckedIOException.class, () -> open(file, b -> b.scaling(Scaling.ZERO_ONE)))
                    .getMessage();
            assertTrue(told.contains("its weights 'weights.bin' lie outside of"), told);
        } finally {
            Files.delete(elsewhere);
        }
    }

    /** A tag of 33 bits, of which ONNX Runtime reads 32: to it, this is the graph, with weights anywhere. */
    @Test
    void weightsUnderATagThatOthersCutOffAreRefused() throws IOException {
        OnnxMl.ModelProto whole = OnnxMl.ModelProto.parseFrom(Files.readAllBytes(keepingItsWeightIn("/etc/hostname")));
        byte[] graph = whole.getGraph().toByteArray();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(whole.toBuilder().clearGraph().build().toByteArray());
        bytes.writeBytes(new byte[] {(byte) 0xba, (byte) 0x80, (byte) 0x80, (byte) 0x80, 0x10});
        bytes.writeBytes(new byte[] {(byte) (graph.length & 0x7f | 0x80), (byte) (graph.length >> 7)});
        bytes.writeBytes(graph);
        assertTrue(graph.length < 1 << 14);
        Path file = Files.write(folder.resolve("tags.onnx"), bytes.toByteArray());
        assertReason("damaged, or no ONNX model", file);
    }

    @Test
    void aModelThatIsReplacedWhileItIsOpenedIsRefused() throws IOException {
        Files.write(folder.resolve("weights.bin"), new byte[] {0, 0, 0, 0x40});
        Path file = keepingItsWeightIn("weights.bin");
        for (Path each : List.of(file, folder.resolve("weights.bin"))) {
            ExternalWeights weights = ExternalWeights.of(file);
            weights.digest("");
            Files.move(Files.copy(each, folder.resolve("other")), each, StandardCopyOption.REPLACE_EXISTING);
            String told = assertThrows(UncheckedIOException.class, () -> weights.digest(""))
                    .getMessage();
            assertTrue(told.contains(each.getFileName() + " was replaced meanwhile"), told);
        }
    }

    @Test
    void anOutputWhoseNameHasNoEndIsRefused() throws IOException {
        byte[] graph = {0x3a, 9, 0x62, 7, 0x0a, (byte) 0x80, (byte) 0x80, (byte) 0x80, (byte) 0x80, (byte) 0x80, 0x20};
        Path file = Files.write(folder.resolve("names.onnx"), graph);
        String told = assertThrows(UncheckedIOException.class, () -> MoreOutputs.of(file, List.of("x")))
                .getMessage();
        assertTrue(told.contains("names.onnx") && told.contains("cut off or damaged"), told);
    }

    @Test
    void reasonsStandInTheMessage() throws IOException {
        Path pointer = Files.writeString(
                folder.resolve("pointer.onnx"), "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n");
        assertReason("run 'git lfs pull'", pointer);
        assertReason("its weights 'missing.data' are missing in", keepingItsWeightIn("missing.data"));
        Path file = flattening(OPEN, 1, 4, 4);
        OnnxMl.ModelProto.Builder later = OnnxMl.ModelProto.parseFrom(Files.readAllBytes(file)).toBuilder();
        later.setOpsetImport(0, later.getOpsetImport(0).toBuilder().setVersion(999));
        Files.write(file, later.build().toByteArray());
        assertReason("opset", file);
    }

    private static void assertReason(String part, Path file) {
        String told = assertThrows(UncheckedIOException.class, () -> open(file, b -> b.scaling(Scaling.ZERO_ONE)))
                .getMessage();
        assertTrue(told.startsWith(file.toString()) && told.contains(part), told);
    }

    @Test
    void aGraphThatMixesItsBatchIsToldWhenOpened() {
        Path open = centring("mixes", OPEN);
        assertTold(
                "depends on the other images of its batch",
                open,
                b -> b.scaling(Scaling.ZERO_ONE).atOnce(8));
        assertTold("or say atOnce(1)", open, b -> b.scaling(Scaling.ZERO_ONE));
        try (OnnxGuide guide = open(open, b -> b.scaling(Scaling.ZERO_ONE).atOnce(1))) {
            assertEquals(16, guide.embeddingWidth());
        }
        assertTold("its batch is fixed at 2", centring("fixed", 2), b -> b.scaling(Scaling.ZERO_ONE));
    }

    /** Takes the mean of the batch away, as batch-norm in training mode does. */
    private Path centring(String name, long batch) {
        return model(name, g -> {
            declare(g, true, "data", DataType.FLOAT, batch, 1, 4, 4);
            g.addNode(ONNXOperators.REDUCE_MEAN.build(
                    new ONNXContext(), "data", "mean", Map.of("axes", new int[] {0}, "keepdims", 1)));
            g.addNode(ONNXOperators.SUB.build(new ONNXContext(), new String[] {"data", "mean"}, "centred"));
            add(g, "fc1", "centred");
            declare(g, false, "fc1", DataType.FLOAT, batch, 16);
        });
    }

    @Test
    void oneImageMayGiveOneRow() {
        Path file = model("row", g -> {
            declare(g, true, "data", DataType.FLOAT, 1, 1, 4, 4);
            g.addInitializer(OnnxMl.TensorProto.newBuilder()
                    .setName("shape")
                    .setDataType(DataType.INT64_VALUE)
                    .addDims(1)
                    .addInt64Data(-1));
            g.addNode(Operator.RESHAPE.build(new ONNXContext(), new String[] {"data", "shape"}, "fc1"));
            declare(g, false, "fc1", DataType.FLOAT, 16);
        });
        try (OnnxGuide guide = open(file, b -> b.scaling(Scaling.ZERO_ONE))) {
            INDArray images = told(3, ImageShape.gray(4));
            assertEquals(
                    0,
                    images.reshape(3, 16)
                            .sub(guide.output(images).embeddings())
                            .amaxNumber()
                            .doubleValue(),
                    1e-6);
        }
    }

    /** As transformers export: a row of one token. */
    @Test
    void sidesOfOneMayStandBeforeTheRowAndBehindIt() {
        for (long[] sides : new long[][] {{1, 16}, {16, 1}, {1, 16, 1}, {4, 4}}) {
            Path file = model("sides", g -> {
                declare(g, true, "data", DataType.FLOAT, OPEN, 1, 4, 4);
                OnnxMl.TensorProto.Builder shape = OnnxMl.TensorProto.newBuilder()
                        .setName("shape")
                        .setDataType(DataType.INT64_VALUE)
                        .addDims(sides.length + 1)
                        .addInt64Data(-1);
                for (long side : sides) {
                    shape.addInt64Data(side);
                }
                g.addInitializer(shape);
                g.addNode(Operator.RESHAPE.build(new ONNXContext(), new String[] {"data", "shape"}, "fc1"));
                long[] open = java.util.stream.LongStream.concat(
                                java.util.stream.LongStream.of(OPEN), java.util.Arrays.stream(sides))
                        .toArray();
                declare(g, false, "fc1", DataType.FLOAT, open);
            });
            if (sides[0] == 4) {
                assertTold("output 'fc1': wanted [1, D] for 1 images", file, b -> b.scaling(Scaling.ZERO_ONE));
                continue;
            }
            try (OnnxGuide guide = open(file, b -> b.scaling(Scaling.ZERO_ONE))) {
                INDArray images = told(3, ImageShape.gray(4));
                assertEquals(
                        images.reshape(3, 16), guide.output(images).embeddings(), java.util.Arrays.toString(sides));
            }
        }
    }

    @Test
    void allSidesMayBeOpenWhenAllIsStated() {
        Path file = flattening(OPEN, OPEN, OPEN, OPEN);
        assertTold(
                "leaves its channels open; say imageChannels(…)",
                file,
                b -> b.scaling(Scaling.ZERO_ONE).channelsFirst().size(4, 5));
        try (OnnxGuide guide = open(
                file,
                b -> b.scaling(Scaling.ZERO_ONE).channelsFirst().size(4, 5).imageChannels(3))) {
            assertEquals(new ImageShape(3, 4, 5), guide.input().shape());
            assertEquals(60, guide.embeddingWidth());
        }
    }

    @ParameterizedTest
    @CsvSource({"FLOAT16, FLOAT", "DOUBLE, FLOAT", "FLOAT, FLOAT16", "FLOAT, DOUBLE", "UINT8, FLOAT", "UINT8, UINT8"})
    void otherTypesAreReadAndWritten(DataType in, DataType out) {
        ONNXContext names = new ONNXContext();
        Path file = model(in + "-" + out, g -> {
            declare(g, true, "data", in, OPEN, 1, 4, 4);
            g.addNode(ONNXOperators.CAST.build(names, "data", "reals", Map.of("to", DataType.FLOAT_VALUE)));
            add(g, "flat", "reals");
            g.addNode(ONNXOperators.CAST.build(names, "flat", "fc1", Map.of("to", out.getNumber())));
            declare(g, false, "fc1", out, OPEN, 16);
        });
        INDArray images = told(3, ImageShape.gray(4));
        boolean bytes = in == DataType.UINT8;
        try (OnnxGuide guide = open(file, b -> bytes ? b : b.scaling(Scaling.ZERO_ONE))) {
            INDArray seen = guide.output(images).embeddings();
            INDArray wanted = bytes ? org.nd4j.linalg.ops.transforms.Transforms.round(images.mul(255), true) : images;
            assertEquals(
                    0,
                    wanted.reshape(3, 16).sub(seen).amaxNumber().doubleValue(),
                    bytes ? 0 : in == DataType.FLOAT16 || out == DataType.FLOAT16 ? 2e-4 : 1e-6);
        }
        if (bytes) {
            assertTold("takes whole numbers 0…255, which is the scaling", file, b -> b.scaling(Scaling.ZERO_ONE));
        }
    }

    @Test
    void furtherInputsMayBeConstant() {
        Path file = model("phase", g -> {
            declare(g, true, "data", DataType.FLOAT, OPEN, 1, 4, 4);
            declare(g, true, "phase_train", DataType.BOOL);
            declare(g, true, "keep", DataType.FLOAT, 1);
            g.addNode(ONNXOperators.CAST.build(
                    new ONNXContext(), "phase_train", "training", Map.of("to", DataType.FLOAT_VALUE)));
            g.addNode(ONNXOperators.MUL.build(new ONNXContext(), new String[] {"data", "keep"}, "kept"));
            g.addNode(ONNXOperators.ADD.build(new ONNXContext(), new String[] {"kept", "training"}, "sum"));
            add(g, "fc1", "sum");
            declare(g, false, "fc1", DataType.FLOAT, OPEN, 16);
        });
        assertTold(
                "say what it always gets by constant(…)",
                file,
                b -> b.scaling(Scaling.ZERO_ONE).input("data").constant("keep", 2));
        assertTold(
                "constant: no input 'drop'",
                file,
                b -> b.scaling(Scaling.ZERO_ONE).constant("drop", 2));
        for (double none : new double[] {0.5, 2, -1, Double.NaN}) {
            assertTold(
                    "constant 'phase_train': its type is BOOL, wanted a whole number from 0.0 to 1.0",
                    file,
                    b -> b.scaling(Scaling.ZERO_ONE)
                            .constant("phase_train", none)
                            .constant("keep", 2));
        }
        assertTold(
                "constant 'keep': its type is FLOAT",
                file,
                b -> b.scaling(Scaling.ZERO_ONE).constant("phase_train", true).constant("keep", 1e300));
        INDArray images = told(2, ImageShape.gray(4));
        try (OnnxGuide guide = open(
                file,
                b -> b.scaling(Scaling.ZERO_ONE).constant("phase_train", false).constant("keep", 2))) {
            assertEquals(
                    0,
                    images.mul(2)
                            .reshape(2, 16)
                            .sub(guide.output(images).embeddings())
                            .amaxNumber()
                            .doubleValue(),
                    1e-6);
        }
        assertNotEquals(
                identity(
                        file,
                        b -> b.scaling(Scaling.ZERO_ONE)
                                .constant("phase_train", false)
                                .constant("keep", 2)),
                identity(
                        file,
                        b -> b.scaling(Scaling.ZERO_ONE)
                                .constant("phase_train", true)
                                .constant("keep", 2)));
    }

    @Test
    void classesHaveNames() {
        UnaryOperator<OnnxGuideBuilder> plain =
                b -> b.scaling(Scaling.ZERO_ONE).embedding("features").logits("scores");
        assertTold(
                "classes: wanted a name for each of 16 logits, got 1",
                twoOutputs(),
                b -> plain.apply(b).classes(java.util.List.of("anna")));
        java.util.List<String> names =
                java.util.stream.IntStream.range(0, 16).mapToObj(i -> "p" + i).toList();
        try (OnnxGuide guide = open(twoOutputs(), b -> plain.apply(b).classes(names))) {
            assertEquals(names, guide.classes());
        }
    }

    @Test
    void eightThreadsGetTheAnswersOfOneAndClosingWaitsForThem() throws Exception {
        OnnxGuide guide = open(
                flattening(OPEN, 3, 8, 8),
                b -> b.scaling(Scaling.ZERO_ONE).atOnce(3).unitLength());
        ImageShape shape = ImageShape.colour(8);
        INDArray[] images = new INDArray[8];
        INDArray[] wanted = new INDArray[8];
        for (int t = 0; t < 8; t++) {
            images[t] = told(1 + t, shape).addi(t / 7.0);
            wanted[t] = guide.output(images[t]).embeddings();
        }
        ExecutorService pool = Executors.newFixedThreadPool(8);
        CountDownLatch answered = new CountDownLatch(8);
        try {
            List<Future<?>> results = new ArrayList<>();
            for (int t = 0; t < 8; t++) {
                int own = t;
                results.add(pool.submit(() -> {
                    for (boolean first = true; ; first = false) {
                        try {
                            assertEquals(wanted[own], guide.output(images[own]).embeddings());
                        } catch (IllegalStateException e) {
                            assertEquals("OnnxGuide: it is closed", e.getMessage());
                            return;
                        }
                        if (first) {
                            answered.countDown();
                        }
                    }
                }));
            }
            assertTrue(answered.await(60, TimeUnit.SECONDS), "each got an answer before it was closed");
            Thread.sleep(200); // some more answers, eight at a time
            guide.close();
            for (Future<?> result : results) {
                result.get();
            }
        } finally {
            guide.close();
            pool.shutdownNow();
        }
    }

    @Test
    void aNulInAMetadataKeyIsNoHarm() throws IOException {
        Path file = flattening(OPEN, 1, 4, 4);
        Files.write(
                file,
                OnnxMl.ModelProto.parseFrom(Files.readAllBytes(file)).toBuilder()
                        .addMetadataProps(OnnxMl.StringStringEntryProto.newBuilder()
                                .setKey("a\0b")
                                .setValue("c"))
                        .build()
                        .toByteArray());
        try (OnnxGuide guide = open(file, b -> b.scaling(Scaling.ZERO_ONE))) {
            assertEquals(16, guide.embeddingWidth());
        }
    }

    private static String identity(Path file, UnaryOperator<OnnxGuideBuilder> options) {
        try (OnnxGuide guide = open(file, options)) {
            return guide.identity();
        }
    }

    @Test
    void optionsAreChecked() {
        OnnxGuideBuilder builder = OnnxGuide.from(folder.resolve("any.onnx"));
        assertThrows(IllegalArgumentException.class, () -> builder.atOnce(0));
        assertThrows(IllegalArgumentException.class, () -> builder.threads(0));
        assertThrows(IllegalArgumentException.class, () -> builder.normalisation(new double[2], new double[] {1}));
        assertThrows(IllegalArgumentException.class, () -> builder.normalisation(new double[1], new double[] {0}));
        assertThrows(
                IllegalArgumentException.class,
                () -> builder.normalisation(new double[] {Double.NaN}, new double[] {1}));
        assertThrows(IllegalArgumentException.class, () -> builder.imageChannels(2));
    }

    /** A loader that has all but the optional libraries. */
    private static final class Bare extends URLClassLoader {

        Bare() {
            super(new URL[0], OnnxGuideTest.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (name.startsWith("ai.onnx") || name.startsWith("org.tribuo") || name.startsWith("com.google.protobuf")) {
                throw new ClassNotFoundException(name);
            }
            if (!name.startsWith("io.github.horkd.onnx.")) {
                return super.loadClass(name, resolve);
            }
            Class<?> loaded = findLoadedClass(name);
            try (InputStream in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
                byte[] code = in.readAllBytes();
                return loaded == null ? defineClass(name, code, 0, code.length) : loaded;
            } catch (IOException e) {
                throw new ClassNotFoundException(name, e);
            }
        }
    }

    @Test
    void aMissingLibraryIsNamed() throws Exception {
        try (Bare bare = new Bare()) {
            Object builder = bare.loadClass(OnnxGuide.class.getName())
                    .getMethod("from", Path.class)
                    .invoke(null, flattening(OPEN, 3, 4, 4));
            Throwable told = assertThrows(
                            java.lang.reflect.InvocationTargetException.class,
                            () -> builder.getClass().getMethod("open").invoke(builder))
                    .getCause();
            assertTrue(
                    told instanceof IllegalStateException
                            && told.getMessage().contains("com.microsoft.onnxruntime:onnxruntime:"),
                    told.toString());
            var input = new io.github.horkd.guide.Input(ImageShape.gray(8), Scaling.ZERO_ONE);
            var network = io.github.horkd.model.Network.create(
                    io.github.horkd.model.Backbone.plain(2, 4),
                    new io.github.horkd.model.Head.Softmax(),
                    input,
                    java.util.List.of(),
                    1);
            var write = bare.loadClass(OnnxExport.class.getName())
                    .getMethod("write", io.github.horkd.model.Network.class, Path.class);
            told = assertThrows(
                            java.lang.reflect.InvocationTargetException.class,
                            () -> write.invoke(null, network, folder.resolve("x.onnx")))
                    .getCause();
            assertTrue(
                    told instanceof IllegalStateException && told.getMessage().contains("org.tribuo:tribuo-util-onnx:"),
                    told.toString());
        }
    }

    @Test
    void theNamedVersionsAreThoseOfThePom() throws IOException {
        String pom = Files.readString(Path.of(System.getProperty("basedir", "."), "pom.xml"));
        for (Dependency dependency : Dependency.values()) {
            String[] coordinates = dependency.coordinates().split(":");
            assertTrue(
                    pom.contains("<artifactId>" + coordinates[1] + "</artifactId>")
                            && pom.contains(">" + coordinates[2] + "<"),
                    dependency.coordinates());
        }
        assertArrayEquals(
                new String[] {"com.microsoft.onnxruntime", "org.tribuo"},
                java.util.Arrays.stream(Dependency.values())
                        .map(d -> d.coordinates().split(":")[0])
                        .toArray());
    }
}
