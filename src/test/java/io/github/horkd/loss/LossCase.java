package io.github.horkd.loss;

import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.ToDoubleBiFunction;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** One loss on the contract's list: what it eats, the same loss in plain loops, and what it is blind to on the learner's and on the guide's side. */
record LossCase(
        BatchLoss loss,
        Input input,
        ToDoubleBiFunction<double[][], double[][]> plainLoops,
        Set<Blind> blindTo,
        Set<Blind> guideBlindTo) {

    enum Input {
        EMBEDDINGS,
        EQUAL_WIDTHS,
        LOGITS,
        LABELS_AND_LOGITS,
        LABELS_AND_COSINES,
        /** The guide's last column is the class number. */
        CLASSED_EMBEDDINGS,
        /** Three cosines, and behind them an embedding of two values. */
        LABELS_AND_NORMED_COSINES,
        /** The guide's are 2×4×4, the learner's 2×2×3. */
        MAPS
    }

    static final MapShape MAP = new MapShape(2, 4, 4);
    static final MapShape LEARNERS_MAP = new MapShape(2, 2, 3);

    /** What the value does not change with: a change of one side alone, of both sides alike, and two promises that are no change. */
    enum Blind {
        ROTATION,
        TRANSLATION,
        SCALE,
        ROW_SCALE,
        ROW_SHIFT,
        ROW_ORDER,
        COMMON_ROTATION,
        COMMON_TRANSLATION,
        COMMON_SCALE,
        EQUALITY_IS_ZERO,
        COLLAPSE_IS_ZERO;

        static final List<Blind> ONE_SIDED = List.of(ROTATION, TRANSLATION, SCALE, ROW_SCALE, ROW_SHIFT);
        static final List<Blind> COMMON = List.of(ROW_ORDER, COMMON_ROTATION, COMMON_TRANSLATION, COMMON_SCALE);

        /** The rows changed in this way. */
        double[][] of(double[][] x) {
            double[][] other = copy(x);
            for (int i = 0; i < x.length; i++) {
                for (int d = 0; d < x[i].length; d++) {
                    switch (this) {
                        case ROTATION, COMMON_ROTATION ->
                            other[i][d] = switch (d) {
                                case 0 -> 0.6 * x[i][0] - 0.8 * x[i][3];
                                case 3 -> 0.8 * x[i][0] + 0.6 * x[i][3];
                                default -> x[i][d];
                            };
                        case TRANSLATION, COMMON_TRANSLATION -> other[i][d] += 3 + d;
                        case SCALE, COMMON_SCALE -> other[i][d] *= 7;
                        case ROW_SCALE -> other[i][d] *= 1 + i;
                        case ROW_SHIFT -> other[i][d] += 1 + i;
                        case ROW_ORDER -> other[(i + 3) % x.length][d] = x[i][d];
                        default -> throw new IllegalStateException(this + " changes nothing");
                    }
                }
            }
            return other;
        }
    }

    /** A loss with a memory begins every question without one: what it remembers is {@link RelationMemoryTest}'s. */
    @Override
    public BatchLoss loss() {
        loss.reset();
        return loss;
    }

    @Override
    public String toString() {
        return loss.toString().replaceAll("huberDelta=|form=", "");
    }

    /** Blind to a change of the learner's side, or of both sides alike: the latter also where each side alone may change. */
    boolean is(Blind blind) {
        return blindTo.contains(blind)
                || switch (blind) {
                    case COMMON_ROTATION -> bothSides(Blind.ROTATION);
                    case COMMON_TRANSLATION -> bothSides(Blind.TRANSLATION);
                    case COMMON_SCALE -> bothSides(Blind.SCALE);
                    default -> false;
                };
    }

    private boolean bothSides(Blind blind) {
        return blindTo.contains(blind) && guideBlindTo.contains(blind);
    }

    boolean hasLabels() {
        return input == Input.LABELS_AND_LOGITS
                || input == Input.LABELS_AND_COSINES
                || input == Input.LABELS_AND_NORMED_COSINES
                || input == Input.CLASSED_EMBEDDINGS;
    }

    boolean isOverLogits() {
        return input == Input.LABELS_AND_LOGITS
                || input == Input.LABELS_AND_COSINES
                || input == Input.LABELS_AND_NORMED_COSINES
                || input == Input.LOGITS;
    }

    double[][] guide(int rows, Random random) {
        return switch (input) {
            case EMBEDDINGS -> gaussian(rows, 6, random);
            case EQUAL_WIDTHS -> gaussian(rows, 5, random);
            case LOGITS -> gaussian(rows, 5, random);
            case MAPS -> gaussian(rows, MAP.size(), random);
            case CLASSED_EMBEDDINGS -> {
                double[][] classed = gaussian(rows, 6, random);
                for (double[] row : classed) {
                    row[5] = random.nextInt(4) - 1; // −1: nobody knows
                }
                yield classed;
            }
            default -> {
                int classes = input == Input.LABELS_AND_NORMED_COSINES ? 3 : 5;
                double[][] labels = new double[rows][classes];
                for (int i = 0; i < rows; i++) {
                    if (i != 1 || rows < 3) { // row 1 of a larger batch is not labelled
                        labels[i][random.nextInt(classes)] = 1;
                    }
                }
                yield labels;
            }
        };
    }

    double[][] learner(int rows, Random random) {
        double[][] values = gaussian(rows, input == Input.MAPS ? LEARNERS_MAP.size() : 5, random);
        int cosines = input == Input.LABELS_AND_COSINES ? 5 : input == Input.LABELS_AND_NORMED_COSINES ? 3 : 0;
        if (cosines > 0) {
            for (double[] row : values) {
                for (int d = 0; d < cosines; d++) {
                    row[d] = Math.tanh(row[d]);
                }
            }
        }
        return values;
    }

    /** Whether the gradient holds a column of the learner constant, as the loss says. */
    boolean isConstant(int column) {
        return loss instanceof QualityMarginLoss && column >= 3;
    }

    LossValue at(double[][] guide, double[][] learner) {
        return loss().lossAndGradient(array(guide, DataType.DOUBLE), array(learner, DataType.DOUBLE));
    }

    static double[][] gaussian(int rows, int width, Random random) {
        double[][] values = new double[rows][width];
        for (double[] row : values) {
            for (int d = 0; d < width; d++) {
                row[d] = random.nextGaussian();
            }
        }
        return values;
    }

    static INDArray array(double[][] values, DataType type) {
        return Nd4j.createFromArray(values).castTo(type);
    }

    static double[][] copy(double[][] values) {
        double[][] copy = new double[values.length][];
        for (int i = 0; i < values.length; i++) {
            copy[i] = values[i].clone();
        }
        return copy;
    }
}
