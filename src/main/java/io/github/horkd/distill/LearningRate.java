package io.github.horkd.distill;

import org.nd4j.linalg.schedule.ISchedule;

/** A schedule's curve in DL4J's terms. */
record LearningRate(double highest, Schedule.Curve curve, int steps) implements ISchedule {

    @Override
    public double valueAt(int iteration, int epoch) {
        return highest * curve.at((iteration + 0.5) / steps);
    }

    @Override
    @SuppressWarnings("MethodDoesntCallSuperMethod")
    public ISchedule clone() {
        return this;
    }
}
