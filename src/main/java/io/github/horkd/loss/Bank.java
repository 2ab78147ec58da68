package io.github.horkd.loss;

import io.github.horkd.internal.rows.ArrayCopy;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;
import java.util.OptionalInt;
import java.util.Random;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Embeddings of a guide that every sample of a batch is compared with: all the guide knows about the training images, a part of it, or the batches seen last.
 *
 * <p>The rows must be in the very form in which the guide's side of a batch reaches the loss: same centring, same rounding. A sample's own row is found
 * among them by equality of all its values, so nothing but the batch itself has to be handed on. With {@code images} given, all rows of that image count as the
 * sample's own, for instance that of its mirror image.
 *
 * <p>Losses that use a bank are handed one by {@link BatchLoss#withBank} before training begins. Losses, configurations and model files never contain
 * it. Immutable, but for {@link #recent}; all of them may be used from several threads.
 */
public final class Bank {

    private final int capacity;
    private final boolean grows;
    /** Null for a bank that grows. */
    private final BankRows held;
    /** The newest batch of a growing bank, which joins the earlier rows when another one comes. */
    private float[] newest = {};

    private float[] earlier = {};
    private int earlierWidth;

    private Bank(BankRows held, int capacity, boolean grows) {
        this.held = held;
        this.capacity = capacity;
        this.grows = grows;
    }

    /**
     * All of these rows.
     *
     * @param embeddings the guide's, [N, D]
     * @return the bank
     */
    public static Bank of(INDArray embeddings) {
        return of(embeddings, null);
    }

    /**
     * All of these rows, of which several may show one image.
     *
     * @param embeddings the guide's, [N, D]
     * @param images     the image of every row; null: each row is of its own
     * @return the bank
     */
    public static Bank of(INDArray embeddings, int[] images) {
        Checks.matrix("bank", embeddings);
        return of(ArrayCopy.floats(embeddings), Math.toIntExact(embeddings.size(1)), images);
    }

    /**
     * All of these rows, of which several may show one image.
     *
     * @param embeddings the guide's, row after row; not copied
     * @param width      D
     * @param images     the image of every row; null: each row is of its own
     * @return the bank
     */
    public static Bank of(float[] embeddings, int width, int[] images) {
        if (width < 1 || embeddings.length == 0 || embeddings.length % width != 0) {
            throw new IllegalArgumentException(
                    "bank: wanted rows of " + width + " values, at least one, got " + embeddings.length + " values");
        }
        int count = embeddings.length / width;
        if (images != null && images.length != count) {
            throw new IllegalArgumentException("images: wanted one per row, " + count + ", got " + images.length);
        }
        for (int i = 0; i < embeddings.length; i++) {
            if (!Float.isFinite(embeddings[i])) {
                throw new IllegalArgumentException(
                        "bank: row " + i / width + ": wanted finite values, got " + embeddings[i]);
            }
        }
        return new Bank(BankRows.of(embeddings, count, width, images), count, false);
    }

    /**
     * The centre of every class: the mean of its rows brought to length 1, itself brought to length 1. Each of the rows is known as one of its class.
     *
     * @param embeddings the guide's, [N, D]
     * @param classes    the class of every row, 0 or more; −1: none, the row is left out
     * @return a bank with a row for each class that has one, in ascending order
     */
    public static Bank ofClasses(INDArray embeddings, int[] classes) {
        Checks.matrix("bank", embeddings);
        int width = Math.toIntExact(embeddings.size(1));
        if (embeddings.size(0) != classes.length) {
            throw new IllegalArgumentException(
                    "classes: wanted one per row, " + embeddings.size(0) + ", got " + classes.length);
        }
        int[] present = Arrays.stream(classes)
                .filter(each -> each >= 0)
                .distinct()
                .sorted()
                .toArray();
        float[] rows = ArrayCopy.floats(embeddings);
        float[] unit = new float[width];
        float[] centres = new float[present.length * width];
        int[][] own = new int[classes.length][];
        for (int row = 0; row < classes.length; row++) {
            int at = Arrays.binarySearch(present, classes[row]);
            own[row] = at < 0 ? new int[0] : new int[] {at};
            BankSoftmax.unit(rows, row, width, unit, 0);
            for (int d = 0; d < width && at >= 0; d++) {
                centres[at * width + d] += unit[d];
            }
        }
        for (int at = 0; at < present.length; at++) {
            BankSoftmax.unit(centres, at, width, centres);
        }
        return of(centres, width, null).withViews(embeddings, own);
    }

    /**
     * Some of these rows, drawn without replacement.
     *
     * @param embeddings the guide's, [N, D]
     * @param rows       how many; all, if there are no more
     * @param seed       draws them
     * @return the bank
     */
    public static Bank sample(INDArray embeddings, int rows, long seed) {
        Checks.matrix("bank", embeddings);
        if (rows < 1) {
            throw new IllegalArgumentException("rows: wanted at least 1, got " + rows);
        }
        int count = Math.toIntExact(embeddings.size(0));
        int width = Math.toIntExact(embeddings.size(1));
        float[] all = ArrayCopy.floats(embeddings);
        int size = Math.min(rows, count);
        Random random = new Random(seed);
        for (int i = 0; i < size; i++) { // the first steps of a shuffle
            int other = i + random.nextInt(count - i);
            for (int d = 0; d < width; d++) {
                float value = all[i * width + d];
                all[i * width + d] = all[other * width + d];
                all[other * width + d] = value;
            }
        }
        return of(Arrays.copyOf(all, size * width), width, null);
    }

    /**
     * The batch itself and the guide's rows of the batches before it, as far as there is room: first in, first out. A batch that equals the newest one
     * takes its place, so asking twice about one step changes nothing. For one training at a time.
     *
     * @param rows how many rows of earlier batches are kept
     * @return an empty bank, which the losses fill
     */
    public static Bank recent(int rows) {
        if (rows < 1) {
            throw new IllegalArgumentException("rows: wanted at least 1, got " + rows);
        }
        return new Bank(null, rows, true);
    }

    /**
     * The same bank for samples that come by other rows than its own: the guide's embeddings of an image moved, or of a mixture of two. Such a row is no candidate
     * by itself; it tells which of the bank's rows are the sample's own. Without it, a moved image would be pushed away from the image as it is.
     *
     * @param views [V, D], in the same form as the bank's rows
     * @param own   for every view, the bank's rows that are its own: one for an image moved, two for a mixture, none for a stranger
     * @return the bank
     * @throws IllegalArgumentException when widths differ, there is not one entry a view, or there is no such row of the bank
     * @throws IllegalStateException    of a bank of recent batches, whose rows come and go
     */
    public Bank withViews(INDArray views, int[][] own) {
        if (grows) {
            throw new IllegalStateException("bank: recent batches have no views; use Bank.of(…)");
        }
        Checks.matrix("views", views);
        if (views.size(1) != held.width() || views.size(0) != own.length) {
            throw new IllegalArgumentException("views: wanted [" + own.length + ", " + held.width()
                    + "], a row for each entry of own, got " + Arrays.toString(views.shape()));
        }
        int[][] copy = new int[own.length][];
        for (int view = 0; view < own.length; view++) {
            copy[view] = own[view].clone();
            for (int row : copy[view]) {
                if (row < 0 || row >= held.count()) {
                    throw new IllegalArgumentException(
                            "own: view " + view + ": wanted rows 0 to " + (held.count() - 1) + ", got " + row);
                }
            }
        }
        return new Bank(held.withViews(ArrayCopy.floats(views), copy), capacity, false);
    }

    /** How many rows there are now. */
    public synchronized int size() {
        return !grows ? held.count() : earlierWidth == 0 ? 0 : earlier.length / earlierWidth;
    }

    /** How many of these rows are the bank's own, or views of them; empty for one that grows. */
    OptionalInt known(INDArray guide) {
        if (grows) {
            return OptionalInt.empty();
        }
        if (guide.size(1) != held.width()) {
            return OptionalInt.of(0);
        }
        float[] rows = ArrayCopy.floats(guide);
        return OptionalInt.of((int) IntStream.range(0, rows.length / held.width())
                .filter(row -> held.knows(rows, row))
                .count());
    }

    /** Forgets what a growing bank holds. */
    synchronized void reset() {
        if (grows) {
            earlier = new float[0];
            earlierWidth = 0;
            newest = new float[0];
        }
    }

    /** Of a bank that grows, its rows; of others nothing, since a trainer hands over the same ones again. */
    synchronized void writeState(DataOutput out) throws IOException {
        if (grows) {
            out.writeInt(earlierWidth);
            RowState.write(out, earlier, earlier.length);
            RowState.write(out, newest, newest.length);
        }
    }

    synchronized void readState(DataInput in) throws IOException {
        if (grows) {
            int width = RowState.count(in);
            float[] rows = RowState.floats(in);
            newest = RowState.floats(in);
            if (rows.length > 0 && (width == 0 || rows.length % width != 0 || rows.length / width > capacity)) {
                throw new IOException("a bank of " + rows.length + " values in rows of " + width
                        + ", where there is room for " + capacity + " rows");
            }
            earlier = rows;
            earlierWidth = rows.length == 0 ? 0 : width;
        }
    }

    /** What a batch is compared with: these rows, or, of a growing bank, the batch and the rows before it, until this thread asks for the next ones. */
    synchronized BankRows rowsFor(float[] guide, int count, int width) {
        if (!grows) {
            if (width != held.width()) {
                throw new IllegalArgumentException("bank: wanted rows as wide as the guide's, " + width + ", got "
                        + held.width() + "; both must come from the same guide in the same space");
            }
            return held;
        }
        if (newest.length > 0 && !Arrays.equals(newest, 0, newest.length, guide, 0, count * width)) {
            earlier = pushed(newest, width);
            earlierWidth = width;
        }
        newest = Arrays.copyOf(guide, count * width);
        float[] all = Arrays.copyOf(newest, newest.length + earlier.length);
        System.arraycopy(earlier, 0, all, newest.length, earlier.length);
        return BankRows.ofBatch(all, all.length / width, width);
    }

    private float[] pushed(float[] batch, int width) {
        int fresh = Math.min(batch.length / width, capacity);
        int kept = earlierWidth == width ? Math.min(earlier.length / width, capacity - fresh) : 0;
        float[] rows = Arrays.copyOf(batch, (fresh + kept) * width);
        System.arraycopy(earlier, 0, rows, fresh * width, kept * width);
        return rows;
    }
}
