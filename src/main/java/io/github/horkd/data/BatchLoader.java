package io.github.horkd.data;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Reads batches ahead of whoever trains on them, on daemon threads of its own. Order and content of the batches do not
 * depend on the number of threads.
 * <pre>  try (var loader = BatchLoader.of(images, plan, epoch, augmentation, BatchLoader.Options.defaults())) {
 *      while (loader.hasNext()) { PairedBatch batch = loader.next(); … }
 *  }</pre>
 *
 * <p>The consumer is one thread. What goes wrong in reading is thrown by {@link #next()} as an
 * {@link IllegalStateException} that names the image.
 */
public final class BatchLoader implements Iterator<PairedBatch>, AutoCloseable {

    /** How each image of each batch is moved. Called from several threads, so it must not depend on the order of calls. */
    @FunctionalInterface
    public interface Poses {

        /**
         * The pose of one image.
         *
         * @param batch the number of the batch, from 0
         * @param row   the place of the image in it, from 0
         * @return its pose
         */
        Pose at(int batch, int row);
    }

    /**
     * How reading ahead is done.
     *
     * @param views   which views are read; the others are null in the batches
     * @param threads how many threads read, at least 1
     * @param ahead   how many batches may be ready or in work before they are asked for, at least 1
     */
    public record Options(Set<Resolution> views, int threads, int ahead) {

        /**
         * Rejects no view, no thread and no batch.
         *
         */
        public Options {
            views = Set.copyOf(views);
            if (views.isEmpty() || threads < 1 || ahead < 1) {
                throw new IllegalArgumentException(
                        "batch loader: wanted at least one view, thread and batch ahead, got " + views + ", " + threads
                                + ", " + ahead);
            }
        }

        /**
         * Both views, four batches ahead, one thread for every two processors and one more, which may be waiting for a disk; at most 4. One reads faster than one processor trains.
         *
         * @return the defaults
         */
        public static Options defaults() {
            return new Options(
                    EnumSet.allOf(Resolution.class),
                    Math.min(4, Runtime.getRuntime().availableProcessors() / 2 + 1),
                    4);
        }

        /**
         * These options for some views only.
         *
         * @param first a view
         * @param rest  more views
         * @return the changed options
         */
        public Options views(Resolution first, Resolution... rest) {
            return new Options(EnumSet.of(first, rest), threads, ahead);
        }
    }

    private final PairedImages images;
    private final List<int[]> plan;
    private final Poses poses;
    private final Options options;
    private final ExecutorService readers;
    private final Queue<Future<PairedBatch>> underway = new ArrayDeque<>();
    private int submitted;
    private int given;
    private long waited;

    private BatchLoader(PairedImages images, List<int[]> plan, Poses poses, Options options) {
        this.images = Objects.requireNonNull(images, "images");
        this.plan = List.copyOf(plan);
        this.poses = Objects.requireNonNull(poses, "poses");
        this.options = options;
        this.readers = Executors.newFixedThreadPool(options.threads, task -> {
            Thread thread = new Thread(task, "horkd-batches");
            thread.setDaemon(true);
            return thread;
        });
        submit();
    }

    /**
     * Starts reading one epoch of a plan. The poses are drawn from the plan's seed and the epoch's number.
     *
     * @param images       the source
     * @param batches      the plan
     * @param epoch        which epoch
     * @param augmentation what poses are drawn
     * @param options      how reading ahead is done
     * @return the loader, at its first batch
     */
    public static BatchLoader of(
            PairedImages images, Batches batches, int epoch, Augmentation augmentation, Options options) {
        return of(images, batches, epoch, 0, augmentation, options);
    }

    /**
     * Starts reading the rest of an epoch of a plan, as if its earlier batches had been read.
     *
     * @param images       the source
     * @param batches      the plan
     * @param epoch        which epoch
     * @param first        how many of its batches are passed over
     * @param augmentation what poses are drawn
     * @param options      how reading ahead is done
     * @return the loader, at batch {@code first}
     */
    public static BatchLoader of(
            PairedImages images, Batches batches, int epoch, int first, Augmentation augmentation, Options options) {
        // Not the seed of the order, so that poses and order are independent of each other.
        long poseSeed = Seeds.mix(Seeds.mix(batches.seed(), -2), epoch);
        return of(
                images,
                batches.epoch(epoch).subList(first, batches.count()),
                (batch, row) -> augmentation.draw(Seeds.mix(Seeds.mix(poseSeed, first + batch), row)),
                options);
    }

    /**
     * Starts reading batches of one's own choice.
     *
     * @param images  the source
     * @param plan    indices into the source, batch by batch
     * @param poses   how images are moved, for instance {@code (batch, row) -> Pose.IDENTITY}
     * @param options how reading ahead is done
     * @return the loader, at its first batch
     */
    public static BatchLoader of(PairedImages images, List<int[]> plan, Poses poses, Options options) {
        return new BatchLoader(images, plan, poses, options);
    }

    @Override
    public boolean hasNext() {
        return given < plan.size();
    }

    /**
     * The next batch; waits when it is not ready.
     *
     * @return the batch; its arrays belong to the caller
     * @throws IllegalStateException when an image of it could not be read, or the loader is closed
     */
    @Override
    public PairedBatch next() {
        if (!hasNext()) {
            throw new NoSuchElementException("all " + plan.size() + " batches were given");
        }
        if (readers.isShutdown()) {
            throw new IllegalStateException("the batch loader is closed");
        }
        long began = System.nanoTime();
        try {
            PairedBatch batch = underway.remove().get();
            waited += given == 0 ? 0 : System.nanoTime() - began;
            given++;
            submit();
            return batch;
        } catch (ExecutionException e) {
            close();
            throw new IllegalStateException(
                    "batch " + given + ": " + e.getCause().getMessage(), e.getCause());
        } catch (InterruptedException e) {
            close();
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for batch " + given, e);
        }
    }

    /**
     * How long the consumer has waited for batches by now, the first one left out. Where it is much of the time, reading is what limits the training: give it
     * more threads, or make views once ({@link RenderedLowViews}).
     *
     * @return a sum over all calls of {@link #next()}
     */
    public Duration waited() {
        return Duration.ofNanos(waited);
    }

    /** Stops reading. Batches that were given stay valid. */
    @Override
    public void close() {
        readers.shutdownNow();
        underway.clear();
    }

    private void submit() {
        while (submitted < plan.size() && submitted - given < options.ahead) {
            int batch = submitted++;
            underway.add(readers.submit(() -> read(batch)));
        }
    }

    private PairedBatch read(int batch) {
        int[] indices = plan.get(batch);
        Pose[] drawn = new Pose[indices.length];
        for (int row = 0; row < drawn.length; row++) {
            drawn[row] = poses.at(batch, row);
        }
        return PairedBatch.read(
                images,
                indices,
                drawn,
                options.views.contains(Resolution.HIGH),
                options.views.contains(Resolution.LOW));
    }
}
