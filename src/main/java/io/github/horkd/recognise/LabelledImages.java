package io.github.horkd.recognise;

import io.github.horkd.data.PairedImages;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Images whose classes are identities. */
final class LabelledImages {

    private static final Logger LOG = LoggerFactory.getLogger(LabelledImages.class);

    /** So many images at a time: their embeddings are a few MiB. */
    private static final int PART = 4096;

    private LabelledImages() {}

    /** The identity that each image shows. */
    static List<String> names(PairedImages images) {
        return IntStream.range(0, images.size())
                .mapToObj(i -> {
                    if (images.label(i) == PairedImages.UNLABELLED) {
                        throw new IllegalArgumentException(
                                images.name(i)
                                        + ": wanted an image whose class is its identity, got one without a label; see PairedImages.labelled()");
                    }
                    return images.classes().get(images.label(i));
                })
                .toList();
    }

    /** Shows the labelled images part by part. */
    static void forEachPart(PairedImages images, Consumer<PairedImages> visitor) {
        int[] labelled = IntStream.range(0, images.size())
                .filter(i -> images.label(i) != PairedImages.UNLABELLED)
                .toArray();
        int without = images.size() - labelled.length;
        if (labelled.length == 0) {
            throw new IllegalArgumentException("images: wanted some whose class is an identity, got " + images.size()
                    + " without a label; enrol(identity, guide, pictures) takes a name");
        }
        if (without > 0) {
            LOG.warn(
                    "{} of {} images have no label and are not enrolled, for instance {}",
                    without,
                    images.size(),
                    images.name(IntStream.range(0, images.size())
                            .filter(i -> images.label(i) == PairedImages.UNLABELLED)
                            .findFirst()
                            .orElseThrow()));
        }
        for (int from = 0; from < labelled.length; from += PART) {
            visitor.accept(images.subset(Arrays.copyOfRange(labelled, from, Math.min(labelled.length, from + PART))));
        }
    }
}
