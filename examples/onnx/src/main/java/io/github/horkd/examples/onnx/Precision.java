package io.github.horkd.examples.onnx;

import io.github.horkd.data.Augmentation;
import io.github.horkd.data.AugmentedPool;
import io.github.horkd.data.Degradation;
import io.github.horkd.data.ImageFolder;
import io.github.horkd.data.ImageShape;
import io.github.horkd.data.PairedImages;
import io.github.horkd.data.Resolution;
import io.github.horkd.distill.Classifier;
import io.github.horkd.distill.Distillation;
import io.github.horkd.distill.Listeners;
import io.github.horkd.distill.Schedule;
import io.github.horkd.distill.Stage;
import io.github.horkd.eval.Evaluation;
import io.github.horkd.eval.Identification;
import io.github.horkd.eval.Spread;
import io.github.horkd.eval.Table;
import io.github.horkd.eval.TopOne;
import io.github.horkd.guide.Embeddings;
import io.github.horkd.guide.Guide;
import io.github.horkd.model.Backbone;
import io.github.horkd.model.Network;
import io.github.horkd.onnx.OnnxExport;
import io.github.horkd.onnx.OnnxGuide;
import io.github.horkd.onnx.WeightPrecision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * What float16 and int8 weights cost: students distilled on the ORL faces (56×46 against 10×8, images 1 to 5 of each person train, 6 to 10 test), exported with each kind of weights and
 * measured through ONNX Runtime.
 * <pre>  mvn -q -f examples/onnx -Dexample=Precision -Ddata=orl_faces.zip</pre>
 * {@code -Dseeds=3} (a new teacher and student each) is optional. A few minutes on one core.
 */
public final class Precision {

    private static final Schedule SCHEDULE = Schedule.steps(600);
    private static final Augmentation MOVES = Augmentation.none()
            .flip()
            .shift(3)
            .rotate(0.1)
            .scale(0.1)
            .contrast(0.2)
            .brightness(0.1);

    private final PairedImages train;
    private final PairedImages test;
    private final Map<String, double[][]> figures = new LinkedHashMap<>();

    private Precision(Path data) {
        PairedImages all = ImageFolder.open(data, new ImageShape(1, 56, 46), Degradation.downscaleTo(10, 8));
        train = all.where(i -> number(all.name(i)) <= 5);
        test = all.where(i -> number(all.name(i)) > 5);
    }

    public static void main(String[] args) throws IOException {
        var precision = new Precision(Settings.path("data", "the ORL faces, one directory a person"));
        int seeds = Settings.number("seeds", 3);
        for (int s = 0; s < seeds; s++) {
            precision.run(s, seeds);
        }
        System.out.println(precision.table().markdown());
    }

    private void run(int seed, int seeds) throws IOException {
        PairedImages pool = new AugmentedPool(train, 16, MOVES, 5 + seed);
        Network teacher = Classifier.train(
                Stage.onLabels(
                        "teacher",
                        Backbone.residual(24, 64).withBlocks(48, 72, 108),
                        Resolution.HIGH,
                        SCHEDULE,
                        1000 + seed),
                pool,
                Listeners.log());
        Network student = Distillation.from(teacher)
                .student(Backbone.residual(16, 64).withBlocks(32, 52))
                .softLogits(1, 4)
                .schedule(SCHEDULE)
                .seed(seed)
                .build()
                .run(pool)
                .student();
        INDArray gallery = Embeddings.by(teacher).toMatch(student).of(train, Resolution.HIGH);
        Guide.Output reference = student.output(whole(test));
        Path folder = Files.createTempDirectory("precision");
        student.save(folder.resolve("student.zip"));
        keep("DL4J, float32", seed, seeds, Files.size(folder.resolve("student.zip")), reference, reference, gallery);
        for (WeightPrecision weights : WeightPrecision.values()) {
            Path file = folder.resolve(weights + ".onnx");
            OnnxExport.of(student).weights(weights).write(file);
            try (OnnxGuide guide = OnnxGuide.from(file).threads(1).open()) {
                keep("ONNX, " + weights, seed, seeds, Files.size(file), guide.output(whole(test)), reference, gallery);
            }
        }
    }

    private static INDArray whole(PairedImages images) {
        return images.batch(
                Resolution.LOW,
                java.util.stream.IntStream.range(0, images.size()).toArray(),
                io.github.horkd.data.Pose.IDENTITY);
    }

    private void keep(
            String row,
            int seed,
            int seeds,
            long bytes,
            Guide.Output output,
            Guide.Output reference,
            INDArray gallery) {
        int[] labels = Evaluation.labels(test);
        INDArray embeddings = output.embeddings();
        figures.computeIfAbsent(row, r -> new double[4][seeds]);
        double[][] kept = figures.get(row);
        kept[0][seed] = bytes / 1024.0;
        kept[1][seed] = 100 * TopOne.of(output.logits().orElseThrow(), labels).rate();
        kept[2][seed] = 100
                * Identification.of(embeddings, labels, gallery, Evaluation.labels(train))
                        .rank(1);
        kept[3][seed] = 100
                * embeddings.sub(reference.embeddings()).norm2Number().doubleValue()
                / reference.embeddings().norm2Number().doubleValue();
    }

    private Table table() {
        Table table = Table.of("", "seeds", "KiB", "acc", "xrank-1", "embedding moved, %");
        for (var row : figures.entrySet()) {
            double[][] kept = row.getValue();
            table = table.row(
                    row.getKey(),
                    kept[0].length,
                    Spread.of(kept[0]),
                    Spread.of(kept[1]),
                    Spread.of(kept[2]),
                    Spread.of(kept[3]));
        }
        return table;
    }

    /** The number in a file name such as s07/03.png. */
    private static int number(String name) {
        return Integer.parseInt(name.substring(name.lastIndexOf('/') + 1, name.lastIndexOf('.')));
    }
}
