package io.github.horkd.loss;

import io.github.horkd.internal.parallel.ForkJoin;
import io.github.horkd.internal.rows.RowProducts;
import io.github.horkd.loss.HybridOrderLoss.Term;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.serde.JsonMappers;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
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

/** Losses against a bank: the same as plain loops over it, in either precision, whoever is in it. */
class BankTest {

    private static final int WIDTH = 12;

    private final INDArray known = array(gaussian(300, WIDTH, new Random(1)), DataType.FLOAT);
    private final INDArray guide = known.get(NDArrayIndex.interval(40, 56), NDArrayIndex.all());
    private final INDArray learner = guide.add(array(gaussian(16, WIDTH, new Random(2)), DataType.FLOAT));

    static Stream<BankLoss> losses() {
        return Stream.of(
                NeighbourhoodLoss.at(0.1),
                NeighbourhoodLoss.at(0.1).withoutOwnRow(),
                NeighbourhoodLoss.ofPerplexity(20),
                ContrastiveLoss.at(0.1),
                ContrastiveLoss.ofPerplexity(20),
                NoiseContrastiveLoss.at(0.1),
                NoiseContrastiveLoss.at(0.1).withNoise(3),
                ClassCentreLoss.at(0.1).withMargin(0.2));
    }

    private static void assertSame(LossValue wanted, LossValue got, double tolerance) {
        assertEquals(wanted.value(), got.value(), tolerance * Math.abs(wanted.value()));
        INDArray gradient = wanted.gradient().castTo(DataType.DOUBLE);
        double off = gradient.sub(got.gradient().castTo(DataType.DOUBLE))
                .norm2Number()
                .doubleValue();
        assertTrue(off <= tolerance * gradient.norm2Number().doubleValue(), "gradient off by " + off);
    }

    @ParameterizedTest
    @MethodSource("losses")
    void singleAgreesWithDoublePrecision(BankLoss loss) {
        Bank bank = Bank.of(known);
        assertSame(
                loss.lossAndGradient(guide.castTo(DataType.DOUBLE), learner.castTo(DataType.DOUBLE), bank),
                loss.lossAndGradient(guide, learner, bank),
                1e-5);
    }

    @Test
    void valuesAreThoseOfPlainLoops() {
        double[][] all = known.toDoubleMatrix();
        double neighbourhood = 0;
        double contrastive = 0;
        for (int i = 0; i < 16; i++) {
            double[] p = new double[300];
            double[] q = new double[300];
            double allP = 0;
            double allQ = 0;
            for (int j = 0; j < 300; j++) {
                p[j] = Math.exp(PlainLoops.cosine(all[40 + i], all[j]) / 0.1);
                q[j] = Math.exp(PlainLoops.cosine(learner.getRow(i).toDoubleVector(), all[j]) / 0.1);
                allP += p[j];
                allQ += q[j];
            }
            for (int j = 0; j < 300; j++) {
                neighbourhood += p[j] / allP * Math.log(p[j] / allP * allQ / q[j]) / 16;
            }
            contrastive -= Math.log(q[40 + i] / allQ) / 16;
        }
        Bank bank = Bank.of(known);
        assertEquals(
                neighbourhood,
                NeighbourhoodLoss.at(0.1).lossAndGradient(guide, learner, bank).value(),
                1e-5);
        assertEquals(
                contrastive,
                ContrastiveLoss.at(0.1).lossAndGradient(guide, learner, bank).value(),
                1e-5);
    }

    @ParameterizedTest
    @MethodSource("losses")
    void gradientMatchesFiniteDifferences(BankLoss loss) {
        Bank bank = Bank.of(known);
        INDArray t = guide.castTo(DataType.DOUBLE);
        INDArray s = learner.castTo(DataType.DOUBLE);
        INDArray gradient = loss.lossAndGradient(t, s, bank).gradient();
        for (int at = 0; at < 20; at++) {
            int row = at % 16;
            int column = at % WIDTH;
            double step = 1e-5;
            INDArray up = s.dup().putScalar(row, column, s.getDouble(row, column) + step);
            INDArray down = s.dup().putScalar(row, column, s.getDouble(row, column) - step);
            double numeric = (loss.lossAndGradient(t, up, bank).value()
                            - loss.lossAndGradient(t, down, bank).value())
                    / 2
                    / step;
            assertEquals(numeric, gradient.getDouble(row, column), 1e-6 * Math.max(1, Math.abs(numeric)));
        }
    }

