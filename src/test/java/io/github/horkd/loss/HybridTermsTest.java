package io.github.horkd.loss;

import io.github.horkd.loss.HybridOrderLoss.Term;
import io.github.horkd.loss.HybridOrderLoss.TermValue;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

import java.util.List;
import java.util.Random;

import static io.github.horkd.loss.LossCase.array;
import static io.github.horkd.loss.LossCase.gaussian;
import static org.junit.jupiter.api.Assertions.assertEquals;

class HybridTermsTest {

    private static final INDArray GUIDE = array(gaussian(7, 5, new Random(1)), DataType.DOUBLE);
    private static final INDArray LEARNER = array(gaussian(7, 5, new Random(2)), DataType.DOUBLE);
    private static final HybridOrderLoss LOSS = HybridOrderLoss.of(new Term("first", 4, CosineLoss.squaredDistance()),
            new Term("off", 0, new CkaLoss()), new Term("angle", 0.25, AngleLoss.guideScaled()));

    @Test
    void everyTermIsReportedRawWeightedAndByHowHardItPulls() {
        List<TermValue> terms = LOSS.breakdown(GUIDE, LEARNER);
        assertEquals(List.of("first", "off", "angle"), terms.stream().map(TermValue::name).toList());
        for (int i = 0; i < terms.size(); i++) {
            Term term = LOSS.terms().get(i);
            LossValue alone = term.loss().lossAndGradient(GUIDE, LEARNER);
            assertEquals(alone.value(), terms.get(i).raw());
            assertEquals(term.weight() * alone.value(), terms.get(i).weighted(), 1e-15);
            assertEquals(term.weight() * alone.gradient().norm2Number().doubleValue(), terms.get(i).gradientNorm(), 1e-12);
        }
    }

    @Test
    void isTheWeightedSumAndMayBeATermItself() {
        LossValue first = CosineLoss.squaredDistance().lossAndGradient(GUIDE, LEARNER);
        LossValue angle = AngleLoss.guideScaled().lossAndGradient(GUIDE, LEARNER);
        LossValue sum = LOSS.lossAndGradient(GUIDE, LEARNER);
        assertEquals(4 * first.value() + 0.25 * angle.value(), sum.value(), 1e-12);
        assertEquals(0, first.gradient().mul(4).add(angle.gradient().mul(0.25)).distance2(sum.gradient()), 1e-12);
        LossValue twice = HybridOrderLoss.of(new Term("inner", 2, LOSS)).lossAndGradient(GUIDE, LEARNER);
        assertEquals(2 * sum.value(), twice.value(), 1e-12);
        assertEquals(0, sum.gradient().mul(2).distance2(twice.gradient()), 1e-12);
    }

    @Test
    void wantsWhatItsTermsWant() {
        assertEquals(3, LOSS.smallestBatch());
        assertEquals(true, LOSS.needsEqualWidths());
        assertEquals(false, HybridOrderLoss.of(new Term("angle", 1, AngleLoss.guideScaled())).needsEqualWidths());
    }
}
