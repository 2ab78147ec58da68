package io.github.horkd.distill;

import org.nd4j.linalg.schedule.ISchedule;

/**
 * How long and how fast a stage learns. The optimiser is Adam with decoupled weight decay (Loshchilov and Hutter, "AdamW", ICLR 2019).
 *
 * @param epochs       passes over the training images; 0 when {@code steps} says the length
 * @param steps        optimiser steps; 0 when {@code epochs} says the length
 * @param batchSize    pairs a step
 * @param learningRate the highest learning rate of the curve
 * @param weightDecay  fraction of the weights, times the learning rate, taken off in a step
 * @param curve        how the learning rate moves from the first step to the last
 */
public record Schedule(int epochs, int steps, int batchSize, double learningRate, double weightDecay, Curve curve) {

    /** How the learning rate moves. */
    public enum Curve {
        /** The same from first to last. */
        CONSTANT {
            @Override
            double at(double progress) {
                return 1;
            }
        },
        /** Half a cosine, from 1 to 0. */
        COSINE {
            @Override
            double at(double progress) {
                return halfCosine(1, 0, progress);
            }
        },
        /** Up from 1/25 over the first 30 % of the steps, then down to nearly 0, both along half a cosine (Smith and Topin, 2018). */
        ONE_CYCLE {
            @Override
            double at(double progress) {
                return progress < WARM_UP
                        ? halfCosine(1 / 25.0, 1, progress / WARM_UP)
                        : halfCosine(1, 1e-4 / 25.0, (progress - WARM_UP) / (1 - WARM_UP));
            }
        };

        private static final double WARM_UP = 0.3;

        /** Whether the learning rate has come down for good, to a tenth of the highest at most; always true where it stays the same. */
        boolean annealed(double progress) {
            return this == CONSTANT || (progress > WARM_UP && at(progress) <= 0.1);
        }

        /** The learning rate as a fraction of the highest, at a progress of 0…1. */
        abstract double at(double progress);

        private static double halfCosine(double from, double to, double progress) {
            return to + (from - to) * (1 + Math.cos(Math.PI * Math.min(1, progress))) / 2;
        }
    }

    /** Checks every value. */
    public Schedule {
        if (epochs < 0 || steps < 0 || (epochs == 0) == (steps == 0)) {
            throw new IllegalArgumentException(
                    "schedule: wanted either epochs or steps above 0, got epochs " + epochs + ", steps " + steps);
        }
        if (batchSize < 2) {
            throw new IllegalArgumentException(
                    "batchSize: wanted at least 2, since a relation needs two samples, got " + batchSize);
        }
        if (!(learningRate > 0) || !Double.isFinite(learningRate)) {
            throw new IllegalArgumentException("learningRate: wanted a finite value above 0, got " + learningRate);
        }
        if (!(weightDecay >= 0) || !Double.isFinite(weightDecay)) {
            throw new IllegalArgumentException("weightDecay: wanted a finite value of at least 0, got " + weightDecay);
        }
    }

    /**
     * So many passes over the images, in batches of 64, one cycle up to a learning rate of 3e-3, weight decay 0.02.
     *
     * @param epochs at least 1
     * @return the schedule
     */
    public static Schedule epochs(int epochs) {
        return new Schedule(epochs, 0, 64, 3e-3, 0.02, Curve.ONE_CYCLE);
    }

    /**
     * So many optimiser steps, otherwise as {@link #epochs(int)}: for comparing runs over different numbers of images.
     *
     * @param steps at least 1
     * @return the schedule
     */
    public static Schedule steps(int steps) {
        return new Schedule(0, steps, 64, 3e-3, 0.02, Curve.ONE_CYCLE);
    }

    /**
     * The learning rate in DL4J's terms, for an updater in a graph of one's own: {@code new Adam(schedule.over(steps))}.
     *
     * @param optimiserSteps how many there will be in all, at least 1; beyond them it stays at its end
     * @return the rate by iteration
     */
    public ISchedule over(int optimiserSteps) {
        if (optimiserSteps < 1) {
            throw new IllegalArgumentException("optimiserSteps: wanted at least 1, got " + optimiserSteps);
        }
        return new LearningRate(learningRate, curve, optimiserSteps);
    }

    /** How many optimiser steps that is in all. */
    int stepsOver(int stepsPerEpoch) {
        return steps > 0 ? steps : Math.multiplyExact(epochs, stepsPerEpoch);
    }

    /**
     * Another length.
     *
     * @param count passes over the training images, in place of the epochs or steps there were; at least 1
     * @return a new schedule
     */
    public Schedule withEpochs(int count) {
        return new Schedule(count, 0, batchSize, learningRate, weightDecay, curve);
    }

    /**
     * Another batch size.
     *
     * @param pairs pairs a step, at least 2
     * @return a new schedule
     */
    public Schedule withBatchSize(int pairs) {
        return new Schedule(epochs, steps, pairs, learningRate, weightDecay, curve);
    }

    /**
     * Another learning rate.
     *
     * @param rate the highest learning rate of the curve
     * @return a new schedule
     */
    public Schedule withLearningRate(double rate) {
        return new Schedule(epochs, steps, batchSize, rate, weightDecay, curve);
    }

    /**
     * Another weight decay.
     *
     * @param decay at least 0
     * @return a new schedule
     */
    public Schedule withWeightDecay(double decay) {
        return new Schedule(epochs, steps, batchSize, learningRate, decay, curve);
    }

    /**
     * Another curve.
     *
     * @param other how the learning rate moves
     * @return a new schedule
     */
    public Schedule withCurve(Curve other) {
        return new Schedule(epochs, steps, batchSize, learningRate, weightDecay, other);
    }
}
