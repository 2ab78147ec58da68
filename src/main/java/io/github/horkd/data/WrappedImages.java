package io.github.horkd.data;

import java.util.List;

/**
 * Images made of another source's: whatever is not said otherwise comes from there, what was left out included. A wrapper implements this interface and
 * overrides what it changes; one with pixels of the source's own also hands on its {@link #fingerprint}.
 */
public interface WrappedImages extends PairedImages {

    /**
     * Where the images come from.
     *
     * @return the source
     */
    PairedImages source();

    @Override
    default int size() {
        return source().size();
    }

    @Override
    default ImageShape shape(Resolution resolution) {
        return source().shape(resolution);
    }

    @Override
    default List<String> classes() {
        return source().classes();
    }

    @Override
    default int label(int index) {
        return source().label(index);
    }

    @Override
    default String name(int index) {
        return source().name(index);
    }

    @Override
    default LeftOut leftOut() {
        return source().leftOut();
    }

    @Override
    default void read(int index, Pose pose, float[] high, int highAt, float[] low, int lowAt) {
        source().read(index, pose, high, highAt, low, lowAt);
    }
}
