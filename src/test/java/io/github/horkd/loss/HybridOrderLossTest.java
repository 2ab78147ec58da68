package io.github.horkd.loss;

import io.github.horkd.loss.HybridOrderLoss.Term;
import io.github.horkd.loss.HybridOrderLoss.TermValue;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

import static io.github.horkd.loss.LossCase.array;
import static io.github.horkd.loss.LossCase.gaussian;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** A sum of terms is worth what its terms are worth one by one, whichever way it goes about them. */
class HybridOrderLossTest {

    private final HybridOrderLoss loss = HybridOrderLoss.of(
            new Term("distance", 0.5, DistanceLoss.guideScaled()),
            new Term("unit angle", 2, new UnitEmbeddings(AngleLoss.guideScaled())),
            new Term("first", 4, CosineLoss.squaredDistance()),
            new Term("angle", 1, AngleLoss.plain()),
            new Term("unit rank", 0.25, new UnitEmbeddings(new DarkRankLoss(1, 3, 4))),
            new Term("cka", 3, new CkaLoss()),
            new Term("off", 0, DistanceLoss.plain()),
            new Term("unit first", 0.5, new UnitEmbeddings(FeatureLoss.squared())));

    @ParameterizedTest
    @EnumSource(
            value = DataType.class,
            names = {"FLOAT", "DOUBLE"})
    void isTheSumOfItsTerms(DataType type) {
        INDArray guide = array(gaussian(9, 5, new Random(1)), type);
        INDArray learner = array(gaussian(9, 5, new Random(2)), type);
        double value = 0;
        INDArray gradient = array(new double[9][5], DataType.DOUBLE);
        HybridOrderLoss.Detailed all = loss.lossAndGradientDetailed(guide, learner);
        List<TermValue> asked = loss.breakdown(guide, learner);
        for (int i = 0; i < loss.terms().size(); i++) {
            Term term = loss.terms().get(i);
            LossValue alone = term.loss().lossAndGradient(guide, learner);
            INDArray pull = alone.gradient().castTo(DataType.DOUBLE).mul(term.weight());
            value += term.weight() * alone.value();
            gradient.addi(pull);
            for (TermValue reported : List.of(all.terms().get(i), asked.get(i))) {
                assertEquals(term.name(), reported.name());
                assertEquals(alone.value(), reported.raw(), 1e-12);
                assertEquals(term.weight() * alone.value(), reported.weighted(), 1e-12);
            }
            assertTrue(Double.isNaN(all.terms().get(i).gradientNorm()));
            assertEquals(pull.norm2Number().doubleValue(), asked.get(i).gradientNorm(), 1e-12);
        }
        assertEquals(value, all.value(), 1e-12);
        assertEquals(type, all.gradient().dataType());
        double apart = all.gradient()
                .castTo(DataType.DOUBLE)
                .sub(gradient)
                .norm2Number()
                .doubleValue();
        assertEquals(
                0,
                apart,
                (type == DataType.FLOAT ? 1e-6 : 1e-14) * gradient.norm2Number().doubleValue());
    }

    @Test
    void rowsThatAreNoNumbersShowInEveryTerm() {
        INDArray guide = array(gaussian(6, 5, new Random(1)), DataType.FLOAT);
        INDArray learner = array(gaussian(6, 5, new Random(2)), DataType.FLOAT);
        learner.putScalar(3, 2, Float.NaN);
        HybridOrderLoss.Detailed all = loss.lossAndGradientDetailed(guide, learner);
        assertTrue(Double.isNaN(all.value()));
        for (TermValue term : all.terms()) {
            assertTrue(Double.isNaN(term.raw()), term.name());
        }
        assertTrue(Float.isNaN(all.gradient().getFloat(0, 0)));
    }

    @Test
    void mayBeATermItself() {
        INDArray guide = array(gaussian(9, 5, new Random(1)), DataType.DOUBLE);
        INDArray learner = array(gaussian(9, 5, new Random(2)), DataType.DOUBLE);
        LossValue once = loss.lossAndGradient(guide, learner);
        LossValue twice = HybridOrderLoss.of(new Term("inner", 2, loss)).lossAndGradient(guide, learner);
        assertEquals(2 * once.value(), twice.value(), 1e-12);
        assertEquals(0, once.gradient().mul(2).distance2(twice.gradient()), 1e-12);
    }

    @Test
    void wantsWhatItsTermsWant() {
        assertEquals(3, loss.smallestBatch());
        assertTrue(loss.needsEqualWidths());
        assertFalse(HybridOrderLoss.of(new Term("angle", 1, AngleLoss.guideScaled()))
                .needsEqualWidths());
    }

    /** A relation of anyone's own: the mean of d² of the learner's pairs. */
    private record MeanSquare() implements DistanceRelation {
        @Override
        public double compare(BatchDistances distances, double[] slopes) {
            int n = distances.rows();
            double sum = 0;
            for (int i = 0; i < n; i++) {
                for (int j = 0; j < i; j++) {
                    sum += distances.learner().squares()[i * n + j];
                    slopes[i * n + j] = 1;
                }
            }
            return sum;
        }
    }

    /** A loss says itself that it is a relation of distances: nobody keeps a list of those. */
    @Test
    void anyRelationSharesDistances() {
        INDArray guide = array(gaussian(6, 5, new Random(1)), DataType.DOUBLE);
        INDArray learner = array(gaussian(6, 5, new Random(2)), DataType.DOUBLE);
        BatchLoss own = new UnitEmbeddings(new MeanSquare());
        BatchLoss angle = new UnitEmbeddings(AngleLoss.plain());
        assertTrue(own.sharedDistances().orElseThrow().unitRows());
        assertTrue(CosineLoss.oneMinusCosine().sharedDistances().isEmpty());
        LossValue both = HybridOrderLoss.of(new Term("own", 2, own), new Term("angle", 3, angle))
                .lossAndGradient(guide, learner);
        LossValue first = own.lossAndGradient(guide, learner);
        LossValue second = angle.lossAndGradient(guide, learner);
        assertEquals(2 * first.value() + 3 * second.value(), both.value(), 1e-12);
        INDArray wanted = first.gradient().mul(2).add(second.gradient().mul(3));
        assertEquals(0, wanted.sub(both.gradient()).norm2Number().doubleValue(), 1e-10);
    }
}
