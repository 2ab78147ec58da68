package io.github.horkd.loss;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.Random;
import org.deeplearning4j.nn.conf.serde.JsonMappers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.lossfunctions.ILossFunction;

import static io.github.horkd.loss.LossCase.array;
import static io.github.horkd.loss.LossCase.gaussian;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class RelationMemoryTest {

    private final RelationMemory memory = new RelationMemory(DistanceLoss.guideScaled(), 7);

    @Test
    void relatesTheBatchToThePast() {
        INDArray[] guides = batches(6, 1);
        INDArray[] learners = batches(5, 2);
        assertEquals(
                DistanceLoss.guideScaled().lossAndGradient(guides[0], learners[0]),
                memory.lossAndGradient(guides[0], learners[0]));
        memory.lossAndGradient(guides[1], learners[1]);
        LossValue wanted = DistanceLoss.guideScaled()
                .lossAndGradient(
                        Nd4j.vstack(
                                guides[2], guides[1], guides[0].get(NDArrayIndex.interval(0, 3), NDArrayIndex.all())),
                        Nd4j.vstack(
                                learners[2],
                                learners[1],
                                learners[0].get(NDArrayIndex.interval(0, 3), NDArrayIndex.all())));
        LossValue value = memory.lossAndGradient(guides[2], learners[2]);
        assertEquals(wanted.value(), value.value(), 1e-12);
        assertEquals(wanted.gradient().get(NDArrayIndex.interval(0, 4), NDArrayIndex.all()), value.gradient());
        assertEquals(7, memory.remembered());
    }

    /** A stage that asks the memory gives the loss in it what it needs. */
    @Test
    void saysWhatTheLossInItSays() {
        for (BatchLoss loss : new BatchLoss[] {
            DistanceLoss.guideScaled(),
            new SoftLogitsLoss(4),
            new SupervisedContrastiveLoss(0.1),
            ClassCentreLoss.at(0.1)
        }) {
            assertEquals(loss.needsEqualWidths(), new UnitEmbeddings(loss).needsEqualWidths());
            assertEquals(loss.needsEqualWidths(), new StandardisedLogits(loss).needsEqualWidths());
            RelationMemory over = new RelationMemory(loss, 3);
            assertEquals(loss.readsClasses(), over.readsClasses());
            assertEquals(loss.takesLogits(), over.takesLogits());
            assertEquals(loss.comparesWithClasses(), over.comparesWithClasses());
            assertEquals(loss.needsEqualWidths(), over.needsEqualWidths());
        }
    }

    /** A sum and a loss over unit embeddings hand the state of what is in them on. */
    @Test
    void whatIsKeptGoesOnAfterAnInterruption() throws Exception {
        BatchLoss loss = over(memory);
        INDArray[] guides = batches(6, 1);
        INDArray[] learners = batches(5, 2);
        for (int i = 0; i < 3; i++) {
            loss.lossAndGradient(batches(6, 3)[i], batches(5, 4)[i]);
        }
        var bytes = new ByteArrayOutputStream();
        loss.writeState(new DataOutputStream(bytes));
        RelationMemory other = new RelationMemory(DistanceLoss.guideScaled(), 7);
        BatchLoss resumed = over(other);
        resumed.readState(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));
        assertEquals(memory.remembered(), other.remembered());
        assertEquals(loss.lossAndGradient(guides[2], learners[2]), resumed.lossAndGradient(guides[2], learners[2]));
        assertEquals(7, memory.remembered());
        loss.reset();
        assertEquals(0, memory.remembered());
    }

    /** As far in as may be: a sum of a loss over unit embeddings, standardised, of a memory of a memory. */
    private static BatchLoss over(RelationMemory memory) {
        return HybridOrderLoss.of(new HybridOrderLoss.Term(
                "past", 1, new UnitEmbeddings(new StandardisedLogits(new RelationMemory(memory, 3)))));
    }

    @Test
    void handsABankOn() {
        INDArray[] guides = batches(6, 1);
        INDArray[] learners = batches(6, 2);
        RelationMemory without = new RelationMemory(ContrastiveLoss.at(0.2), 3);
        assertTrue(without.usesBank());
        assertTrue(without.knownToBank(guides[0]).isEmpty());
        BatchLoss with = without.withBank(Bank.of(guides[0]));
        assertFalse(with.usesBank());
        assertEquals(4, with.knownToBank(guides[0]).orElseThrow());
        assertEquals(
                ContrastiveLoss.at(0.2)
                        .lossAndGradient(guides[1], learners[1], Bank.of(guides[0]))
                        .value(),
                with.lossAndGradient(guides[1], learners[1]).value(),
                1e-12);
        BatchLoss standardised = new StandardisedLogits(without);
        assertTrue(standardised.usesBank());
        assertFalse(standardised.withBank(Bank.of(guides[0])).usesBank());
        assertEquals(
                0,
                standardised.withBank(Bank.of(guides[0])).knownToBank(guides[0]).orElseThrow(),
                "a bank of raw rows does not know standardised ones");
    }

    @Test
    void askingTwiceChangesNothing() {
        INDArray[] guides = batches(6, 1);
        INDArray[] learners = batches(5, 2);
        memory.lossAndGradient(guides[0], learners[0]);
        LossValue once = memory.lossAndGradient(guides[1], learners[1]);
        assertEquals(once, memory.lossAndGradient(guides[1], learners[1]));
        INDArray moved = learners[1].dup();
        double step = 1e-6;
        moved.putScalar(2, 3, moved.getDouble(2, 3) + step);
        double numeric = (memory.lossAndGradient(guides[1], moved).value() - once.value()) / step;
        assertEquals(numeric, once.gradient().getDouble(2, 3), 1e-5);
    }

    @Test
    void staysBoundedAndForgetsOnReset() {
        for (int i = 0; i < 50; i++) {
            memory.lossAndGradient(batches(6, i)[0], batches(5, i)[1]);
            assertTrue(memory.remembered() <= 7);
        }
        INDArray[] guides = batches(9, 1);
        assertTrue(assertThrows(IllegalArgumentException.class, () -> memory.lossAndGradient(guides[0], guides[1]))
                .getMessage()
                .contains("reset()"));
        HybridOrderLoss.of(new HybridOrderLoss.Term("past", 1, new UnitEmbeddings(memory)))
                .reset();
        assertEquals(0, memory.remembered());
        memory.lossAndGradient(guides[0], guides[1]);
    }

    @Test
    void theMemoryIsNotWritten() throws Exception {
        memory.lossAndGradient(batches(6, 1)[0], batches(5, 1)[1]);
        String json = JsonMappers.getMapper().writeValueAsString(memory);
        assertFalse(json.contains("past"), json);
        ILossFunction read = JsonMappers.getMapper().readValue(json, ILossFunction.class);
        assertEquals(memory, read);
        assertEquals(0, ((RelationMemory) read).remembered());
        assertNotEquals(memory, new RelationMemory(DistanceLoss.guideScaled(), 8));
        assertNotEquals(memory, new RelationMemory(AngleLoss.guideScaled(), 7));
        var bytes = new ByteArrayOutputStream();
        try (var out = new ObjectOutputStream(bytes)) {
            out.writeObject(memory);
        }
        try (var in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            assertEquals(0, ((RelationMemory) in.readObject()).remembered());
        }
    }

    /** Past and newest rows of guide and learner: of the widths that are stated, and of numbers. */
    @ParameterizedTest
    @CsvSource({"6, 6, 0, true", "5, 6, 0, false", "7, 6, 0, false", "0, 6, 0, false", "6, 6, NaN, false"})
    void aStateThatIsNoneIsRefused(int widthOfPast, int width, double value, boolean sound) throws Exception {
        var bytes = new ByteArrayOutputStream();
        try (var out = new DataOutputStream(bytes)) {
            for (int each : new int[] {widthOfPast, 5, width, 5}) {
                out.writeInt(each);
                out.writeInt(each == 5 ? 10 : 12);
                for (int i = 0; i < (each == 5 ? 10 : 12); i++) {
                    out.writeDouble(value);
                }
            }
        }
        try (var in = new DataInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            if (sound) {
                memory.readState(in);
                assertEquals(2, memory.remembered());
            } else {
                assertThrows(IOException.class, () -> memory.readState(in));
            }
        }
    }

    private static INDArray[] batches(int width, int seed) {
        Random random = new Random(seed);
        return new INDArray[] {
            array(gaussian(4, width, random), DataType.DOUBLE),
            array(gaussian(4, width, random), DataType.DOUBLE),
            array(gaussian(4, width, random), DataType.DOUBLE)
        };
    }
}
