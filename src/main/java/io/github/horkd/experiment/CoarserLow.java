package io.github.horkd.experiment;

import io.github.horkd.data.Degradation;
import io.github.horkd.data.ImageShape;
import io.github.horkd.data.Interpolation;
import io.github.horkd.data.PairedImages;
import io.github.horkd.data.Pixels;
import io.github.horkd.data.Pose;
import io.github.horkd.data.Resolution;
import io.github.horkd.data.WrappedImages;

/** Images whose low-resolution view has lost pixels and was enlarged back: what a student meets when people are further away. */
record CoarserLow(PairedImages source, int side) implements WrappedImages {

    @Override
    public String name(int index) {
        return source.name(index) + " at " + side;
    }

    @Override
    public void read(int index, Pose pose, float[] high, int highAt, float[] low, int lowAt) {
        source.read(index, pose, high, highAt, low, lowAt);
        ImageShape shape = source.shape(Resolution.LOW);
        if (low == null || side >= shape.height()) {
            return;
        }
        float[] seen = new float[shape.size()];
        System.arraycopy(low, lowAt, seen, 0, seen.length);
        int width = Math.max(1, Math.round((float) side * shape.width() / shape.height()));
        Pixels coarser = Degradation.downscaleTo(side, width)
                .upsampledBack(Interpolation.BICUBIC)
                .apply(new Pixels(shape, seen), 0);
        System.arraycopy(coarser.values(), 0, low, lowAt, seen.length);
    }
}
