package io.github.horkd.examples.onnx;

import io.github.horkd.data.ImageShape;
import io.github.horkd.eval.Table;
import io.github.horkd.guide.Input;
import io.github.horkd.guide.Scaling;
import io.github.horkd.model.Backbone;
import io.github.horkd.model.Head;
import io.github.horkd.model.Network;
import io.github.horkd.onnx.OnnxExport;
import io.github.horkd.onnx.OnnxGuide;
import io.github.horkd.onnx.WeightPrecision;
import io.github.horkd.recognise.Gallery;
import io.github.horkd.recognise.GalleryBuilder;
import io.github.horkd.recognise.PerIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * File size and speed of students and a teacher: this library on DL4J, the same with batch-norm folded away, ONNX Runtime. The sides take turns; medians.
 * <pre>  mvn -q -f examples/onnx -Dexample=ServingSpeed -Dthreads=1      (and 2)</pre>
 * Networks of the LFW example, drawn and not trained, and one of 0.21 million parameters: what the weights are does not matter for speed.
 */
public final class ServingSpeed {

    private static final int ROUNDS = 5;
    private static final double SECONDS = 0.8;

    private ServingSpeed() {}

    /** One network under measurement. */
    private record Subject(String name, Backbone backbone, ImageShape shape) {}

    public static void main(String[] args) throws IOException {
        int threads = Settings.number("threads", 1);
        List<Subject> subjects = List.of(
                new Subject("student", Backbone.residual(20, 128).withBlocks(36, 64), ImageShape.gray(16)),
                new Subject("student, plain", Backbone.plain(20, 128), ImageShape.gray(16)),
                new Subject("larger student", Backbone.residual(32, 128).withBlocks(56, 100), ImageShape.gray(16)),
                new Subject("teacher", Backbone.residual(32, 128).withBlocks(64, 96, 160), ImageShape.gray(64)));
        Table sizes = Table.of("", "parameters", "DL4J, KiB", "ONNX float32, KiB", "float16, KiB", "int8, KiB");
        Table speeds = Table.of(
                "",
                "threads",
                "B",
                "DL4J, ms",
                "folded, ms",
                "ONNX Runtime, ms",
                "DL4J, images/s",
                "folded, images/s",
                "ONNX Runtime, images/s");
        Path folder = Files.createTempDirectory("serving");
        for (Subject subject : subjects) {
            Network network = Network.create(
                    subject.backbone(),
                    new Head.Softmax(),
                    new Input(subject.shape(), Scaling.STANDARDISED),
                    List.of(),
                    1);
            sizes = sizes.row(
                    subject.name(),
                    network.parameterCount(),
                    size(folder, network::save),
                    size(folder, file -> OnnxExport.write(network, file)),
                    size(
                            folder,
                            file -> OnnxExport.of(network)
                                    .weights(WeightPrecision.FLOAT16)
                                    .write(file)),
                    size(
                            folder,
                            file -> OnnxExport.of(network)
                                    .weights(WeightPrecision.INT8)
                                    .write(file)));
            Path file = folder.resolve("network.onnx");
            OnnxExport.write(network, file);
            Network folded = network.folded();
            for (int batch : new int[] {1, 64}) {
                INDArray images = Nd4j.rand(
                        batch,
                        subject.shape().channels(),
                        subject.shape().height(),
                        subject.shape().width());
                try (OnnxGuide guide =
                        OnnxGuide.from(file).atOnce(batch).threads(threads).open()) {
                    double[] ms = measure(
                            () -> network.embed(images), () -> folded.embed(images), () -> guide.output(images));
                    speeds = speeds.row(
                            subject.name(),
                            threads,
                            batch,
                            number(ms[0], 3),
                            number(ms[1], 3),
                            number(ms[2], 3),
                            number(1000 * batch / ms[0], 0),
                            number(1000 * batch / ms[1], 0),
                            number(1000 * batch / ms[2], 0));
                }
            }
        }
        System.out.println(sizes.markdown());
        System.out.println(speeds.markdown());
        System.out.println(search(threads).markdown());
    }

    /** The exact search of a gallery of 100,000 embeddings, 128 wide. */
    private static Table search(int threads) {
        int enrolled = 100_000;
        var names = IntStream.range(0, enrolled).mapToObj(i -> "person " + i).toList();
        Network guide = Network.create(
                Backbone.plain(20, 128),
                new Head.Softmax(),
                new Input(ImageShape.gray(16), Scaling.STANDARDISED),
                List.of(),
                1);
        GalleryBuilder builder = Gallery.builder(PerIdentity.BEST_TEMPLATE, guide);
        builder.enrol(names, Nd4j.randn(DataType.FLOAT, enrolled, 128));
        Gallery gallery = builder.build();
        Table table = Table.of("100,000 enrolled", "threads", "ms a search", "ms a probe");
        for (int probes : new int[] {1, 64}) {
            INDArray asked = Nd4j.randn(DataType.FLOAT, probes, 128);
            double ms = measure(() -> gallery.identify(asked, 5))[0];
            table = table.row(
                    probes + (probes == 1 ? " probe" : " probes"), threads, number(ms, 2), number(ms / probes, 3));
        }
        return table;
    }

    private static String size(Path folder, Consumer<Path> writer) throws IOException {
        Path file = folder.resolve("size");
        writer.accept(file);
        return number(Files.size(file) / 1024.0, 0);
    }

    /** Milliseconds a call: the sides take turns, and the median of each side's medians is taken after a round of warm-up. */
    private static double[] measure(Runnable... sides) {
        double[][] medians = new double[sides.length][ROUNDS];
        for (int round = -1; round < ROUNDS; round++) {
            for (int side = 0; side < sides.length; side++) {
                double median = median(sides[side]);
                medians[side][Math.max(0, round)] = median;
            }
        }
        return Arrays.stream(medians)
                .mapToDouble(m -> Arrays.stream(m).sorted().toArray()[m.length / 2])
                .toArray();
    }

    private static double median(Runnable work) {
        double[] times = new double[1 << 16];
        int n = 0;
        long start = System.nanoTime();
        while (n < times.length && System.nanoTime() - start < SECONDS * 1e9) {
            long before = System.nanoTime();
            work.run();
            times[n++] = (System.nanoTime() - before) / 1e6;
        }
        int count = n;
        return IntStream.range(0, count).mapToDouble(i -> times[i]).sorted().toArray()[count / 2];
    }

    private static String number(double value, int digits) {
        return String.format(Locale.ROOT, "%,." + digits + "f", value);
    }
}
