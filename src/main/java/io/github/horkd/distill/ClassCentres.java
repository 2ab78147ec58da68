package io.github.horkd.distill;

import io.github.horkd.data.PairedImages;
import io.github.horkd.guide.EmbeddingRows;
import io.github.horkd.guide.EmbeddingSpace;
import io.github.horkd.internal.rows.ArrayCopy;
import io.github.horkd.knowledge.Knowledge;
import io.github.horkd.loss.Bank;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The bank of class centres of a guide: of every class the sum of its labelled training images' unit rows, in all poses; losses bring it to length 1. Every row of these, and of held-out images, is
 * known as one of its class: a loss that meets a row which its bank does not know says nothing of it.
 */
final class ClassCentres {

    private final EmbeddingSpace space;
    private final List<float[]> rows = new ArrayList<>();
    private final List<Integer> labels = new ArrayList<>();

    private ClassCentres(EmbeddingSpace space) {
        this.space = space;
    }

    /** {@code held} may be null. */
    static Bank of(GuideKnowledge known, PairedImages images, GuideKnowledge held, PairedImages heldImages) {
        ClassCentres centres = new ClassCentres(known.space());
        centres.add(known.knowledge(), images);
        int training = centres.rows.size();
        if (held != null) {
            centres.add(held.knowledge(), heldImages);
        }
        return centres.bank(training);
    }

    private void add(Knowledge knowledge, PairedImages images) {
        int[] labelled = IntStream.range(0, images.size())
                .filter(i -> images.label(i) != PairedImages.UNLABELLED)
                .toArray();
        EmbeddingRows all = knowledge.embeddingRows();
        int width = GuideBank.width(all, space);
        for (int pose = 0; pose < knowledge.poses().count(); pose++) {
            float[] some = GuideBank.rows(all, space, labelled, pose * images.size());
            for (int i = 0; i < labelled.length; i++) {
                rows.add(Arrays.copyOfRange(some, i * width, (i + 1) * width));
                labels.add(images.label(labelled[i]));
            }
        }
    }

    private Bank bank(int training) {
        int width = rows.get(0).length;
        int[] present = labels.subList(0, training).stream()
                .mapToInt(Integer::intValue)
                .distinct()
                .sorted()
                .toArray();
        float[] centres = new float[present.length * width];
        float[] views = new float[Math.multiplyExact(rows.size(), width)];
        int[][] own = new int[rows.size()][];
        for (int row = 0; row < own.length; row++) {
            int at = Arrays.binarySearch(present, labels.get(row));
            own[row] = at < 0 ? new int[0] : new int[] {at};
            System.arraycopy(rows.get(row), 0, views, row * width, width);
            double length = Math.sqrt(squares(rows.get(row)));
            for (int d = 0; d < width && row < training && length > 0; d++) {
                centres[at * width + d] += (float) (rows.get(row)[d] / length);
            }
        }
        return Bank.of(centres, width, null).withViews(ArrayCopy.matrix(views, own.length, width), own);
    }

    private static double squares(float[] row) {
        double sum = 0;
        for (float value : row) {
            sum += (double) value * value;
        }
        return sum;
    }
}
