package io.github.horkd.guide;

import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A guide that knows images by their names and need not see them, so that anything at all can be the teacher. Whoever has names at hand,
 * such as a trainer that goes through {@link io.github.horkd.data.PairedImages}, asks {@link #recall} and reads no pixels.
 */
public interface NamedGuide extends Guide {

    /**
     * What is known of images.
     *
     * @param names    {@link io.github.horkd.data.PairedImages#name} of each image
     * @param mirrored whether their mirror images are meant
     * @return embeddings and, where there are any, logits, in the order of the names
     * @throws IllegalArgumentException when a name is not known
     */
    Sight recall(List<String> names, boolean mirrored);

    /**
     * Not possible unless overridden: pixels have no names.
     *
     * @param images not looked at
     * @return never
     * @throws UnsupportedOperationException always
     */
    @Override
    default Sight look(INDArray images) {
        throw new UnsupportedOperationException(this + ": answers by name, through recall(…), and not from pixels");
    }
}
