package io.github.horkd.distill;

import io.github.horkd.data.PairedImages;
import io.github.horkd.data.Pose;
import io.github.horkd.guide.KnowledgeSource;
import io.github.horkd.internal.rows.ArrayCopy;
import io.github.horkd.knowledge.Knowledge;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Which rows of a batch are held against a guide: those whose label is unknown, and those whose label is what the guide says. Classes are paired by name.
 *
 * @param columns the guide's class for each class of the images, −1 for none; empty when every row counts
 */
record GuideAgreement(int[] columns) {

    private static final int AT_ONCE = 1024;

    static GuideAgreement of(GuideLoss loss, KnowledgeSource guide, PairedImages images, double labelWeight) {
        if (loss.everywhere() || labelWeight == 0 || guide.classes().isEmpty()) {
            return new GuideAgreement(new int[0]);
        }
        ClassPairs pairs = ClassPairs.of(guide.classes(), images.classes());
        int[] columns = new int[images.classes().size()];
        Arrays.fill(columns, -1);
        for (int i = 0; i < pairs.shared(); i++) {
            columns[pairs.second().get(i)] = pairs.first().get(i);
        }
        return new GuideAgreement(columns);
    }

    boolean countsEverything() {
        return columns.length == 0;
    }

    /**
     * The rows that count.
     *
     * @param logits  of the guide, [B, C]
     * @param strange whether those count whose label the guide does not know
     * @return row numbers, or null for all
     */
    int[] kept(INDArray logits, int[] labels, boolean strange) {
        float[] values = ArrayCopy.floats(logits);
        int width = values.length / labels.length;
        int[] kept = IntStream.range(0, labels.length)
                .filter(i -> labels[i] == PairedImages.UNLABELLED
                        || (columns[labels[i]] < 0 ? strange : largest(values, i * width, width) == columns[labels[i]]))
                .toArray();
        return kept.length == labels.length ? null : kept;
    }

    private static int largest(float[] values, int from, int width) {
        int best = 0;
        for (int c = 1; c < width; c++) {
            if (values[from + c] > values[from + best]) {
                best = c;
            }
        }
        return best;
    }

    /**
     * How far a guide is seen to agree with labels.
     *
     * @param labelled images with a label that the guide knows
     * @param agreed   those of them that it takes for that class
     * @param chance   the share that would agree if its answers had nothing to do with the labels: Σ over classes of share of the labels · share of the answers
     */
    record Counts(int labelled, int agreed, double chance) {

        /** Of the normal distribution, two-sided 95 %. */
        private static final double Z = 1.96;

        /**
         * How far to trust it, on the rest as well: the cube of its agreement above chance (Cohen's κ), which is taken to be as high as the labels allow: the upper
         * end of Wilson's interval. Without labels that is 1, and a single disagreement among a few says little; a guide that is no better than chance is at 0
         * once the labels are many enough to show it. Why the cube, and why not a floor: decisions/weak-teacher.
         */
        double trust() {
            if (agreed == labelled) {
                return 1;
            }
            double share = (double) agreed / labelled;
            double z2 = Z * Z / labelled;
            double highest = (share + z2 / 2 + Math.sqrt(z2 * (share * (1 - share) + z2 / 4))) / (1 + z2);
            double above = (highest - chance) / (1 - chance);
            return above <= 0 ? 0 : above * above * above;
        }
    }

    /** Of all images with a label that the guide knows, how many there are, how many it takes for that class, and how many it would by chance. */
    Counts count(Knowledge knowledge, PairedImages images) {
        int[] known = IntStream.range(0, images.size())
                .filter(i -> images.label(i) != PairedImages.UNLABELLED && columns[images.label(i)] >= 0)
                .toArray();
        int agreed = 0;
        int[] labels = new int[columns.length];
        int[] answers = {};
        for (int from = 0; from < known.length; from += AT_ONCE) {
            int[] some = Arrays.copyOfRange(known, from, Math.min(known.length, from + AT_ONCE));
            Pose[] poses = IntStream.of(some)
                    .mapToObj(i -> knowledge.poses().pose(i, 0))
                    .toArray(Pose[]::new);
            float[] values = ArrayCopy.floats(knowledge.logits(some, poses).orElseThrow());
            int width = values.length / some.length;
            answers = Arrays.copyOf(answers, width);
            for (int i = 0; i < some.length; i++) {
                int answer = largest(values, i * width, width);
                int label = columns[images.label(some[i])];
                agreed += answer == label ? 1 : 0;
                answers[answer]++;
                labels[images.label(some[i])]++;
            }
        }
        double chance = 0;
        for (int c = 0; c < columns.length && answers.length > 0; c++) {
            chance += columns[c] < 0 ? 0 : (double) labels[c] * answers[columns[c]];
        }
        return new Counts(known.length, agreed, chance / Math.max(1, (double) known.length * known.length));
    }
}