    /** A sample's own row is found in the bank, so whether it is there makes no difference; a row of another sample does. */
    @ParameterizedTest
    @MethodSource("losses")
    void ownRowsInTheBankMakeNoDifference(BankLoss loss) {
        if (loss.toString().contains("perplexity=20") || loss instanceof ClassCentreLoss) {
            return; // the temperature is another bank's; what is right is in the bank
        }
        INDArray other = array(gaussian(200, WIDTH, new Random(3)), DataType.FLOAT);
        INDArray one = guide.get(NDArrayIndex.interval(0, 1), NDArrayIndex.all());
        INDArray learnt = learner.get(NDArrayIndex.interval(0, 1), NDArrayIndex.all());
        LossValue without = loss.lossAndGradient(one, learnt, Bank.of(other));
        assertSame(without, loss.lossAndGradient(one, learnt, Bank.of(Nd4j.vstack(other, one, one))), 1e-6);
        INDArray stranger = learnt.dup();
        assertNotEquals(
                without.value(),
                loss.lossAndGradient(one, learnt, Bank.of(Nd4j.vstack(other, stranger)))
                        .value(),
                1e-6);
    }

    /** A moved image or a mixture is compared with the bank less the images that it shows. */
    @Test
    void aViewIsNotComparedWithTheImagesThatItShows() {
        INDArray views = array(gaussian(3, WIDTH, new Random(9)), DataType.FLOAT);
        INDArray learnt = views.add(array(gaussian(3, WIDTH, new Random(10)), DataType.FLOAT));
        int[][] own = {{7}, {7, 8}, {}};
        Bank bank = Bank.of(known).withViews(views, own);
        for (int view = 0; view < 3; view++) {
            INDArray one = views.get(NDArrayIndex.interval(view, view + 1), NDArrayIndex.all());
            INDArray learner1 = learnt.get(NDArrayIndex.interval(view, view + 1), NDArrayIndex.all());
            int left = 7 + own[view].length;
            INDArray rest = own[view].length == 0
                    ? known
                    : Nd4j.vstack(
                            known.get(NDArrayIndex.interval(0, 7), NDArrayIndex.all()),
                            known.get(NDArrayIndex.interval(left, 300), NDArrayIndex.all()));
            for (BankLoss loss : new BankLoss[] {ContrastiveLoss.at(0.1), NeighbourhoodLoss.at(0.1)}) {
                assertSame(
                        loss.lossAndGradient(one, learner1, Bank.of(rest)),
                        loss.lossAndGradient(one, learner1, bank),
                        1e-5);
                assertSame(
                        loss.lossAndGradient(one, learner1, bank),
                        loss.lossAndGradient(one.castTo(DataType.DOUBLE), learner1.castTo(DataType.DOUBLE), bank),
                        1e-5);
            }
        }
        assertThrows(
                IllegalArgumentException.class, () -> Bank.of(known).withViews(views, new int[][] {{300}, {}, {}}));
        assertThrows(IllegalArgumentException.class, () -> Bank.of(known).withViews(views, new int[][] {{1}}));
        assertThrows(IllegalStateException.class, () -> Bank.recent(5).withViews(views, own));
    }

    @Test
    void rowsOfOneImageAreItsOwn() {
        int[] images = new int[300];
        Arrays.setAll(images, i -> i);
        images[7] = 40; // its mirror image, say
        INDArray one = guide.get(NDArrayIndex.interval(0, 1), NDArrayIndex.all());
        INDArray learnt = learner.get(NDArrayIndex.interval(0, 1), NDArrayIndex.all());
        INDArray rest = Nd4j.vstack(
                known.get(NDArrayIndex.interval(0, 7), NDArrayIndex.all()),
                known.get(NDArrayIndex.interval(8, 300), NDArrayIndex.all()));
        LossValue wanted = ContrastiveLoss.at(0.1).lossAndGradient(one, learnt, Bank.of(rest));
        assertSame(wanted, ContrastiveLoss.at(0.1).lossAndGradient(one, learnt, Bank.of(known, images)), 1e-6);
        int[] oneMore = Arrays.copyOf(images, 301); // the image's very row once more: alike in values and in image
        oneMore[300] = 40;
        Bank again = Bank.of(Nd4j.vstack(known, one), oneMore);
        assertSame(wanted, ContrastiveLoss.at(0.1).lossAndGradient(one, learnt, again), 1e-6);
    }

