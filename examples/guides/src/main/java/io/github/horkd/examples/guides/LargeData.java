package io.github.horkd.examples.guides;

import io.github.horkd.data.Augmentation;
import io.github.horkd.data.Degradation;
import io.github.horkd.data.Duplicates;
import io.github.horkd.data.ImageFolder;
import io.github.horkd.data.ImageOptions;
import io.github.horkd.data.ImageShape;
import io.github.horkd.data.PairedImages;
import io.github.horkd.data.Resolution;
import io.github.horkd.distill.Classifier;
import io.github.horkd.distill.Distillation;
import io.github.horkd.distill.DistillationResult;
import io.github.horkd.knowledge.KnowledgeStore;
import io.github.horkd.knowledge.Precision;
import io.github.horkd.model.Backbone;
import io.github.horkd.model.Network;
import java.nio.file.Path;

/** The guide "Large data": pictures packed on disk, knowledge in files, checkpoints; a second run finds all of it. */
public final class LargeData {

    private LargeData() {}

    public static void main(String[] args) {
        Path out = Drawn.out("large-data");
        Path folder = Drawn.folder(out.resolve("pictures"), 32, 0, 40, 6); // in its place: a million pictures
        run(folder, out);
        run(folder, out); // packs nothing, asks nobody, trains no student: all is there
    }

    static Network run(Path folder, Path out) {
        ImageOptions packed = ImageOptions.defaults().skipUnreadable().packedIn(out.resolve("packed"));
        PairedImages pictures = ImageFolder.open(folder, ImageShape.gray(32), Degradation.downscaleTo(12), packed);
        System.out.println(pictures.size() + " pictures, left out: " + pictures.leftOut());
        System.out.println("twice: " + Duplicates.within(pictures));

        Network teacher = Classifier.train(Backbone.residual(8, 32), pictures, Resolution.HIGH, Drawn.steps(160), 1);
        try (KnowledgeStore store = KnowledgeStore.inFolder(out.resolve("knowledge"), Precision.FLOAT16)) {
            DistillationResult result = Distillation.from(teacher)
                    .student(Backbone.residual(8, 32))
                    .schedule(Drawn.steps(240))
                    .augmentation(Augmentation.none().flip())
                    .knowledge(store)
                    .checkpoints(out.resolve("checkpoints"))
                    .seed(2)
                    .build()
                    .run(pictures);
            return result.student();
        }
    }
}
