package io.github.horkd.examples.keras;

import io.github.horkd.data.Degradation;
import io.github.horkd.data.ImageShape;
import io.github.horkd.data.MemoryImages;
import io.github.horkd.data.PairedImages;
import io.github.horkd.data.Pose;
import io.github.horkd.data.Resolution;
import io.github.horkd.guide.Guide;
import io.github.horkd.guide.Input;
import io.github.horkd.guide.Scaling;
import io.github.horkd.model.Backbone;
import io.github.horkd.model.Head;
import io.github.horkd.model.Network;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The files were written by {@code keras_h5.py} beside them, with weights that this test can compute. */
class KerasTeacherTest {

    static {
        // A network of ours switches oneDNN on for whatever DL4J builds afterwards; what is imported must give the same
        // with it.
        Network.create(
                Backbone.residual(8, 8),
                new Head.Softmax(),
                new Input(ImageShape.gray(8), Scaling.ZERO_ONE),
                List.of(),
                1);
    }

    private static Path file(String name) {
        try {
            return Path.of(KerasTeacherTest.class.getResource("/" + name).toURI());
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    private static KerasTeacher load(String name, Scaling scaling) {
        return KerasTeacher.load(file(name), scaling, Optional.empty());
    }

    /** Number k of an array with the given offset, as the script has it. */
    private static float weight(int offset, int k) {
        return (float) (Math.sin(k + offset) / 2);
    }

    private static float[] random(int size) {
        Random random = new Random(5);
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = random.nextFloat();
        }
        return values;
    }

    /** Convolution and ReLU by plain loops: an image [channels][rows][columns] to [rows][columns][filters], kernel [kr][kc][in][out]. */
    private static double[][][] convolved(
            float[] image, int channels, int rows, int columns, int kr, int kc, int filters) {
        double[][][] out = new double[rows - kr + 1][columns - kc + 1][filters];
        for (int y = 0; y < out.length; y++) {
            for (int x = 0; x < out[y].length; x++) {
                for (int f = 0; f < filters; f++) {
                    double sum = weight(2, f);
                    for (int dy = 0; dy < kr; dy++) {
                        for (int dx = 0; dx < kc; dx++) {
                            for (int c = 0; c < channels; c++) {
                                sum += image[(c * rows + y + dy) * columns + x + dx]
                                        * weight(1, ((dy * kc + dx) * channels + c) * filters + f);
                            }
                        }
                    }
                    out[y][x][f] = Math.max(0, sum);
                }
            }
        }
        return out;
    }

    @ParameterizedTest
    @ValueSource(strings = {"ZERO_ONE", "PLUS_MINUS_ONE"})
    void aSequentialModelGivesWhatItsLayersSay(String name) {
        Scaling scaling = Scaling.parse(name);
        KerasTeacher teacher = load("sequential.h5", scaling);
        assertEquals(new ImageShape(3, 5, 4), teacher.input().shape());
        assertTrue(teacher.channelsLast());
        assertEquals("embedding", teacher.embedding());
        assertEquals(3, teacher.embeddingWidth());

        float[] images = random(2 * 60);
        INDArray got = teacher.output(Nd4j.create(images).reshape(2, 3, 5, 4)).embeddings();
        for (int n = 0; n < 2; n++) {
            float[] image = java.util.Arrays.copyOfRange(images, 60 * n, 60 * (n + 1));
            for (int i = 0; scaling.equals(Scaling.PLUS_MINUS_ONE) && i < image.length; i++) {
                image[i] = 2 * image[i] - 1;
            }
            double[][][] features = convolved(image, 3, 5, 4, 2, 3, 2);
            double[] wanted = new double[3];
            for (int d = 0; d < 3; d++) {
                double sum = weight(4, d);
                int at = 0;
                for (double[][] row : features) {
                    for (double[] pixel : row) {
                        for (double value : pixel) {
                            sum += value * weight(3, 3 * at++ + d);
                        }
                    }
                }
                wanted[d] = Math.tanh(sum);
            }
            assertArrayEquals(wanted, got.getRow(n).toDoubleVector(), 1e-5);
        }
    }

    @Test
    void aFunctionalModelEmbedsInWhatItsClassifierIsGiven() {
        KerasTeacher teacher = load("functional.h5", Scaling.ZERO_ONE);
        assertEquals("pool", teacher.embedding());
        assertEquals(new ImageShape(1, 8, 8), teacher.input().shape());
        float[] image = random(64);
        double[] wanted = new double[4];
        for (double[][] row : convolved(image, 1, 8, 8, 3, 3, 4)) {
            for (double[] pixel : row) {
                for (int f = 0; f < 4; f++) {
                    wanted[f] += pixel[f] / 36;
                }
            }
        }
        assertArrayEquals(
                wanted,
                teacher.output(Nd4j.create(image).reshape(1, 1, 8, 8))
                        .embeddings()
                        .toDoubleVector(),
                1e-5);
    }

    @Test
    void aModelOfAnySizeTakesTheOneThatIsStated() {
        assertTrue(assertThrows(IllegalArgumentException.class, () -> load("open.h5", Scaling.ZERO_ONE))
                .getMessage()
                .contains("-Dsize="));
        KerasTeacher teacher = KerasTeacher.load(file("open.h5"), Scaling.ZERO_ONE, Optional.empty(), 8);
        assertEquals(new ImageShape(1, 8, 8), teacher.input().shape());
        INDArray image = Nd4j.create(random(64)).reshape(1, 1, 8, 8);
        assertArrayEquals(
                load("functional.h5", Scaling.ZERO_ONE)
                        .output(image)
                        .embeddings()
                        .toDoubleVector(),
                teacher.output(image).embeddings().toDoubleVector(),
                1e-6);
        KerasTeacher larger = KerasTeacher.load(file("open.h5"), Scaling.ZERO_ONE, Optional.empty(), 21);
        assertArrayEquals(
                new long[] {2, 4},
                larger.output(Nd4j.rand(2, 1, 21, 21)).embeddings().shape());
    }

    @Test
    void manyImagesAreSeenAsOneByOne() {
        KerasTeacher teacher = load("functional.h5", Scaling.ZERO_ONE);
        INDArray images = Nd4j.create(random(300 * 64)).reshape(300, 1, 8, 8);
        INDArray all = teacher.output(images).embeddings();
        assertArrayEquals(new long[] {300, 4}, all.shape());
        INDArray last = teacher.output(Nd4j.create(java.util.Arrays.copyOfRange(random(300 * 64), 299 * 64, 300 * 64))
                        .reshape(1, 1, 8, 8))
                .embeddings();
        assertArrayEquals(last.toDoubleVector(), all.getRow(299).toDoubleVector(), 1e-6);
    }

    @Test
    void anotherLayerMayBeNamed() {
        KerasTeacher teacher = KerasTeacher.load(file("sequential.h5"), Scaling.ZERO_ONE, Optional.of("classes"));
        assertEquals(2, teacher.embeddingWidth());
        assertNotEquals(load("sequential.h5", Scaling.ZERO_ONE).identity(), teacher.identity());
        assertEquals(
                load("sequential.h5", Scaling.ZERO_ONE).identity(),
                load("sequential.h5", Scaling.ZERO_ONE).identity());
        String flat = message("conv");
        assertTrue(
                flat.startsWith(
                        "embedding: wanted a layer that delivers [N, D], got conv, which delivers [N, 4, 2, 2]; it has conv "),
                flat);
        String missing = message("fc7");
        assertTrue(
                missing.contains(
                        "got fc7, which the model does not have; it has conv [N, 4, 2, 2], embedding [N, 3], classes [N, 2]"),
                missing);
    }

    private static String message(String layer) {
        return assertThrows(
                        IllegalArgumentException.class,
                        () -> KerasTeacher.load(file("sequential.h5"), Scaling.ZERO_ONE, Optional.of(layer)))
                .getMessage();
    }

    @Test
    void saysWhatIsWrongWithAFile(@TempDir Path folder) throws IOException {
        Path text = Files.writeString(folder.resolve("model.h5"), "no model");
        String message = assertThrows(
                        UncheckedIOException.class, () -> KerasTeacher.load(text, Scaling.ZERO_ONE, Optional.empty()))
                .getMessage();
        assertTrue(message.startsWith(text + ": cannot be read (it is no HDF5 file"), message);
        Path missing = folder.resolve("missing.h5");
        assertThrows(UncheckedIOException.class, () -> KerasTeacher.load(missing, Scaling.ZERO_ONE, Optional.empty()));
        KerasTeacher teacher = load("sequential.h5", Scaling.ZERO_ONE);
        assertTrue(assertThrows(IllegalArgumentException.class, () -> teacher.output(Nd4j.zeros(1, 5, 4, 3)))
                .getMessage()
                .startsWith("images: wanted [N, 3, 5, 4], channels first, got [1, 5, 4, 3]"));
    }

    @Test
    void aStudentLearnsFromIt() {
        KerasTeacher teacher = load("functional.h5", Scaling.ZERO_ONE);
        Random random = new Random(3);
        // Stripes of different widths and slopes: something to tell apart at 4x4 pixels too.
        List<float[]> pictures = IntStream.range(0, 64)
                .mapToObj(i -> {
                    double angle = random.nextDouble() * Math.PI;
                    double phase = random.nextDouble() * 6;
                    float[] values = new float[64];
                    for (int at = 0; at < 64; at++) {
                        values[at] = (float) (0.5
                                + 0.5 * Math.sin(phase + 0.7 * (at % 8 * Math.cos(angle) + at / 8 * Math.sin(angle))));
                    }
                    return values;
                })
                .toList();
        PairedImages images = MemoryImages.ofIntensities(
                ImageShape.gray(8),
                pictures,
                IntStream.range(0, 64).map(i -> -1).toArray(),
                List.of(),
                IntStream.range(0, 64).mapToObj(i -> "stripes " + i).toList(),
                Degradation.downscaleTo(4));
        Network hardly = KerasExample.distil(teacher, images, 1);
        Network student = KerasExample.distil(teacher, images, 200);
        assertEquals(4, student.embeddingWidth());
        double begun = meanCosine(teacher, hardly, images);
        double learned = meanCosine(teacher, student, images);
        assertTrue(
                learned > 0.8 && learned > begun + 0.1,
                "mean cosine of student and teacher " + begun + " and then " + learned);
    }

    private static double meanCosine(KerasTeacher teacher, Network student, PairedImages images) {
        int[] all = IntStream.range(0, images.size()).toArray();
        // Compared where the student learned: in the space that was fitted on the teacher's embeddings.
        Guide seen = student.embeddingSpace().<Guide>map(teacher::in).orElse(teacher);
        INDArray wanted =
                seen.output(images.batch(Resolution.HIGH, all, Pose.IDENTITY)).embeddings();
        INDArray got = student.embed(images.batch(Resolution.LOW, all, Pose.IDENTITY));
        return IntStream.of(all)
                .mapToDouble(i -> Transforms.cosineSim(wanted.getRow(i), got.getRow(i)))
                .average()
                .orElseThrow();
    }
}
