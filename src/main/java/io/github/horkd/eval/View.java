package io.github.horkd.eval;

import io.github.horkd.data.PairedImages;
import io.github.horkd.data.Resolution;
import io.github.horkd.guide.Embeddings;
import io.github.horkd.guide.KnowledgeSource;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What one network says of one view of some images. */
record View(INDArray embeddings, Optional<TopOne> topOne, int[] labels) {

    private static final Logger LOG = LoggerFactory.getLogger(View.class);
    private static final int SHOWN = 5;

    static View of(Embeddings way, PairedImages images, Resolution resolution, int[] labels) {
        KnowledgeSource.Output output = way.outputs(images, resolution);
        List<String> classes = way.source().classes();
        Optional<TopOne> topOne = output.logits()
                .map(logits -> TopOne.byName(logits, classes, Evaluation.labels(images), images.classes()));
        topOne.filter(each -> each.leftOut() > 0).ifPresent(each -> warn(each, classes, images));
        return new View(output.embeddings(), topOne, labels);
    }

    private static void warn(TopOne topOne, List<String> classes, PairedImages images) {
        List<String> unknown = IntStream.range(0, images.size())
                .map(images::label)
                .filter(label -> label != PairedImages.UNLABELLED)
                .distinct()
                .mapToObj(images.classes()::get)
                .filter(name -> !classes.contains(name))
                .toList();
        LOG.warn(
                "top-1 leaves {} images of {} classes out that the network does not know: {}{}; it knows {} classes",
                topOne.leftOut(),
                unknown.size(),
                String.join(", ", unknown.subList(0, Math.min(SHOWN, unknown.size()))),
                unknown.size() > SHOWN ? ", …" : "",
                classes.size());
    }

    Verification allPairs() {
        return Verification.allPairs(embeddings, labels, PairWeight.PER_PERSON);
    }

    Verification across(View other) {
        return Verification.allPairs(embeddings, other.embeddings, labels, PairWeight.PER_PERSON);
    }
}
