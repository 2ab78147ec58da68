package io.github.horkd.distill;

import io.github.horkd.data.Pose;
import io.github.horkd.guide.SpaceMethod;
import io.github.horkd.loss.HybridOrderLoss.Term;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/** Looks whether the banks that a user handed to the losses of a head hold rows of the space that is learned. */
record OwnBanks(String stage, LossHead head, TrainingListener listener) {

    private static final int AT_ONCE = 1024;
    /** A bank may hold few of many images, so one of these has to be among them. */
    private static final int LOOKED_AT = 1 << 17;

    /** Refuses a bank of the guide's rows as they are where another space is learned; tells of one that knows none of the images. */
    void check(GuideKnowledge guide, int images) {
        for (Term term : head.loss().terms()) {
            check(term, guide, Math.min(images, LOOKED_AT));
        }
    }

    private void check(Term term, GuideKnowledge guide, int images) {
        for (int from = 0; from < images; from += AT_ONCE) {
            int[] some = IntStream.range(from, Math.min(images, from + AT_ONCE)).toArray();
            Pose[] poses = IntStream.of(some)
                    .mapToObj(i -> guide.knowledge().poses().pose(i, 0))
                    .toArray(Pose[]::new);
            OptionalInt known = term.loss().knownToBank(guide.embeddings(some, poses));
            if (known.orElse(1) > 0) {
                return; // The bank knows some, or there is none.
            }
            if (guide.space().kind() != SpaceMethod.Kind.RAW
                    && term.loss()
                                    .knownToBank(guide.knowledge().embeddings(some, poses))
                                    .orElse(0)
                            > 0) {
                throw new IllegalArgumentException("stage " + stage + ": " + head.guide() + ": the bank of '"
                        + term.name() + "' holds embeddings as they come, but they are learned in another space, "
                        + guide.space().description()
                        + "; bring its rows there (EmbeddingSpace.fit(…).apply(rows), teacher.in(space)), leave the bank"
                        + " to the stage, or learn in the guide's own space (SpaceMethod.raw())");
            }
        }
        listener.on(new TrainingEvent.UnrelatedBank(stage, head.guide(), term.name(), guide.space()));
    }
}
