package io.github.horkd.data;

import java.util.List;

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
}
