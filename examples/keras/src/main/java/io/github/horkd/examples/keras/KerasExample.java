package io.github.horkd.examples.keras;

import io.github.horkd.data.Degradation;
import io.github.horkd.data.ImageFolder;
import io.github.horkd.data.PairedImages;
import io.github.horkd.distill.Distillation;
import io.github.horkd.distill.Schedule;
import io.github.horkd.guide.Scaling;
import io.github.horkd.model.Backbone;
import io.github.horkd.model.Network;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Distils a student for small images from a Keras model: {@code -Dmodel=teacher.h5 -Ddata=faces.zip} (one directory a person; labels are not used).
 * Without data it says what it found in the file. {@code -Dembedding=} names the Keras layer to take, {@code -Dscaling=} is ZERO_ONE,
 * PLUS_MINUS_ONE, ZERO_255 or STANDARDISED, as the model was trained; {@code -Dsize=} the side of an image, for a model that leaves it open; {@code -Dlow=16} is the student's side in pixels, {@code -Dsteps=} how long it learns,
 * {@code -Dout=} the folder that {@code student.zip} is written to.
 */
public final class KerasExample {

    private KerasExample() {}

    public static void main(String[] args) throws Exception {
        Path model = given("model")
                .map(Path::of)
                .orElseThrow(() -> new IllegalArgumentException("model: wanted -Dmodel=teacher.h5, got nothing"));
        KerasTeacher teacher = KerasTeacher.load(
                model,
                Scaling.parse(given("scaling").orElse("ZERO_ONE")),
                given("embedding"),
                given("size").map(Integer::parseInt).orElse(0));
        System.out.println(teacher);
        if (given("data").isEmpty()) {
            System.out.println("to distil a student from it, say -Ddata=… with pictures");
            return;
        }
        int low = Integer.parseInt(given("low").orElse("16"));
        int steps = Integer.parseInt(given("steps").orElse("200"));
        Path out = Files.createDirectories(Path.of(given("out").orElse("target")));
        PairedImages faces =
                ImageFolder.open(Path.of(given("data").get()), teacher.input().shape(), Degradation.downscaleTo(low));
        Network student = distil(teacher, faces, steps);
        student.save(out.resolve("student.zip"));
        System.out.println(student + " is in " + out.resolve("student.zip"));
    }

    /** A small student whose embeddings of small images lie where the teacher's of the large ones do. */
    static Network distil(KerasTeacher teacher, PairedImages faces, int steps) {
        return Distillation.from(teacher)
                .student(Backbone.residual(16, teacher.embeddingWidth()))
                .labels(0)
                .schedule(Schedule.steps(steps).withBatchSize(Math.min(64, faces.size())))
                .build()
                .run(faces)
                .student();
    }

    private static Optional<String> given(String name) {
        return Optional.ofNullable(System.getProperty("horkd." + name))
                .map(String::strip)
                .filter(text -> !text.isEmpty());
    }
}
