package io.github.horkd.recognise;

import io.github.horkd.guide.EmbeddingSpace;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A network whose embeddings a gallery takes, and how they come into its space.
 *
 * @param guide its identity
 * @param way   what is done to its embeddings
 * @param space the space that is meant; where nothing is done, the one that the embeddings lie in, null when that is none
 */
record Member(String guide, Way way, EmbeddingSpace space) {

    enum Way {
        // The file of a gallery keeps the position in this list: new ones go to the end.
        AS_IT_IS,
        INTO_SPACE,
        BACK_TO_RAW
    }

    /** For a message. */
    String words() {
        return switch (way) {
            case AS_IT_IS -> "as it is";
            case INTO_SPACE -> "brought into " + space;
            case BACK_TO_RAW -> "brought back from " + space;
        };
    }

    INDArray bring(INDArray embeddings) {
        return switch (way) {
            case AS_IT_IS -> embeddings;
            case INTO_SPACE -> space.apply(embeddings);
            case BACK_TO_RAW -> space.toRaw(embeddings);
        };
    }

    int width(int embeddingWidth) {
        return switch (way) {
            case AS_IT_IS -> embeddingWidth;
            case INTO_SPACE -> space.width();
            case BACK_TO_RAW -> space.rawWidth();
        };
    }

    /** The width that the network's own embeddings have, given that of the gallery. */
    int wanted(int galleryWidth) {
        return switch (way) {
            case AS_IT_IS -> galleryWidth;
            case INTO_SPACE -> space.rawWidth();
            case BACK_TO_RAW -> space.width();
        };
    }
}
