package io.github.horkd.loss;

import io.github.horkd.internal.rows.ArrayCopy;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A weighted sum of losses of any order, a loss itself.
 * <pre>  L = Σ weight · L_term</pre>
 *
 * <p>Shapes as every term wants them. Terms over the same embeddings share their distances, so a second and a third order in
 * one sum cost little more than the third alone. Blind to what all terms are blind to. {@link #lossAndGradientDetailed} says what each term contributes.
 *
 * @param terms one or more, each under its own name
 */
public record HybridOrderLoss(List<Term> terms) implements BatchLoss {

    /**
     * One summand.
     *
     * @param name   what reports call it
     * @param weight its factor, ≥ 0
     * @param loss   what it computes
     */
    public record Term(String name, double weight, BatchLoss loss) implements Serializable {

        /**
         * Rejects an empty name, a weight below 0 and a missing loss.
         */
        public Term {
            if (name == null || name.isBlank()) {
                throw new IllegalArgumentException("term: wanted a name, got " + (name == null ? "null" : "blanks"));
            }
            if (!(weight >= 0) || Double.isInfinite(weight)) {
                throw new IllegalArgumentException("term " + name + ": wanted a finite weight >= 0, got " + weight);
            }
            Checks.present("term " + name + ": loss", loss);
        }
    }

    /**
     * What one term came to in one batch.
     *
     * @param name         the term's name
     * @param raw          its own value
     * @param weighted     weight · raw
     * @param gradientNorm the Euclidean norm of weight · ∂raw/∂learner, over the whole batch: how hard the term pulls; NaN where nobody
     *                     asked for it, see {@link HybridOrderLoss#breakdown}
     */
    public record TermValue(String name, double raw, double weighted, double gradientNorm) {}

    /**
     * A loss with what its terms contributed.
     *
     * @param value    L
     * @param gradient ∂L/∂learner
     * @param terms    in the order of {@link HybridOrderLoss#terms()}
     */
    public record Detailed(double value, INDArray gradient, List<TermValue> terms) {

        /**
         * Copies the list.
         */
        public Detailed {
            terms = List.copyOf(terms);
        }
    }

    /**
     * Rejects an empty sum and names used twice.
     */
    public HybridOrderLoss {
        Checks.present("terms", terms);
        terms.forEach(term -> Checks.present("term", term));
        terms = List.copyOf(terms);
        if (terms.isEmpty()) {
            throw new IllegalArgumentException("terms: wanted at least one, got none");
        }
        Set<String> names = new HashSet<>();
        for (Term term : terms) {
            if (!names.add(term.name())) {
                throw new IllegalArgumentException("terms: wanted each name once, got \"" + term.name() + "\" twice");
            }
        }
    }

    /**
     * A sum of these terms.
     *
     * @param terms one or more, each under its own name
     * @return the loss
     */
    public static HybridOrderLoss of(Term... terms) {
        return new HybridOrderLoss(Arrays.asList(terms));
    }

    /**
     * What to begin with, for embeddings of equal widths: first order (weight 4, squared distance of the unit embeddings), which
     * puts both networks into one space, with second and third order over unit embeddings (weight 0.25 each, in units of the
     * guide's spread).
     *
     * @return the loss
     */
    public static HybridOrderLoss defaults() {
        return of(
                new Term("first", 4, CosineLoss.squaredDistance()),
                new Term("distance", 0.25, new UnitEmbeddings(DistanceLoss.guideScaled())),
                new Term("angle", 0.25, new UnitEmbeddings(AngleLoss.guideScaled())));
    }

    @Override
    public boolean needsEqualWidths() {
        return terms.stream().anyMatch(term -> term.loss().needsEqualWidths());
    }

    @Override
    public int smallestBatch() {
        return terms.stream()
                .mapToInt(term -> term.loss().smallestBatch())
                .max()
                .orElse(1);
    }

    @Override
    public boolean takesLogits() {
        return terms.stream().anyMatch(term -> term.loss().takesLogits());
    }

    @Override
    public boolean usesBank() {
        return terms.stream().anyMatch(term -> term.loss().usesBank());
    }

    /** Hands a bank to the terms that want one; those that have their own keep it. */
    @Override
    public HybridOrderLoss withBank(Bank bank) {
        return new HybridOrderLoss(terms.stream()
                .map(term -> term.loss().usesBank()
                        ? new Term(term.name(), term.weight(), term.loss().withBank(bank))
                        : term)
                .toList());
    }

    /** Of the first term that has one. */
    @Override
    public OptionalInt knownToBank(INDArray guide) {
        return terms.stream()
                .map(term -> term.loss().knownToBank(guide))
                .filter(OptionalInt::isPresent)
                .findFirst()
                .orElse(OptionalInt.empty());
    }

    @Override
    public LossValue lossAndGradient(INDArray guide, INDArray learner) {
        Detailed detailed = lossAndGradientDetailed(guide, learner);
        return new LossValue(detailed.value(), detailed.gradient());
    }

    /**
     * Value, gradient and every term's share, in one computation. The terms' gradient norms are left out (NaN): terms over the same
     * distances are led back to the rows together.
     *
     * @param guide   as the terms want it
     * @param learner as the terms want it
     * @return the loss and its parts
     */
    public Detailed lossAndGradientDetailed(INDArray guide, INDArray learner) {
        WeightedSum sum = new WeightedSum(terms, guide, learner);
        double value = 0;
        List<TermValue> values = new ArrayList<>(terms.size());
        for (int i = 0; i < terms.size(); i++) {
            Term term = terms.get(i);
            value += term.weight() * sum.raw(i);
            values.add(new TermValue(term.name(), sum.raw(i), term.weight() * sum.raw(i), Double.NaN));
        }
        return new Detailed(value, sum.gradient(), values);
    }

    /**
     * What every term contributes to this batch, its gradient norm included, for balancing weights. Every term is computed by itself.
     *
     * @param guide   as the terms want it
     * @param learner as the terms want it
     * @return one entry per term, in order
     */
    public List<TermValue> breakdown(INDArray guide, INDArray learner) {
        List<TermValue> values = new ArrayList<>(terms.size());
        int length = Math.toIntExact(learner.length());
        double[] gradient = ThreadBuffers.of(HybridOrderLoss.class).doubles(0, length);
        for (Term term : terms) {
            LossValue value = term.loss().lossAndGradient(guide, learner);
            ArrayCopy.read(value.gradient(), gradient);
            double squares = 0;
            for (int d = 0; d < length; d++) {
                squares += gradient[d] * gradient[d];
            }
            values.add(new TermValue(
                    term.name(), value.value(), term.weight() * value.value(), term.weight() * Math.sqrt(squares)));
        }
        return values;
    }

    @Override
    public void writeState(DataOutput out) throws IOException {
        for (Term term : terms) {
            term.loss().writeState(out);
        }
    }

    @Override
    public void readState(DataInput in) throws IOException {
        for (Term term : terms) {
            term.loss().readState(in);
        }
    }

    @Override
    public void reset() {
        terms.forEach(term -> term.loss().reset());
    }
}
