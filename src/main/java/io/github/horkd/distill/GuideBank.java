package io.github.horkd.distill;

import io.github.horkd.guide.EmbeddingRows;
import io.github.horkd.guide.EmbeddingSpace;
import io.github.horkd.guide.SpaceMethod;
import io.github.horkd.internal.rows.ArrayCopy;
import io.github.horkd.knowledge.Knowledge;
import io.github.horkd.loss.Bank;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Which of a guide's embeddings a loss with a {@link Bank} compares every sample with. They take rows × D × 4 bytes, and a step time in proportion.
 *
 * @param source where the rows are from
 * @param rows   how many at most, at least 1
 */
public record GuideBank(Source source, int rows) {

    /** Where the rows of a bank are from. */
    public enum Source {
        /** What the guide knows of the training images: of each the first pose, of more images as many as there is room for, drawn by the stage's seed. */
        KNOWLEDGE,
        /** The batch, and those before it. */
        RECENT_BATCHES
    }

    private static final int ROOM = 1 << 14;

    /** Checks the number of rows. */
    public GuideBank {
        Arguments.present("bank", source);
        if (rows < 1) {
            throw new IllegalArgumentException("bank: wanted at least 1 row, got " + rows);
        }
    }

    /**
     * What the guide knows, 16,384 images at most.
     *
     * @return the default
     */
    public static GuideBank defaults() {
        return sampled(ROOM);
    }

    /**
     * All that the guide knows, one row an image.
     *
     * @return the bank
     */
    public static GuideBank all() {
        return sampled(Integer.MAX_VALUE);
    }

    /**
     * What the guide knows of some images.
     *
     * @param rows how many images; all, when there are no more
     * @return the bank
     */
    public static GuideBank sampled(int rows) {
        return new GuideBank(Source.KNOWLEDGE, rows);
    }

    /**
     * The batch and the batches before it: first in, first out.
     *
     * @param rows how many earlier rows
     * @return the bank
     */
    public static GuideBank recentBatches(int rows) {
        return new GuideBank(Source.RECENT_BATCHES, rows);
    }

    /** The bank itself. Further poses of its images are known to it, so that they are not taken for strangers. */
    Bank of(Knowledge knowledge, EmbeddingSpace space, int images, long seed) {
        if (source == Source.RECENT_BATCHES) {
            return Bank.recent(rows);
        }
        int[] chosen = chosen(images, seed);
        EmbeddingRows all = knowledge.embeddingRows();
        Bank bank = Bank.of(rows(all, space, chosen, 0), width(all, space), null);
        int poses = knowledge.poses().count();
        if (poses == 1) {
            return bank;
        }
        float[] views = new float[Math.multiplyExact(Math.multiplyExact(poses - 1, chosen.length), width(all, space))];
        int[][] own = new int[(poses - 1) * chosen.length][];
        for (int pose = 1; pose < poses; pose++) {
            float[] some = rows(all, space, chosen, pose * images);
            System.arraycopy(some, 0, views, (pose - 1) * some.length, some.length);
            for (int i = 0; i < chosen.length; i++) {
                own[(pose - 1) * chosen.length + i] = new int[] {i};
            }
        }
        return bank.withViews(ArrayCopy.matrix(views, own.length, width(all, space)), own);
    }

    private int[] chosen(int images, long seed) {
        int[] all = IntStream.range(0, images).toArray();
        if (rows >= images) {
            return all;
        }
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < rows; i++) { // the first steps of a shuffle
            int other = i + random.nextInt(images - i);
            int kept = all[i];
            all[i] = all[other];
            all[other] = kept;
        }
        int[] some = Arrays.copyOf(all, rows);
        Arrays.sort(some);
        return some;
    }

    static int width(EmbeddingRows all, EmbeddingSpace space) {
        return space.kind() == SpaceMethod.Kind.RAW ? all.width() : space.width();
    }

    static float[] rows(EmbeddingRows all, EmbeddingSpace space, int[] images, int first) {
        float[] rows = new float[Math.multiplyExact(images.length, all.width())];
        float[] row = new float[all.width()];
        for (int i = 0; i < images.length; i++) {
            all.read(first + images[i], row);
            System.arraycopy(row, 0, rows, i * row.length, row.length);
        }
        return space.kind() == SpaceMethod.Kind.RAW ? rows : space.apply(rows);
    }
}
