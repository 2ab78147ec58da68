package io.github.horkd.distill;

import io.github.horkd.loss.Bank;
import io.github.horkd.loss.HybridOrderLoss;
import io.github.horkd.loss.HybridOrderLoss.Term;
import io.github.horkd.loss.MapShape;
import java.util.List;

/**
 * One loss head of a training graph: where it is attached, and what it is held against.
 *
 * @param name       of the head's vertex
 * @param vertex     of the learner that the head is attached to
 * @param beside     a further vertex whose columns follow; empty for none
 * @param projection width of a learned linear map between the vertex and the loss, of a map its channels; 0 for none
 * @param loss       the loss
 * @param source     what it is held against
 * @param guide      whose knowledge that is; empty for labels
 * @param columns    of labels, the learner's class for each class of the images, −1 for none; of logits, the guide's classes that are taken; otherwise empty
 * @param classes    of a head that reads classes, the number of each class of the images, −1 for none; otherwise empty
 * @param maps       of a head over feature maps, where they are; otherwise null
 */
record LossHead(
        String name,
        String vertex,
        String beside,
        int projection,
        HybridOrderLoss loss,
        Source source,
        String guide,
        List<Integer> columns,
        List<Integer> classes,
        Maps maps) {

    /**
     * Two feature maps.
     *
     * @param guideMap name of the guide's
     * @param channels of the learner's, before any projection
     * @param seen     shape of the learner's, as the loss sees it
     */
    record Maps(String guideMap, int channels, MapShape seen) {}

    /** A head that reads no classes and no maps. */
    LossHead(
            String name,
            String vertex,
            String beside,
            int projection,
            HybridOrderLoss loss,
            Source source,
            String guide,
            List<Integer> columns) {
        this(name, vertex, beside, projection, loss, source, guide, columns, List.of(), null);
    }

    /** The same, which reads classes. */
    LossHead withClasses(List<Integer> numbers) {
        return new LossHead(name, vertex, beside, projection, loss, source, guide, columns, numbers, maps);
    }

    /** The same with all weights times a factor. */
    LossHead weighted(double factor) {
        List<Term> terms = loss.terms().stream()
                .map(term -> new Term(term.name(), factor * term.weight(), term.loss()))
                .toList();
        return factor == 1
                ? this
                : new LossHead(
                        name,
                        vertex,
                        beside,
                        projection,
                        new HybridOrderLoss(terms),
                        source,
                        guide,
                        columns,
                        classes,
                        maps);
    }

    /** The same with a bank for those of its terms that use one. */
    LossHead withBank(Bank bank) {
        return new LossHead(
                name, vertex, beside, projection, loss.withBank(bank), source, guide, columns, classes, maps);
    }

    enum Source {
        LABELS,
        EMBEDDINGS,
        /** Embeddings whose bank is made of the centres of their classes. */
        CENTRES,
        LOGITS,
        MAPS
    }
}
