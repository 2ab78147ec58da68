package io.github.horkd.data;

import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Images in two resolutions: every index is one picture, seen once as the high-resolution original and once as the
 * low-resolution view of the same moment. A new kind of source implements this interface and nothing else.
 *
 * <p>Implementations are immutable and safe to read from several threads.
 */
public interface PairedImages {

    /** The {@link #label(int)} of an image whose class is not known. */
    int UNLABELLED = -1;

    /**
     * How many pairs there are.
     *
     * @return a count, at least 0
     */
    int size();

    /**
     * The shape of every image of one view.
     *
     * @param resolution which view
     * @return its shape
     */
    ImageShape shape(Resolution resolution);

    /**
     * The names of the classes; a label is an index into this list.
     *
     * @return an immutable list, empty when nothing is labelled
     */
    List<String> classes();

    /**
     * The class of one image.
     *
     * @param index 0 … size − 1
     * @return an index into {@link #classes()}, or {@link #UNLABELLED}
     */
    int label(int index);

    /**
     * The name of one image, for messages and for precomputed knowledge: a relative path where there are files.
     *
     * @param index 0 … size − 1
     * @return a name, unique within this source
     */
    String name(int index);

    /**
     * Writes one pair, intensities 0…1, channel after channel, row after row.
     *
     * @param index  0 … size − 1
     * @param pose   how the high-resolution image is moved before the low-resolution view is derived from it
     * @param high   receives the high-resolution view; null when it is not wanted
     * @param highAt where in {@code high} the view starts
     * @param low    receives the low-resolution view; null when it is not wanted
     * @param lowAt  where in {@code low} the view starts
     */
    void read(int index, Pose pose, float[] high, int highAt, float[] low, int lowAt);

    /**
     * A number for the samples of the high-resolution view, rounded to 8 bits: equal pictures have equal ones.
     *
     * @param index 0 … size − 1
     * @return 64 bits that look random
     */
    default long fingerprint(int index) {
        ImageShape shape = shape(Resolution.HIGH);
        float[] view = new float[shape.size()];
        read(index, Pose.IDENTITY, view, 0, null, 0);
        return Seeds.fingerprint(Bitmap.of(new Pixels(shape, view)).samples());
    }

    /**
     * What was found where the images come from and was not taken, and why. A view of a source tells its source's.
     *
     * @return {@link LeftOut#NOTHING} unless the source says otherwise
     */
    default LeftOut leftOut() {
        return LeftOut.NOTHING;
    }

    /**
     * Some of the images, in the order given; classes stay as they are.
     *
     * @param indices which; an index may occur once only, since names are unique
     * @return a view of this source
     */
    default PairedImages subset(int... indices) {
        return new Subset(this, indices.clone());
    }

    /**
     * The images whose index is accepted, for instance {@code where(i -> names.contains(name(i)))}.
     *
     * @param accepted asked once for every index
     * @return a view of this source
     */
    default PairedImages where(IntPredicate accepted) {
        return new Subset(this, IntStream.range(0, size()).filter(accepted).toArray());
    }

    /**
     * The images whose class is known.
     *
     * @return a view of this source
     */
    default PairedImages labelled() {
        return where(i -> label(i) != UNLABELLED);
    }

    /**
     * The same images, some with their labels hidden: what training with scarce labels starts from.
     *
     * @param hidden asked once for every index
     * @return a view of this source; its classes stay as they are
     */
    default PairedImages withoutLabels(IntPredicate hidden) {
        int[] labels = IntStream.range(0, size())
                .map(i -> hidden.test(i) ? UNLABELLED : label(i))
                .toArray();
        return new Relabelled(this, classes(), labels);
    }

    /**
     * The same images with the classes numbered anew, so that every class left has a labelled image. After
     * {@link #where} or {@link #withoutLabels} this keeps a classification head from having outputs that nothing trains.
     *
     * @return a view of this source
     */
    default PairedImages withoutUnusedClasses() {
        int[] used = IntStream.range(0, size())
                .map(this::label)
                .filter(l -> l != UNLABELLED)
                .distinct()
                .sorted()
                .toArray();
        int[] labels = IntStream.range(0, size())
                .map(i -> label(i) == UNLABELLED ? UNLABELLED : Arrays.binarySearch(used, label(i)))
                .toArray();
        return new Relabelled(this, Arrays.stream(used).mapToObj(classes()::get).toList(), labels);
    }

    /**
     * The labelled images of the classes that have enough of them; those classes are numbered anew.
     *
     * @param images how many labelled images a class must have to stay
     * @return a view of this source
     */
    default PairedImages classesWithAtLeast(int images) {
        int[] counts = new int[classes().size()];
        IntStream.range(0, size()).map(this::label).filter(l -> l != UNLABELLED).forEach(l -> counts[l]++);
        return where(i -> label(i) != UNLABELLED && counts[label(i)] >= images).withoutUnusedClasses();
    }

    /**
     * Splits into a part to train on and a part to test on, class by class, so that every class is in both. Images
     * without a label are split as if they were one class more. A picture that comes to both sides is said in a warning (up to
     * 100,000 images; beyond, ask {@link Duplicates#between}).
     *
     * @param trainFraction the part of each class that goes to training, 0 &lt; fraction &lt; 1, rounded to whole images
     *                      but never to none or all
     * @param seed          which images go where
     * @return both parts, each in the order of this source
     * @throws IllegalArgumentException when a class has one image only and so cannot be in both; {@link #classesWithAtLeast}
     *                                  leaves such classes out
     */
    default Split split(double trainFraction, long seed) {
        return Split.of(this, trainFraction, seed);
    }

    /**
     * Splits into people to train on and other people to test on: no class is on both sides. Each side's classes are numbered
     * anew. Images without a label take no part, since whose they are is not known.
     *
     * @param trainFraction the part of the classes that goes to training, 0 &lt; fraction &lt; 1, rounded to whole classes but
     *                      never to none or all
     * @param seed          which classes go where
     * @return both parts, each in the order of this source
     * @throws IllegalArgumentException when fewer than two classes have labelled images
     */
    default Split splitByClass(double trainFraction, long seed) {
        return Split.byClass(this, trainFraction, seed);
    }

    /**
     * Some images of one view as an array.
     *
     * @param resolution which view
     * @param indices    which images, N of them
     * @param poses      how each is moved, N of them
     * @return intensities 0…1, FLOAT [N, channels, height, width]
     */
    default INDArray batch(Resolution resolution, int[] indices, Pose[] poses) {
        PairedBatch batch =
                PairedBatch.read(this, indices, poses, resolution == Resolution.HIGH, resolution == Resolution.LOW);
        return resolution == Resolution.HIGH ? batch.high() : batch.low();
    }

    /**
     * Some images of one view as an array, all moved alike.
     *
     * @param resolution which view
     * @param indices    which images, N of them
     * @param pose       how all of them are moved
     * @return intensities 0…1, FLOAT [N, channels, height, width]
     */
    default INDArray batch(Resolution resolution, int[] indices, Pose pose) {
        Pose[] poses = new Pose[indices.length];
        Arrays.fill(poses, pose);
        return batch(resolution, indices, poses);
    }
}
