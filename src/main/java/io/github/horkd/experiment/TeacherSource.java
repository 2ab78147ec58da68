package io.github.horkd.experiment;

import io.github.horkd.accelerate.CpuThreads;
import io.github.horkd.data.Interpolation;
import io.github.horkd.guide.Guide;
import io.github.horkd.guide.Scaling;
import io.github.horkd.model.Network;
import io.github.horkd.onnx.OnnxGuide;
import java.nio.file.Path;

/** A guide from outside, by description. A kind of one's own is a record that implements it, see {@link TypeRegistry}. */
public interface TeacherSource {

    /**
     * Opens the guide. One that must be closed is {@link AutoCloseable}.
     *
     * @return the guide
     */
    Guide open();

    /**
     * How pictures of another size are brought to what the guide takes.
     *
     * @return bilinear, unless the kind says otherwise
     */
    default Interpolation interpolation() {
        return Interpolation.BILINEAR;
    }

    /**
     * A saved network of the library.
     *
     * @param path the file
     */
    record Saved(Path path) implements TeacherSource {
        @Override
        public Guide open() {
            return Network.load(path);
        }
    }

    /**
     * A model of somebody else's.
     *
     * @param path     the file
     * @param scaling  of its intensities
     * @param channels 1 for gray, 3 for colour
     * @param atOnce   images a call
     */
    record Onnx(Path path, Scaling scaling, int channels, int atOnce) implements TeacherSource {
        @Override
        public Guide open() {
            return OnnxGuide.from(path)
                    .scaling(scaling)
                    .imageChannels(channels)
                    .atOnce(atOnce)
                    .threads(CpuThreads.count())
                    .open();
        }
    }
}
