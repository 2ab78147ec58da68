package io.github.horkd.distill;

import io.github.horkd.data.Augmentation;
import io.github.horkd.data.ImageShape;
import io.github.horkd.data.PairedImages;
import io.github.horkd.data.Resolution;
import io.github.horkd.guide.KnowledgeSource;

/**
 * What a distillation does where no label counts and nothing else was said. It is the recipe that won with a public face model as the guide: long, fast and with
 * mirror images. The guide says what a mirror image is, so that it is safe where labels could not tell. Labels that are to be learned besides want the gentler {@link StageSchedules#defaults()}.
 */
final class GuideAlone {

    private static final int BATCH = 128;
    private static final int STEPS = 5000;
    private static final int FEWEST_EPOCHS = 20;
    private static final int MOST_EPOCHS = 100;

    /** A shift of one pixel for so many of the side. */
    private static final int SIDE_A_SHIFT = 32;

    private GuideAlone() {}

    /** 5,000 steps of 128 pairs, but 20 epochs at least and 100 at most; learning rate 8e-3, weight decay 0.1. */
    static Schedule schedule(int images) {
        int batch = Math.max(2, Math.min(BATCH, images));
        long anEpoch = Math.max(1, images / batch);
        long steps = Math.max(FEWEST_EPOCHS * anEpoch, Math.min(MOST_EPOCHS * anEpoch, STEPS));
        return Schedule.steps(Math.toIntExact(steps))
                .withBatchSize(batch)
                .withLearningRate(8e-3)
                .withWeightDecay(0.1);
    }

    /** Small shifts, and mirror images where the guide can be asked about them. */
    static Augmentation augmentation(KnowledgeSource guide, PairedImages images) {
        ImageShape shape = images.shape(Resolution.HIGH);
        int shift = Math.min(shape.height(), shape.width()) / SIDE_A_SHIFT;
        Augmentation moved = Augmentation.none().shift(shift);
        return guide.seesPixels() ? moved.flip() : moved;
    }
}
