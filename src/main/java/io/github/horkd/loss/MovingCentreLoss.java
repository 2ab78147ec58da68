package io.github.horkd.loss;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Labels by class centres that move with the training, across the streams: each of the learner's rows picks its class out of the classes as the guide sees them. While a learner is poor, a
 * centre is little more than the guide's row of the sample itself; the better it follows the guide, the more a centre is a mean over all that was seen.
 * <pre>  L = mean over i of −log softmax_c((⟨ŝ_i, C_c⟩ − m [c = y_i]) / τ) at c = y_i,   x̂ = the row brought to length 1
 *   C_y ← unit( ᾱ C_y + mean over the batch's rows of y of (1 − α_i) t̂_i ),   α_i = max(0, ⟨ŝ_i, t̂_i⟩),   ᾱ their mean;   a class seen first: unit(mean of t̂_i)</pre>
 * Centres move before the batch is compared with them. They are constants of the gradient, and so is α. c runs over all classes seen so far.
 *
 * <p>Learner [N, D]. Guide [N, D + 1], embeddings and a last column of class numbers, −1 for a sample of which nobody knows the class; or [N, D]. A sample without a class has its own guide
 * row for a centre, which is forgotten. Order 1 at the beginning, order 2 over what was seen later. Blind to the length of every row and to a common rotation. Not 0 when both sides agree. A
 * row of zeros gets gradient 0. O(N K D) time with K classes.
 *
 * <p>A batch whose guide rows equal the newest ones takes that one's place: asking twice about one step changes nothing. {@link #reset()} when a stage begins. Neither JSON nor
 * model files contain the centres. Networks that train side by side share them when they share the configuration; calls wait for one another. A class and not a record, as it has a state.
 *
 * <p>The idea is that of Boutros, Štruc and Damer, "AdaDistill: Adaptive Knowledge Distillation for Deep Face Recognition", ECCV 2024; the form is ours. The margin is that of Wang et al.,
 * "CosFace", CVPR 2018.
 */
public final class MovingCentreLoss implements BatchLoss {

    @JsonProperty
    private final double temperature;

    @JsonProperty
    private final double margin;

    /** As they were before the newest batch. */
    private final transient Map<Integer, double[]> centres = new TreeMap<>();
    /** Those that the newest batch moved. */
    private final transient Map<Integer, double[]> moved = new TreeMap<>();

    private transient double[] newest = {};
    private transient double[] next = {};

    /**
     * No centres yet.
     *
     * @param temperature τ, 0.001 to 1000; 1/64 to 0.1 is usual
     * @param margin      m, by which the own centre must be nearer, 0 to 1; 0 to 0.4 is usual
     */
    @JsonCreator
    public MovingCentreLoss(@JsonProperty("temperature") double temperature, @JsonProperty("margin") double margin) {
        Checks.inRange("temperature", temperature, 1e-3, 1e3);
        Checks.inRange("margin", margin, 0, 1);
        this.temperature = temperature;
        this.margin = margin;
    }

    @Override
    public boolean readsClasses() {
        return true;
    }

    @Override
    public boolean needsEqualWidths() {
        return true;
    }

    @Override
    public int smallestBatch() {
        return 2;
    }

    @Override
    public synchronized LossValue lossAndGradient(INDArray guide, INDArray learner) {
        ClassedRows rows = ClassedRows.of("MovingCentreLoss", guide, learner);
        if (!isNewest(rows)) {
            centres.putAll(moved);
            double[] last = newest;
            newest = next;
            next = last;
        }
        moved.clear();
        requireWidth(rows.width);
        move(rows);
        Candidates all = candidates(rows.width);
        double[] gradient = ThreadBuffers.of(MovingCentreLoss.class).doubles(0, rows.count * rows.width);
        Arrays.fill(gradient, 0, rows.count * rows.width, 0);
        double sum = 0;
        for (int i = 0; i < rows.count; i++) {
            sum += row(rows, i, all, gradient);
        }
        return new LossValue(sum / rows.count, rows.throughUnit(gradient, learner));
    }

    /** Whether the batch is the one of the last call, known by guide rows and classes. */
    private boolean isNewest(ClassedRows rows) {
        int values = rows.count * rows.width;
        if (next.length != values + rows.count) {
            next = new double[values + rows.count];
        }
        System.arraycopy(rows.guide, 0, next, 0, values);
        for (int i = 0; i < rows.count; i++) {
            next[values + i] = rows.classOf(i);
        }
        return Arrays.equals(next, newest);
    }

    private void requireWidth(int width) {
        for (double[] centre : centres.values()) {
            if (centre.length != width) {
                throw new IllegalArgumentException("MovingCentreLoss: wanted embeddings as wide as the centres, "
                        + centre.length + ", got " + width + "; call reset() when a stage begins");
            }
        }
    }

    private void move(ClassedRows rows) {
        Map<Integer, double[]> alphas = new TreeMap<>(); // the sum over a class's rows; a box a class, not a row
        Function<Integer, double[]> empty = any -> new double[rows.width];
        for (int i = 0; i < rows.count; i++) {
            int own = rows.classOf(i);
            if (own < 0) {
                continue;
            }
            boolean known = centres.containsKey(own);
            double alpha = known ? Math.max(0, rows.cosine(rows.learner, i, rows.guide, i)) : 0;
            alphas.computeIfAbsent(own, any -> new double[1])[0] += alpha;
            double[] centre = moved.computeIfAbsent(own, empty);
            for (int d = 0; d < rows.width; d++) {
                centre[d] += (1 - alpha) * rows.guide[i * rows.width + d];
            }
        }
        moved.forEach((own, centre) -> {
            double[] before = centres.get(own);
            for (int d = 0; d < rows.width && before != null; d++) {
                centre[d] += alphas.get(own)[0] * before[d];
            }
            unit(centre);
        });
    }

    private static void unit(double[] x) {
        double length = Math.sqrt(Arrays.stream(x).map(v -> v * v).sum());
        for (int d = 0; d < x.length; d++) {
            x[d] = length == 0 ? 0 : x[d] / length;
        }
    }

    /** All centres, in the order of their classes, and a last one for a sample without a class. */
    private record Candidates(int[] classes, double[][] centres) {}

    private Candidates candidates(int width) {
        Map<Integer, double[]> now = new TreeMap<>(centres);
        now.putAll(moved);
        double[][] all = Arrays.copyOf(now.values().toArray(double[][]::new), now.size() + 1);
        all[now.size()] = new double[width];
        return new Candidates(now.keySet().stream().mapToInt(Integer::intValue).toArray(), all);
    }

    private double row(ClassedRows rows, int i, Candidates candidates, double[] gradient) {
        int width = rows.width;
        int[] classes = candidates.classes;
        double[][] all = candidates.centres;
        boolean strange = rows.classOf(i) < 0;
        int own = strange ? classes.length : Arrays.binarySearch(classes, rows.classOf(i));
        if (strange) {
            System.arraycopy(rows.guide, i * width, all[own], 0, width);
        }
        int count = classes.length + (strange ? 1 : 0);
        double[] logits = ThreadBuffers.of(MovingCentreLoss.class).doubles(1, count);
        for (int c = 0; c < count; c++) {
            logits[c] = dot(rows.learner, i * width, all[c]) - (c == own ? margin : 0);
        }
        Softmax.logOf(logits, 0, count, temperature);
        double value = -logits[own];
        for (int c = 0; c < count; c++) {
            double slope = (Math.exp(logits[c]) - (c == own ? 1 : 0)) / temperature / rows.count;
            for (int d = 0; d < width; d++) {
                gradient[i * width + d] += slope * all[c][d];
            }
        }
        return value;
    }

    /** By four sums, which do not wait for each other. */
    private static double dot(double[] x, int at, double[] y) {
        double a = 0;
        double b = 0;
        double c = 0;
        double e = 0;
        int d = 0;
        for (; d + 3 < y.length; d += 4) {
            a += x[at + d] * y[d];
            b += x[at + d + 1] * y[d + 1];
            c += x[at + d + 2] * y[d + 2];
            e += x[at + d + 3] * y[d + 3];
        }
        for (; d < y.length; d++) {
            a += x[at + d] * y[d];
        }
        return a + b + (c + e);
    }

    @Override
    public synchronized void writeState(DataOutput out) throws IOException {
        RowState.write(out, newest, newest.length);
        for (Map<Integer, double[]> map : List.of(centres, moved)) {
            out.writeInt(map.size());
            for (Map.Entry<Integer, double[]> entry : map.entrySet()) {
                out.writeInt(entry.getKey());
                RowState.write(out, entry.getValue(), entry.getValue().length);
            }
        }
    }

    @Override
    public synchronized void readState(DataInput in) throws IOException {
        reset();
        newest = RowState.doubles(in);
        for (Map<Integer, double[]> map : List.of(centres, moved)) {
            int count = RowState.count(in);
            for (int c = 0; c < count; c++) {
                int own = RowState.count(in);
                map.put(own, RowState.doubles(in));
            }
        }
    }

    @Override
    public synchronized void reset() {
        centres.clear();
        moved.clear();
        newest = new double[0];
    }

    /**
     * Equal when temperature and margin are; centres do not count.
     *
     * @param other anything
     * @return whether both would be written alike
     */
    @Override
    public boolean equals(Object other) {
        return other instanceof MovingCentreLoss loss && loss.temperature == temperature && loss.margin == margin;
    }

    @Override
    public int hashCode() {
        return 31 * Double.hashCode(temperature) + Double.hashCode(margin);
    }

    /** Java's own serialisation knows nothing of the centres either. */
    private Object readResolve() {
        return new MovingCentreLoss(temperature, margin);
    }

    @Override
    public String toString() {
        return "MovingCentreLoss[temperature=" + temperature + ", margin=" + margin + "]";
    }
}
