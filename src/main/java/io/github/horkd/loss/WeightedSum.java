package io.github.horkd.loss;

import io.github.horkd.internal.rows.ArrayCopy;
import io.github.horkd.loss.HybridOrderLoss.Term;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Terms over one batch, added up. Those that are relations of the same distances are added where their derivatives are still by
 * distances, so that the long way from there to the rows is gone once for all of them.
 */
final class WeightedSum {

    private final List<Term> terms;
    private final double[] raw;
    /** One a term, null for a term that is none. */
    private final List<DistanceRelation> relations = new ArrayList<>();

    private final List<Summand> summands = new ArrayList<>();

    private record Summand(double weight, INDArray gradient) {}

    WeightedSum(List<Term> terms, INDArray guide, INDArray learner) {
        this.terms = terms;
        this.raw = new double[terms.size()];
        List<Integer> overRows = new ArrayList<>();
        List<Integer> overUnitRows = new ArrayList<>();
        for (int i = 0; i < raw.length; i++) {
            BatchLoss loss = terms.get(i).loss();
            Optional<SharedDistances> shared = loss.sharedDistances();
            relations.add(shared.map(SharedDistances::relation).orElse(null));
            if (shared.isPresent()) {
                (shared.get().unitRows() ? overUnitRows : overRows).add(i);
            } else {
                LossValue value = loss.lossAndGradient(guide, learner);
                raw[i] = value.value();
                summands.add(new Summand(terms.get(i).weight(), value.gradient()));
            }
        }
        if (!overRows.isEmpty()) {
            summands.add(new Summand(1, relate(overRows, guide, learner).gradient()));
        }
        if (!overUnitRows.isEmpty()) {
            BatchLoss overUnits = new UnitEmbeddings((t, s) -> relate(overUnitRows, t, s));
            summands.add(
                    new Summand(1, overUnits.lossAndGradient(guide, learner).gradient()));
        }
    }

    private LossValue relate(List<Integer> some, INDArray guide, INDArray learner) {
        some.forEach(i -> raw[i] = Double.NaN); // what it stays where rows are no numbers
        return BatchDistances.of(guide, learner).value((distances, slopes) -> {
            int n = distances.rows();
            double[] one = ThreadBuffers.of(WeightedSum.class).doubles(0, n * n);
            for (int term : some) {
                boolean first = term == some.get(0);
                double weight = terms.get(term).weight();
                raw[term] = relations.get(term).compare(distances, one);
                Triangle.share(n, (from, to) -> {
                    for (int i = from; i < to; i++) {
                        for (int p = i * n; p < i * n + i; p++) {
                            slopes[p] = (first ? 0 : slopes[p]) + weight * one[p];
                        }
                    }
                });
            }
            return 0; // the values are in raw
        });
    }

    /** The unweighted value of a term. */
    double raw(int term) {
        return raw[term];
    }

    /** ∂/∂learner of the weighted sum. */
    INDArray gradient() {
        if (summands.size() == 1 && summands.get(0).weight() == 1) {
            return summands.get(0).gradient();
        }
        INDArray shape = summands.get(0).gradient();
        int length = Math.toIntExact(shape.length());
        double[] total = ThreadBuffers.of(WeightedSum.class).doubles(1, length);
        double[] one = ThreadBuffers.of(WeightedSum.class).doubles(2, length);
        Arrays.fill(total, 0, length, 0);
        for (Summand summand : summands) {
            ArrayCopy.read(summand.gradient(), one);
            for (int d = 0; d < length; d++) {
                total[d] += summand.weight() * one[d];
            }
        }
        return ArrayCopy.result(total, (int) shape.size(0), (int) shape.size(1), shape.dataType());
    }
}
