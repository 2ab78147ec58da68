package io.github.horkd.examples;

import io.github.horkd.guide.SpaceMethod;
import io.github.horkd.loss.AngleLoss;
import io.github.horkd.loss.BatchLoss;
import io.github.horkd.loss.ContrastiveLoss;
import io.github.horkd.loss.CosineLoss;
import io.github.horkd.loss.CrossStreamLoss;
import io.github.horkd.loss.DistanceLoss;
import io.github.horkd.loss.HybridOrderLoss;
import io.github.horkd.loss.HybridOrderLoss.Term;
import io.github.horkd.loss.NeighbourhoodLoss;
import io.github.horkd.loss.UnitEmbeddings;
import io.github.horkd.model.Backbone;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A row of the face benchmark: who learns, in which space, from what, for how long.
 *
 * @param backbone the student
 * @param space    where the teacher's answers are learned
 * @param losses   against the teacher; none: from labels alone
 * @param labels   whether labels count
 * @param bridge   the row whose student, of the same seed, teaches too; empty for none. It sees what this student sees
 * @param pictures how many pictures there are to learn from; 0: all
 * @param steps    steps of 128 pairs
 */
record LfwRow(
        Backbone backbone,
        SpaceMethod space,
        List<BatchLoss> losses,
        boolean labels,
        String bridge,
        int pictures,
        int steps) {

    static final String CONTRASTIVE = "contrastive to a bank, whitened";
    static final String WINNER = "contrastive to a bank, whitened, 5,000 steps";
    static final String BASE = "first order, whitened (the base)";
    static final String LONG_BASE = BASE + ", 5,000 steps";

    /** The student of most rows: 86,316 parameters. */
    static final Backbone SMALL = Backbone.residual(20, 128).withBlocks(36, 50).withPooledGrid(2);

    private static final Backbone LARGE =
            Backbone.residual(40, 128).withBlocks(80, 144).withPooledGrid(2);
    private static final SpaceMethod WHITENED = SpaceMethod.whitened();
    private static final BatchLoss CONTRASTIVE_LOSS = ContrastiveLoss.at(0.1);
    private static final BatchLoss FIRST = CosineLoss.squaredDistance();
    static final String LARGE_STUDENT = "contrastive, whitened, large student, 5,000 steps";

    /** All rows by name. */
    static final Map<String, LfwRow> TABLE = table();

    private static Map<String, LfwRow> table() {
        BatchLoss neighbourhood = NeighbourhoodLoss.at(0.1);
        Term first = new Term("first", 4, FIRST);
        Term contrastive = new Term("contrastive", 1, CONTRASTIVE_LOSS);
        Term distance = new Term("distance", 0.25, new UnitEmbeddings(DistanceLoss.guideScaled()));
        Term angle = new Term("angle", 0.25, new UnitEmbeddings(AngleLoss.guideScaled()));
        Term third = new Term("third", 0.25, new UnitEmbeddings(CrossStreamLoss.guideScaled(3, 20_000, 1)));
        Term fourth = new Term("fourth", 0.25, new UnitEmbeddings(CrossStreamLoss.guideScaled(4, 20_000, 1)));
        LfwRow winner = of(CONTRASTIVE_LOSS);
        Map<String, LfwRow> rows = new LinkedHashMap<>();
        rows.put(WINNER, winner.withSteps(5000));
        rows.put(CONTRASTIVE, winner);
        rows.put(BASE, of(FIRST));
        rows.put("neighbourhood to a bank, whitened", of(neighbourhood));
        rows.put("first order and neighbourhood to a bank", sum(first, new Term("bank", 1, neighbourhood)));
        rows.put("first order and orders 2 and 3 within the stream", sum(first, distance, angle));
        rows.put("first order and order 3 across streams", sum(first, third));
        rows.put("first order and orders 3 and 4 across streams", sum(first, third, fourth));
        rows.put("contrastive and orders 2 and 3 within the stream", sum(contrastive, distance, angle));
        rows.put("contrastive and order 3 across streams", sum(contrastive, third));
        rows.put("first order, centred", of(FIRST).in(SpaceMethod.centred()));
        rows.put("contrastive, centred", winner.in(SpaceMethod.centred()));
        rows.put(
                "contrastive, whitened, average over the whole map",
                winner.by(Backbone.residual(20, 128).withBlocks(36, 64)));
        rows.put("labels only", winner.withLabels(List.of()));
        rows.put("contrastive and labels", winner.withLabels(winner.losses));
        rows.put("contrastive, 1,000 pictures", winner.from(1000));
        rows.put("contrastive, 3,000 pictures", winner.from(3000));
        rows.put(
                "contrastive, student of 20,000 parameters",
                winner.by(Backbone.residual(8, 128).withBlocks(14, 20).withPooledGrid(2)));
        rows.put(
                "contrastive, student of 210,000 parameters",
                winner.by(Backbone.residual(32, 128).withBlocks(60, 84).withPooledGrid(2)));
        rows.put("contrastive, whitened, large student", winner.by(LARGE));
        rows.put(
                "contrastive, student of a million parameters",
                winner.by(Backbone.residual(60, 128).withBlocks(128, 220).withPooledGrid(2)));
        rows.put(LARGE_STUDENT, winner.by(LARGE).withSteps(5000));
        rows.put("contrastive, the large student as assistant", winner.with(LARGE_STUDENT));
        rows.put(
                "contrastive, the large student as assistant, 5,000 steps",
                winner.with(LARGE_STUDENT).withSteps(5000));
        rows.put(LONG_BASE, of(FIRST).withSteps(5000));
        rows.put("contrastive to a bank, whitened, 20,000 steps", winner.withSteps(20_000));
        rows.put(
                "contrastive, whitened, large student, 10,000 steps",
                winner.by(LARGE).withSteps(10_000));
        rows.put(
                "contrastive, whitened, large student, 20,000 steps",
                winner.by(LARGE).withSteps(20_000));
        rows.put(
                "contrastive, the large student as assistant, 20,000 steps",
                winner.with(LARGE_STUDENT).withSteps(20_000));
        return rows;
    }

    /** The rows that differ from the base in what is learned alone: the same student, as many steps, all pictures. */
    static List<String> sameStudent() {
        LfwRow base = TABLE.get(BASE);
        return TABLE.entrySet().stream()
                .filter(row -> row.getValue().backbone.equals(base.backbone)
                        && row.getValue().steps == base.steps
                        && row.getValue().pictures == base.pictures)
                .map(Map.Entry::getKey)
                .toList();
    }

    /** The first rows' student, space and length with another loss. */
    private static LfwRow of(BatchLoss loss) {
        return new LfwRow(SMALL, WHITENED, List.of(loss), false, "", 0, 2000);
    }

    private static LfwRow sum(Term... terms) {
        return of(HybridOrderLoss.of(terms));
    }

    private LfwRow by(Backbone other) {
        return new LfwRow(other, space, losses, labels, bridge, pictures, steps);
    }

    private LfwRow in(SpaceMethod other) {
        return new LfwRow(backbone, other, losses, labels, bridge, pictures, steps);
    }

    private LfwRow withLabels(List<BatchLoss> others) {
        return new LfwRow(backbone, space, others, true, bridge, pictures, steps);
    }

    private LfwRow with(String assistant) {
        return new LfwRow(backbone, space, losses, labels, assistant, pictures, steps);
    }

    private LfwRow from(int count) {
        return new LfwRow(backbone, space, losses, labels, bridge, count, steps);
    }

    private LfwRow withSteps(int count) {
        return new LfwRow(backbone, space, losses, labels, bridge, pictures, count);
    }

    /** Wider networks take smaller steps. */
    double learningRate() {
        return backbone.equals(LARGE) ? 6e-3 : 8e-3;
    }
}
