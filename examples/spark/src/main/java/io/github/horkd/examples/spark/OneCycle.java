package io.github.horkd.examples.spark;

import org.nd4j.linalg.schedule.ISchedule;

/**
 * The learning rate of {@code Schedule.Curve.ONE_CYCLE} in DL4J's terms: up from 1/25 over the first 30 % of the steps, then down to nearly
 * 0, both along half a cosine. It travels in the network's configuration.
 *
 * @param highest the highest learning rate
 * @param steps   how many optimiser steps there will be
 */
record OneCycle(double highest, int steps) implements ISchedule {

    private static final double WARM_UP = 0.3;

    @Override
    public double valueAt(int iteration, int epoch) {
        double progress = Math.min(1, (iteration + 0.5) / steps);
        return highest * (progress < WARM_UP ? halfCosine(1 / 25.0, 1, progress / WARM_UP)
                : halfCosine(1, 1e-4 / 25, (progress - WARM_UP) / (1 - WARM_UP)));
    }

    private static double halfCosine(double from, double to, double progress) {
        return to + (from - to) * (1 + Math.cos(Math.PI * progress)) / 2;
    }

    @Override
    @SuppressWarnings("MethodDoesntCallSuperMethod")
    public ISchedule clone() {
        return this;
    }
}