    /** Of an image that is in the bank several times, all rows are the sample's own; how many differs from sample to sample. */
    @ParameterizedTest
    @MethodSource("losses")
    void severalRowsOfOneImageAgreeInEitherPrecision(BankLoss loss) {
        int[] images = new int[300];
        Arrays.setAll(images, i -> i < 5 ? 40 : i < 7 ? 43 : i);
        Bank bank = Bank.of(known, images);
        assertSame(
                loss.lossAndGradient(guide.castTo(DataType.DOUBLE), learner.castTo(DataType.DOUBLE), bank),
                loss.lossAndGradient(guide, learner, bank),
                1e-5);
    }

    /** Where the sample's own row is left out, the nearest of the others is where the softmax begins to count. */
    @ParameterizedTest
    @ValueSource(doubles = {0.02, 0.002})
    void holdsAtLowTemperatures(double temperature) {
        Bank bank = Bank.of(known);
        for (BankLoss loss : new BankLoss[] {
            NeighbourhoodLoss.at(temperature).withoutOwnRow(),
            NeighbourhoodLoss.at(temperature),
            ContrastiveLoss.at(temperature)
        }) {
            assertSame(
                    loss.lossAndGradient(guide.castTo(DataType.DOUBLE), learner.castTo(DataType.DOUBLE), bank),
                    loss.lossAndGradient(guide, learner, bank),
                    1e-3);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = DataType.class,
            names = {"FLOAT", "DOUBLE"})
    void withoutOthersInTheBankThereIsNothingToSay(DataType type) {
        INDArray twice = Nd4j.vstack(guide.getRow(0, true), guide.getRow(0, true));
        LossValue value = NeighbourhoodLoss.at(0.1)
                .withoutOwnRow()
                .lossAndGradient(
                        twice.castTo(type),
                        learner.get(NDArrayIndex.interval(0, 2), NDArrayIndex.all())
                                .castTo(type),
                        Bank.of(twice));
        assertEquals(0, value.value());
        assertEquals(0, value.gradient().norm2Number().doubleValue());
    }

    private INDArray batch(int at) {
        return known.get(NDArrayIndex.interval(100 + 16 * at, 116 + 16 * at), NDArrayIndex.all());
    }

    /** Empty, with a newest batch alone, with room left, and full. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 4})
    void aGrowingBankGoesOnAfterAnInterruption(int batches) throws IOException {
        BatchLoss loss = ContrastiveLoss.at(0.2).withBank(Bank.recent(20));
        BatchLoss resumed = ContrastiveLoss.at(0.2).withBank(Bank.recent(20));
        for (int at = 0; at < batches; at++) {
            loss.lossAndGradient(batch(at), learner);
        }
        var bytes = new ByteArrayOutputStream();
        loss.writeState(new DataOutputStream(bytes));
        resumed.readState(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));
        double wanted = loss.lossAndGradient(guide, learner).value();
        assertEquals(wanted, resumed.lossAndGradient(guide, learner).value(), 0);
        double alone = ContrastiveLoss.at(0.2).lossAndGradient(guide, learner).value();
        assertEquals(batches == 0, Math.abs(wanted - alone) < 1e-3);
        loss.reset();
        assertEquals(alone, loss.lossAndGradient(guide, learner).value(), 0);
    }

    /** What a growing bank of two rows reads: the width, the rows of earlier batches and those of the newest one. */
    @ParameterizedTest
    @CsvSource({"3, 6, true", "3, 3, true", "0, 0, true", "3, 9, false", "0, 6, false", "4, 6, false"})
    void aStateThatIsNoneIsRefused(int width, int values, boolean sound) throws IOException {
        var bytes = new ByteArrayOutputStream();
        var out = new DataOutputStream(bytes);
        out.writeInt(width);
        RowState.write(out, new float[values], values);
        RowState.write(out, new float[6], 6);
        var in = new DataInputStream(new ByteArrayInputStream(bytes.toByteArray()));
        Bank bank = Bank.recent(2);
        if (sound) {
            bank.readState(in);
            assertEquals(values / 3, bank.size());
        } else {
            assertThrows(IOException.class, () -> bank.readState(in));
        }
    }

    /** A bank that was handed over is written by whoever hands it over again. */
    @Test
    void aBankThatStaysHasNoState() throws Exception {
        var bytes = new ByteArrayOutputStream();
        BatchLoss handed = ContrastiveLoss.at(0.2).withBank(Bank.of(known));
        String json = JsonMappers.getMapper().writeValueAsString(handed);
        BatchLoss read = (BatchLoss) JsonMappers.getMapper().readValue(json, ILossFunction.class);
        for (BatchLoss loss : new BatchLoss[] {handed, read}) {
            loss.writeState(new DataOutputStream(bytes));
            loss.readState(new DataInputStream(new ByteArrayInputStream(new byte[0])));
            loss.reset();
        }
        assertEquals(0, bytes.size());
        assertEquals(300, Bank.of(known).size());
    }

    /** With its bank, one sample is enough, and nothing more is wanted; as it comes back from JSON it wants one again. */
    @ParameterizedTest
    @MethodSource("losses")
    void saysWhatItWants(BankLoss loss) throws Exception {
        BatchLoss handed = loss.withBank(Bank.of(known));
        String json = JsonMappers.getMapper().writeValueAsString(handed);
        BatchLoss read = (BatchLoss) JsonMappers.getMapper().readValue(json, ILossFunction.class);
        assertTrue(handed.needsEqualWidths());
        assertEquals(1, handed.smallestBatch());
        assertFalse(handed.usesBank());
        assertFalse(handed.comparesWithClasses());
        assertEquals(loss.smallestBatch(), read.smallestBatch());
        assertTrue(read.usesBank());
        assertEquals(loss instanceof ClassCentreLoss, read.comparesWithClasses());
        assertFalse(read.withBank(Bank.of(known)).usesBank());
        assertEquals(loss.name(), handed.name());
        assertEquals(losses().filter(handed::equals).count(), 0);
        assertEquals(
                1,
                losses().map(each -> each.withBank(Bank.of(known)))
                        .filter(handed::equals)
                        .count());
    }

    /** Softmax over class centres, for samples whose class the bank knows. */
    @Test
    void classCentresAreTheGuidesMeans() {
        int[] classes = new int[300];
        Arrays.setAll(classes, i -> i < 2 ? -1 : 2 * (i % 7));
        classes[43] = -1; // row 3 of the batch
        double[][] all = PlainLoops.unit(known.toDoubleMatrix());
        double[][] centres = new double[7][WIDTH];
        for (int i = 0; i < 300; i++) {
            for (int d = 0; d < WIDTH && classes[i] >= 0; d++) {
                centres[classes[i] / 2][d] += all[i][d];
            }
        }
        double wanted = 0;
        for (int i = 0; i < 16; i++) {
            double sum = 0;
            double own = 0;
            for (int c = 0; c < 7; c++) {
                boolean right = 2 * c == classes[40 + i];
                double e = Math.exp(
                        (PlainLoops.cosine(learner.getRow(i).toDoubleVector(), centres[c]) - (right ? 0.2 : 0)) / 0.1);
                sum += e;
                own += right ? e : 0;
            }
            wanted -= own == 0 ? 0 : Math.log(own / sum) / 15;
        }
        Bank bank = Bank.ofClasses(known, classes);
        assertEquals(7, bank.size());
        ClassCentreLoss loss = ClassCentreLoss.at(0.1).withMargin(0.2);
        LossValue single = loss.lossAndGradient(guide, learner, bank);
        LossValue wide = loss.lossAndGradient(guide.castTo(DataType.DOUBLE), learner.castTo(DataType.DOUBLE), bank);
        assertEquals(wanted, wide.value(), 1e-6);
        assertSame(wide, single, 1e-5);
        assertEquals(0, single.gradient().getRow(3).norm2Number().doubleValue());
        LossValue unknown = loss.lossAndGradient(learner, learner, bank);
        assertEquals(0, unknown.value());
        assertEquals(0, unknown.gradient().norm2Number().doubleValue());
        assertThrows(IllegalArgumentException.class, () -> Bank.ofClasses(known, new int[3]));
        assertThrows(
                IllegalArgumentException.class, () -> ClassCentreLoss.at(0.1).withMargin(-1));
    }

    @ParameterizedTest
    @MethodSource("losses")
    void aLossHandedItsBankIsTheSame(BankLoss loss) throws Exception {
        Bank bank = Bank.of(known);
        LossValue wanted = loss.lossAndGradient(guide, learner, bank);
        BatchLoss handed = loss.withBank(bank);
        assertEquals(wanted.value(), handed.lossAndGradient(guide, learner).value(), 0);
        UnitEmbeddings over = new UnitEmbeddings(loss);
        assertTrue(over.usesBank());
        assertFalse(over.withBank(bank).usesBank());
        INDArray units = array(PlainLoops.unit(guide.toDoubleMatrix()), DataType.FLOAT);
        Bank unitBank = Bank.of(array(PlainLoops.unit(known.toDoubleMatrix()), DataType.FLOAT));
        assertEquals(
                loss.lossAndGradient(units, learner, unitBank).value(),
                over.withBank(unitBank).lossAndGradient(units, learner).value(),
                1e-5);
        HybridOrderLoss sum =
                HybridOrderLoss.of(new Term("bank", 1, loss), new Term("first", 1, CosineLoss.squaredDistance()));
        assertTrue(sum.usesBank());
        assertFalse(HybridOrderLoss.defaults().usesBank());
        assertEquals(
                wanted.value()
                        + CosineLoss.squaredDistance()
                                .lossAndGradient(guide, learner)
                                .value(),
                sum.withBank(bank).lossAndGradient(guide, learner).value(),
                1e-6);
        String json = JsonMappers.getMapper().writeValueAsString(handed);
        assertTrue(json.length() < 400, json);
        BatchLoss read = (BatchLoss) JsonMappers.getMapper().readValue(json, ILossFunction.class);
        assertEquals(handed, read);
        assertEquals(
                loss.lossAndGradient(guide, learner).value(),
                read.lossAndGradient(guide, learner).value(),
                0);
    }

    @Test
    void theTemperatureGivesTheGuideSoManyNeighbours() {
        BankRows rows = Bank.of(known).rowsFor(new float[WIDTH], 1, WIDTH);
        double cold = rows.temperature(5);
        double warm = rows.temperature(50);
        assertTrue(cold < warm, cold + " " + warm);
        double[][] all = known.toDoubleMatrix();
        double entropy = 0;
        for (int i = 0; i < 300; i++) {
            double sum = 0;
            double product = 0;
            for (int j = 0; j < 300; j++) {
                double a = PlainLoops.cosine(all[i], all[j]) / warm;
                sum += i == j ? 0 : Math.exp(a);
                product += i == j ? 0 : a * Math.exp(a);
            }
            entropy += (Math.log(sum) - product / sum) / 300;
        }
        assertEquals(Math.log(50), entropy, 0.02);
    }

    @Test
    void aGrowingBankHoldsTheBatchAndThoseBeforeIt() {
        BankLoss loss = ContrastiveLoss.at(0.2);
        Bank growing = Bank.recent(20);
        INDArray first = known.get(NDArrayIndex.interval(0, 16), NDArrayIndex.all());
        assertEquals(
                loss.lossAndGradient(first, learner).value(),
                loss.lossAndGradient(first, learner, growing).value(),
                1e-6);
        double second = loss.lossAndGradient(guide, learner, growing).value();
        assertEquals(second, loss.lossAndGradient(guide, learner, growing).value(), 0, "asked twice");
        assertEquals(
                loss.lossAndGradient(guide, learner, Bank.of(Nd4j.vstack(guide, first)))
                        .value(),
                second,
                1e-6);
        INDArray third = batch(0);
        assertEquals(
                loss.lossAndGradient(
                                third,
                                learner,
                                Bank.of(Nd4j.vstack(
                                        third, guide, first.get(NDArrayIndex.interval(0, 4), NDArrayIndex.all()))))
                        .value(),
                loss.lossAndGradient(third, learner, growing).value(),
                1e-6,
                "the oldest rows go first");
        loss.lossAndGradient(guide, learner, growing);
        assertEquals(20, growing.size());
        Bank roomy = Bank.recent(40);
        for (int at = 0; at < 4; at++) {
            loss.lossAndGradient(batch(at), learner, roomy);
            assertEquals(Math.min(40, 16 * at), roomy.size());
        }
        growing.reset();
        assertEquals(0, growing.size());
    }

    /** Left to the garbage collector, native copies of a growing bank would fill the memory before it looks. */
    @Test
    void whatAGrowingBankWasComparedByIsFreed() {
        Bank bank = Bank.recent(64);
        float[] rows = known.get(NDArrayIndex.interval(0, 32), NDArrayIndex.all())
                .dup('c')
                .data()
                .asFloat();
        RowProducts first = bank.rowsFor(rows, 16, WIDTH).unit();
        assertEquals(16, first.count());
        RowProducts second = bank.rowsFor(Arrays.copyOfRange(rows, 16 * WIDTH, 32 * WIDTH), 16, WIDTH)
                .unit();
        assertEquals(32, second.count());
        assertThrows(RuntimeException.class, first::values, "it is closed");
        assertEquals(32 * WIDTH, second.values().length);
        assertEquals(16, bank.size());
    }

    @Test
    void aBankTellsHowManyRowsItKnows() {
        assertEquals(
                16,
                ContrastiveLoss.at(0.1)
                        .withBank(Bank.of(known))
                        .knownToBank(guide)
                        .orElseThrow());
        assertEquals(
                0,
                ContrastiveLoss.at(0.1)
                        .withBank(Bank.of(known))
                        .knownToBank(learner)
                        .orElseThrow());
        assertEquals(
                1,
                ContrastiveLoss.at(0.1)
                        .withBank(Bank.of(new float[] {0f, 1f}, 2, null))
                        .knownToBank(Nd4j.createFromArray(new float[][] {{-0f, 1f}}))
                        .orElseThrow(),
                "both zeros are one");
        assertEquals(
                16,
                HybridOrderLoss.of(
                                new Term("first", 1, CosineLoss.squaredDistance()),
                                new Term("bank", 1, ContrastiveLoss.at(0.1)))
                        .withBank(Bank.of(known))
                        .knownToBank(guide)
                        .orElseThrow());
        int[] classes = new int[300];
        Arrays.fill(classes, 0, 50, -1);
        assertEquals(
                6,
                ClassCentreLoss.at(0.1)
                        .withBank(Bank.ofClasses(known, classes))
                        .knownToBank(guide)
                        .orElseThrow(),
                "those of a class");
        assertEquals(
                0,
                new UnitEmbeddings(ContrastiveLoss.at(0.1).withBank(Bank.of(known)))
                        .knownToBank(guide)
                        .orElseThrow(),
                "a bank of raw rows does not know unit ones, and says so");
        assertEquals(
                0,
                ContrastiveLoss.at(0.1)
                        .withBank(Bank.of(known))
                        .knownToBank(guide.get(NDArrayIndex.all(), NDArrayIndex.interval(0, WIDTH - 1)))
                        .orElseThrow(),
                "rows of another width");
        assertTrue(ContrastiveLoss.at(0.1).knownToBank(guide).isEmpty());
        assertTrue(ContrastiveLoss.at(0.1)
                .withBank(Bank.recent(8))
                .knownToBank(guide)
                .isEmpty());
        assertTrue(CosineLoss.squaredDistance().knownToBank(guide).isEmpty());
        BatchLoss without = CosineLoss.squaredDistance();
        Assertions.assertSame(without, without.withBank(Bank.of(known)));
    }

    @Test
    void aSampleIsDrawnWithTheSeedAndWithoutReplacement() {
        float[] drawn =
                Bank.sample(known, 30, 5).rowsFor(new float[WIDTH], 1, WIDTH).rows();
        assertEquals(30 * WIDTH, drawn.length);
        assertEquals(
                Arrays.toString(drawn),
                Arrays.toString(Bank.sample(known, 30, 5)
                        .rowsFor(new float[WIDTH], 1, WIDTH)
                        .rows()));
        float[] others =
                Bank.sample(known, 30, 6).rowsFor(new float[WIDTH], 1, WIDTH).rows();
        float[] first = known.get(NDArrayIndex.interval(0, 30), NDArrayIndex.all())
                .dup('c')
                .data()
                .asFloat();
        assertFalse(Arrays.equals(drawn, first));
        assertFalse(Arrays.equals(drawn, others));
        Bank all = Bank.sample(known, 1000, 5);
        for (int i = 0; i < 300; i++) {
            float[] row = known.getRow(i).toFloatVector();
            assertTrue(all.rowsFor(row, 1, WIDTH).groups().find(row, 0) >= 0);
        }
        assertEquals(300, all.size());
    }

    @Test
    void whatIsNoBankIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> Bank.of(new float[0], 3, null));
        assertThrows(IllegalArgumentException.class, () -> Bank.of(new float[] {1, Float.NaN}, 2, null));
        assertThrows(IllegalArgumentException.class, () -> Bank.of(new float[] {1, 2}, 2, new int[] {1, 2}));
        assertThrows(IllegalArgumentException.class, () -> Bank.recent(0));
        INDArray rank3 = known.reshape(300, WIDTH, 1);
        for (Executable taking : new Executable[] {
            () -> Bank.of(rank3),
            () -> Bank.sample(rank3, 3, 1),
            () -> Bank.ofClasses(rank3, new int[300]),
            () -> Bank.of(known).withViews(rank3, new int[300][0])
        }) {
            String message =
                    assertThrows(IllegalArgumentException.class, taking).getMessage();
            assertTrue(message.contains("[N, D]") && message.contains("[300, 12, 1]"), message);
        }
        assertEquals(1, Bank.sample(known, 1, 5).size());
        assertEquals(2, Bank.of(new float[] {1, 2}, 1, null).size());
        assertEquals(0, Bank.recent(1).size());
        assertThrows(
                IllegalArgumentException.class, () -> ContrastiveLoss.at(0.1).withBank(null));
        String message = assertThrows(
                        IllegalArgumentException.class,
                        () -> ContrastiveLoss.at(0.1)
                                .lossAndGradient(guide, learner, Bank.of(new float[] {1, 2}, 2, null)))
                .getMessage();
        assertTrue(message.contains("12") && message.contains("got 2"), message);
    }

    @Test
    void temperaturesThatAreNone() {
        assertThrows(IllegalArgumentException.class, () -> Temperature.of(0));
        assertThrows(IllegalArgumentException.class, () -> Temperature.of(Double.NaN));
        assertThrows(IllegalArgumentException.class, () -> Temperature.ofPerplexity(1));
        assertThrows(IllegalArgumentException.class, () -> new Temperature(0.1, 5));
        assertThrows(IllegalArgumentException.class, () -> new NeighbourhoodLoss(null, true));
    }

    /** Large enough to be shared by threads. */
    @ParameterizedTest
    @MethodSource("losses")
    void threadsMakeNoDifference(BankLoss loss) {
        Bank bank = Bank.of(array(gaussian(3000, WIDTH, new Random(4)), DataType.FLOAT));
        INDArray t = array(gaussian(100, WIDTH, new Random(5)), DataType.FLOAT);
        INDArray s = array(gaussian(100, WIDTH, new Random(6)), DataType.FLOAT);
        int before = ForkJoin.threads();
        try {
            ForkJoin.use(1);
            LossValue one = loss.lossAndGradient(t, s, bank);
            ForkJoin.use(4);
            LossValue four = loss.lossAndGradient(t, s, bank);
            assertEquals(one.value(), four.value(), 0);
            assertEquals(0, one.gradient().sub(four.gradient()).norm2Number().doubleValue());
        } finally {
            ForkJoin.use(before);
        }
    }
}
