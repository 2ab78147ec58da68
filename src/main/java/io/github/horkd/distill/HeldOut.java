package io.github.horkd.distill;

import io.github.horkd.data.Batches;
import io.github.horkd.data.PairedImages;
import io.github.horkd.data.Pose;
import io.github.horkd.data.Resolution;
import io.github.horkd.guide.Scaling;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Pairs that are kept from training to judge it by. Every one counts, in batches as nearly equal as can be and drawn once, classes mixed: in the order
 * of the source a batch would hold few classes, and relations within it would say little.
 */
record HeldOut(PairedImages images, List<int[]> batches) {

    static HeldOut of(PairedImages images, Stage stage) {
        int needed = stage.losses().stream()
                .flatMap(loss -> loss.onEmbeddings().stream())
                .mapToInt(term -> term.loss().smallestBatch())
                .max()
                .orElse(1);
        int count = images.size();
        if (count < needed) {
            throw new IllegalArgumentException("stage " + stage.name() + ": early stopping holds out " + count
                    + " pairs, but the losses relate " + needed + "; raise heldOut");
        }
        TrainingOptions options = stage.options();
        int[] order = Batches.shuffled(images, count, options.seed()).epoch(0).get(0);
        int parts = Math.max(1, count / Math.max(needed, options.schedule().batchSize()));
        return new HeldOut(
                images,
                IntStream.range(0, parts)
                        .mapToObj(part -> Arrays.copyOfRange(
                                order, (int) ((long) part * count / parts), (int) ((part + 1L) * count / parts)))
                        .toList());
    }

    /** The loss of what is trained so far, mean over the pairs; every term counted as in training. */
    double loss(TrainingGraph graph, Resolution resolution, Scaling scaling, HeadTargets targets) {
        double sum = 0;
        for (int[] batch : batches) {
            sum += batch.length
                    * graph.score(
                            scaling.apply(images.batch(resolution, batch, Pose.IDENTITY)), targets.of(images, batch));
        }
        graph.drainTerms();
        return sum / images.size();
    }
}
