package io.github.horkd.examples.onnx;

import io.github.horkd.data.Degradation;
import io.github.horkd.data.ImageFolder;
import io.github.horkd.data.ImageOptions;
import io.github.horkd.data.ImageShape;
import io.github.horkd.data.PairedImages;
import io.github.horkd.data.Pose;
import io.github.horkd.data.Resolution;
import io.github.horkd.distill.Classifier;
import io.github.horkd.distill.Learner;
import io.github.horkd.distill.Listeners;
import io.github.horkd.distill.Schedule;
import io.github.horkd.distill.Stage;
import io.github.horkd.eval.Table;
import io.github.horkd.guide.Guide;
import io.github.horkd.model.Backbone;
import io.github.horkd.model.Head;
import io.github.horkd.model.Network;
import io.github.horkd.onnx.OnnxExport;
import io.github.horkd.onnx.OnnxGuide;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Every backbone and head, gray and colour, large and small: trained for a while on real images, exported, and read back as a guide by ONNX Runtime;
 * then the largest difference between the two over 1,000 images, one at a time and 64 at a time; and, over the first 64, how far each side's embeddings are from the
 * same network's in double precision: what single precision alone costs.
 * <pre>  mvn -q -f examples/onnx -Dexample=Agreement -Dgray=lfw64.zip -Dcolour=cifar10.tar.gz -Dunder=test</pre>
 * Each an archive or a folder with one directory per class; {@code under} names the part of the colour images to take, where they have parts; {@code -Dsteps=150} of training.
 * Ends with an error when a difference is above 1e-5 of the largest value (or of 1, where all are smaller).
 */
public final class Agreement {

    private static final int IMAGES = 1000;
    private static final double ALLOWED = 1e-5;

    private Agreement() {}

    public static void main(String[] args) throws Exception {
        Path folder = Files.createTempDirectory("agreement");
        Table table = Table.of(
                "images",
                "seen as",
                "backbone",
                "head",
                "embedding, B = 1",
                "embedding, B = 64",
                "logits, B = 1",
                "logits, B = 64",
                "DL4J from double",
                "ONNX from double");
        double worst = 0;
        for (boolean colour : new boolean[] {false, true}) {
            PairedImages images = some(
                    Settings.path(
                            colour ? "colour" : "gray", "an archive of " + (colour ? "colour" : "gray") + " images"),
                    colour);
            for (Resolution seen : Resolution.values()) {
                for (Backbone backbone : List.of(Backbone.residual(16, 64), Backbone.plain(16, 64))) {
                    for (Head head :
                            List.of(new Head.Softmax(), new Head.CosFace(16, 0.15), new Head.ArcFace(16, 0.15))) {
                        Stage stage = Stage.onLabels(
                                        "student", backbone, seen, Schedule.steps(Settings.number("steps", 150)), 1)
                                .withLearner(Learner.of(backbone, head));
                        Network network = Classifier.train(stage, images, Listeners.log());
                        double[] apart = apart(network, images, seen, folder.resolve("network.onnx"));
                        worst = Math.max(worst, Arrays.stream(apart, 0, 4).max().orElseThrow());
                        table = table.row(
                                colour ? "colour" : "gray",
                                images.shape(seen).height() + " pixels",
                                backbone.getClass().getSimpleName(),
                                head.getClass().getSimpleName(),
                                written(apart[0]),
                                written(apart[1]),
                                written(apart[2]),
                                written(apart[3]),
                                written(apart[4]),
                                written(apart[5]));
                    }
                }
            }
        }
        System.out.println(table.markdown());
        if (!(worst <= ALLOWED)) {
            throw new IllegalStateException("agreement: wanted at most " + ALLOWED + ", got " + worst);
        }
    }

    private static PairedImages some(Path data, boolean colour) {
        String under = colour ? System.getProperty("horkd.under", "").strip() : "";
        ImageShape shape = colour ? ImageShape.colour(32) : ImageShape.gray(64);
        PairedImages all = ImageFolder.open(
                data,
                shape,
                Degradation.downscaleTo(16),
                under.isEmpty()
                        ? ImageOptions.defaults()
                        : ImageOptions.defaults().under(under));
        if (all.size() < IMAGES) {
            throw new IllegalArgumentException(data + ": wanted at least " + IMAGES + " images, got " + all.size());
        }
        int[] drawn = new Random(1)
                .ints(0, all.size())
                .distinct()
                .limit(IMAGES)
                .sorted()
                .toArray();
        return all.subset(drawn).withoutUnusedClasses();
    }

    /**
     * The largest difference relative to the largest value: embeddings one at a time, 64 at a time, logits likewise; embeddings of 64 from those in
     * double precision, here and there.
     */
    private static double[] apart(Network network, PairedImages images, Resolution seen, Path file) {
        OnnxExport.write(network, file);
        double[] apart = new double[6];
        int[] batches = {1, 64};
        for (int b = 0; b < batches.length; b++) {
            try (OnnxGuide guide =
                    OnnxGuide.from(file).atOnce(batches[b]).threads(1).open()) {
                for (int from = 0; from < IMAGES; from += batches[b]) {
                    int[] picked = IntStream.range(from, Math.min(IMAGES, from + batches[b]))
                            .toArray();
                    INDArray batch = images.batch(seen, picked, Pose.IDENTITY);
                    Guide.Output here = network.output(batch);
                    Guide.Output there = guide.output(batch);
                    apart[b] = Math.max(apart[b], apart(here.embeddings(), there.embeddings()));
                    apart[2 + b] = Math.max(
                            apart[2 + b],
                            apart(here.logits().orElseThrow(), there.logits().orElseThrow()));
                }
            }
        }
        Network exact = network.with(network.graph().convertDataType(DataType.DOUBLE), Map.of());
        INDArray first = images.batch(seen, IntStream.range(0, 64).toArray(), Pose.IDENTITY);
        INDArray wanted = exact.embed(first.castTo(DataType.DOUBLE));
        apart[4] = apart(wanted, network.embed(first).castTo(DataType.DOUBLE));
        try (OnnxGuide guide = OnnxGuide.from(file).threads(1).open()) {
            apart[5] = apart(wanted, guide.output(first).embeddings().castTo(DataType.DOUBLE));
        }
        return apart;
    }

    private static double apart(INDArray here, INDArray there) {
        return here.sub(there).amaxNumber().doubleValue()
                / Math.max(1, here.amaxNumber().doubleValue());
    }

    private static String written(double difference) {
        return String.format(Locale.ROOT, "%.1e", difference);
    }
}
