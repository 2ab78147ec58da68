package io.github.horkd.data;

import java.util.BitSet;
import java.util.Objects;

/** Some images of a source. The array is the subset's own. */
record Subset(PairedImages source, int[] indices) implements WrappedImages {

    Subset {
        BitSet seen = new BitSet(source.size());
        for (int index : indices) {
            if (index < 0 || index >= source.size() || seen.get(index)) {
                throw new IllegalArgumentException("subset: wanted indices 0 to " + (source.size() - 1)
                        + ", each at most once, got " + index + (index >= 0 && seen.get(index) ? " twice" : ""));
            }
            seen.set(index);
        }
    }

    @Override
    public int size() {
        return indices.length;
    }

    @Override
    public int label(int index) {
        return source.label(at(index));
    }

    @Override
    public String name(int index) {
        return source.name(at(index));
    }

    @Override
    public long fingerprint(int index) {
        return source.fingerprint(at(index));
    }

    @Override
    public void read(int index, Pose pose, float[] high, int highAt, float[] low, int lowAt) {
        source.read(at(index), pose, high, highAt, low, lowAt);
    }

    private int at(int index) {
        return indices[Objects.checkIndex(index, indices.length)];
    }
}
