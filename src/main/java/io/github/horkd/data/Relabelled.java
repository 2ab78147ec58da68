package io.github.horkd.data;

import java.util.List;

/** A source with labels of its own. The array is this record's own. */
record Relabelled(PairedImages source, List<String> classes, int[] labels) implements PairedImages {

    @Override
    public int size() {
        return source.size();
    }

    @Override
    public ImageShape shape(Resolution resolution) {
        return source.shape(resolution);
    }

    @Override
    public int label(int index) {
        return labels[index];
    }

    @Override
    public String name(int index) {
        return source.name(index);
    }

    @Override
    public long fingerprint(int index) {
        return source.fingerprint(index);
    }

    @Override
    public LeftOut leftOut() {
        return source.leftOut();
    }

    @Override
    public void read(int index, Pose pose, float[] high, int highAt, float[] low, int lowAt) {
        source.read(index, pose, high, highAt, low, lowAt);
    }
}
