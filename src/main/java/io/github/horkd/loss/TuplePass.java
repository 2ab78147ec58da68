package io.github.horkd.loss;

/** Holds the relations of all tuples of one order against each other. */
final class TuplePass {

    /**
     * Edges below this share of their side's typical distance have no direction that means anything, and a pull that grows as they get shorter: relations of
     * order 3 and up leave them out, so that no edge pulls more than 100 times as hard as a usual one.
     */
    static final double SHORTEST_EDGE = 1e-2;

    /** A distance itself has a slope of 1 however short it is; only at 0 it has no direction. */
    static final double SHORTEST_DISTANCE = 1e-4;

    private TuplePass() {}

    /** Checks what every loss over tuples is made with. */
    static void check(int order, int lowest, int tuples, RelationForm form, double huberDelta) {
        if (order < lowest || order > 8) {
            throw new IllegalArgumentException("order: wanted " + lowest + " to 8, got " + order);
        }
        if (tuples < 1) {
            throw new IllegalArgumentException("tuples: wanted a budget of at least 1, got " + tuples);
        }
        Checks.present("form", form);
        if (form == RelationForm.RKD_COMPATIBLE) {
            throw new IllegalArgumentException(
                    "form: wanted GUIDE_SCALED or PLAIN, got RKD_COMPATIBLE; the published code has"
                            + " no relation of this kind");
        }
        Checks.positive("huberDelta", huberDelta);
    }

    /** Rejects a side too narrow for order − 1 edges to be independent. */
    static void checkWidth(String side, long width, int order) {
        if (width < order - 1) {
            throw new IllegalArgumentException(
                    side + ": wanted a width of at least " + (order - 1) + " for relations of order " + order + ", got "
                            + width + "; take a lower order or wider embeddings");
        }
    }

    /** The value; the gradient goes to the learner's geometry. */
    static double compare(
            Tuples tuples,
            Geometry guide,
            double unitT,
            Geometry learner,
            double unitS,
            double distanceUnit,
            RelationForm form,
            double delta) {
        TupleRelation relation = new TupleRelation(tuples.order(), distanceUnit);
        TupleRelation other = new TupleRelation(tuples.order(), distanceUnit);
        double[] psi = ThreadBuffers.of(TuplePass.class).doubles(0, tuples.count());
        double[] psiS = ThreadBuffers.of(TuplePass.class).doubles(1, tuples.count());
        double shortest = tuples.order() == 2 ? SHORTEST_DISTANCE : SHORTEST_EDGE;
        int valid = 0;
        double mean = 0;
        for (int i = 0; i < tuples.count(); i++) {
            psi[i] = relation.of(tuples, i, guide, shortest * unitT);
            psiS[i] = Double.isNaN(psi[i]) ? Double.NaN : other.of(tuples, i, learner, shortest * unitS);
            if (!Double.isNaN(psiS[i])) {
                valid++;
                mean += psi[i];
            }
        }
        if (valid == 0) {
            return 0;
        }
        mean /= valid;
        double variance = 0;
        for (int i = 0; i < tuples.count(); i++) {
            variance += Double.isNaN(psiS[i]) ? 0 : (psi[i] - mean) * (psi[i] - mean) / valid;
        }
        double sigma =
                form == RelationForm.GUIDE_SCALED ? Math.max(Math.sqrt(variance), RelationForm.SMALLEST_SPREAD) : 1;
        double sum = 0;
        for (int i = 0; i < tuples.count(); i++) {
            if (Double.isNaN(psiS[i])) {
                continue;
            }
            double r = (psiS[i] - psi[i]) / sigma;
            sum += Huber.value(r, delta);
            if (r != 0) {
                relation.of(tuples, i, learner, shortest * unitS);
                relation.pull(tuples, i, learner, Huber.slope(r, delta) / sigma / valid);
            }
        }
        return sum / valid;
    }
}
