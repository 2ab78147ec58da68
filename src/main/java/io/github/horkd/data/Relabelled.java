package io.github.horkd.data;

import java.util.List;

/** A source with labels of its own. The array is this record's own. */
record Relabelled(PairedImages source, List<String> classes, int[] labels) implements WrappedImages {

    @Override
    public int label(int index) {
        return labels[index];
    }

    @Override
    public long fingerprint(int index) {
        return source.fingerprint(index);
    }
}
