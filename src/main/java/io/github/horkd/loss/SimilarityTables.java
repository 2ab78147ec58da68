package io.github.horkd.loss;

import java.lang.ref.SoftReference;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Both sides' similarities, one pair of tables per thread. */
final class SimilarityTables {

    private static final ThreadLocal<SoftReference<SimilarityTables>> OF_THREAD = new ThreadLocal<>();

    final Similarities guide = new Similarities();
    final Similarities learner = new Similarities();

    static SimilarityTables of(INDArray guide, INDArray learner, boolean toUnitLength) {
        Checks.batch(guide, learner);
        SoftReference<SimilarityTables> held = OF_THREAD.get();
        SimilarityTables tables = held == null ? null : held.get();
        if (tables == null) {
            tables = new SimilarityTables();
            OF_THREAD.set(new SoftReference<>(tables));
        }
        tables.guide.hold(guide, toUnitLength);
        tables.learner.hold(learner, toUnitLength);
        return tables;
    }
}
