package io.github.horkd.experiment;

import io.github.horkd.data.Interpolation;
import io.github.horkd.guide.Embeddings;
import io.github.horkd.guide.KnowledgeSource;

/** How a network is asked. */
final class Probing {

    private Probing() {}

    static Embeddings by(KnowledgeSource source, boolean mirrored, Variant.Enlarge enlarge) {
        Embeddings plain = Embeddings.by(source);
        Embeddings asked = mirrored ? plain.withMirror() : plain;
        return switch (enlarge) {
            case NO -> asked;
            case BILINEAR -> asked.upsampled(Interpolation.BILINEAR);
            case BICUBIC -> asked.upsampled(Interpolation.BICUBIC);
            case LANCZOS -> asked.upsampled(Interpolation.LANCZOS);
        };
    }
}
