package io.github.horkd.distill;

import io.github.horkd.data.BatchLoader;
import io.github.horkd.data.Batches;
import io.github.horkd.data.PairedBatch;
import io.github.horkd.data.PairedImages;
import io.github.horkd.data.Resolution;
import io.github.horkd.guide.Scaling;
import io.github.horkd.knowledge.KnownPoses;
import java.util.List;
import java.util.SplittableRandom;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The batches of a stage: which images, moved how, as pixels that its learner takes. */
final class StageBatches {

    private final Stage stage;
    private final TrainingOptions options;
    private final StageImages parts;
    private final PairedImages images;
    private final KnownPoses poses;
    private final Batches plan;

    StageBatches(Stage stage, StageImages parts) {
        this.stage = stage;
        this.options = stage.options();
        this.parts = parts;
        this.images = parts.training();
        int batch = options.schedule().batchSize();
        if (images.size() < batch) {
            throw new IllegalArgumentException("stage " + stage.name() + ": wanted at least one batch of " + batch
                    + " pairs, got " + images.size() + "; lower batchSize");
        }
        this.poses = options.guidePoses() > 0
                ? KnownPoses.drawn(options.augmentation(), options.guidePoses(), options.seed())
                : options.augmentation().mirrors() ? KnownPoses.withMirror() : KnownPoses.asIs();
        this.plan = options.sampling().over(images, batch, options.seed());
    }

    /** How many there are in an epoch. */
    int perEpoch() {
        return plan.count();
    }

    /** What guides are asked about. */
    KnownPoses poses() {
        return poses;
    }

    /** The batches of an epoch from one of them on, moved as they would be if all of them were read. */
    BatchLoader from(int epoch, int first) {
        BatchLoader.Options views = BatchLoader.Options.defaults().views(stage.resolution());
        if (!poses.areDrawn()) {
            return BatchLoader.of(images, plan, epoch, first, options.augmentation(), views);
        }
        // Only poses that guides were asked about.
        List<int[]> batches = plan.epoch(epoch).subList(first, plan.count());
        KnownPoses learnedPoses = parts.split() ? poses.ofPart(parts.learned()) : poses;
        return BatchLoader.of(
                images,
                batches,
                (batch, row) -> {
                    long drawn = new SplittableRandom(options.seed() * 31 + epoch).nextLong()
                            + (first + batch) * 65_537L
                            + row;
                    int which = new SplittableRandom(drawn).nextInt(poses.count());
                    return learnedPoses.pose(batches.get(batch)[row], which);
                },
                views);
    }

    /** The view that is learned from, scaled; what is not finite is refused by the name of its image. */
    INDArray pixels(PairedBatch batch) {
        INDArray view = stage.resolution() == Resolution.HIGH ? batch.high() : batch.low();
        if (!Double.isFinite(view.sumNumber().doubleValue())) {
            for (int i = 0; i < batch.indices().length; i++) {
                if (!Double.isFinite(view.slice(i).sumNumber().doubleValue())) {
                    throw new IllegalArgumentException(images.name(batch.indices()[i]) + ": its " + stage.resolution()
                            + " view has pixels that are not finite; intensities are 0…1");
                }
            }
        }
        return scaling().apply(view);
    }

    Scaling scaling() {
        return stage.learner() instanceof Learner.Existing existing
                ? existing.network().input().scaling()
                : options.scaling();
    }
}
