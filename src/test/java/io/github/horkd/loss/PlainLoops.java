package io.github.horkd.loss;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Every loss once more, written slowly, from its formula: the oracle of the contract test. Arguments: guide, learner. */
final class PlainLoops {

    private PlainLoops() {}

    static double squared(double[][] t, double[][] s) {
        double sum = 0;
        for (int i = 0; i < s.length; i++) {
            for (int d = 0; d < s[i].length; d++) {
                sum += Math.pow(s[i][d] - t[i][d], 2);
            }
        }
        return sum / s.length / s[0].length;
    }

    static double absolute(double[][] t, double[][] s) {
        double sum = 0;
        for (int i = 0; i < s.length; i++) {
            for (int d = 0; d < s[i].length; d++) {
                sum += Math.abs(s[i][d] - t[i][d]);
            }
        }
        return sum / s.length / s[0].length;
    }

    static double huber(double[][] t, double[][] s) {
        double sum = 0;
        for (int i = 0; i < s.length; i++) {
            for (int d = 0; d < s[i].length; d++) {
                sum += huber(s[i][d] - t[i][d]);
            }
        }
        return sum / s.length / s[0].length;
    }

    static double oneMinusCosine(double[][] t, double[][] s) {
        double sum = 0;
        for (int i = 0; i < s.length; i++) {
            sum += 1 - cosine(t[i], s[i]);
        }
        return sum / s.length;
    }

    static double softLogits(double[][] t, double[][] s) {
        double sum = 0;
        for (int i = 0; i < s.length; i++) {
            double[] p = softmax(t[i], 4);
            double[] q = softmax(s[i], 4);
            for (int c = 0; c < p.length; c++) {
                sum += p[c] * Math.log(p[c] / q[c]);
            }
        }
        return 16 * sum / s.length;
    }

    static double crossEntropy(double[][] t, double[][] s, double smoothing) {
        double sum = 0;
        int labelled = 0;
        for (int i = 0; i < s.length; i++) {
            int y = label(t[i]);
            if (y >= 0) {
                double[] p = softmax(s[i], 1);
                for (int c = 0; c < p.length; c++) {
                    sum -= ((c == y ? 1 - smoothing : 0) + smoothing / p.length) * Math.log(p[c]);
                }
                labelled++;
            }
        }
        return labelled == 0 ? 0 : sum / labelled;
    }

    static double additiveMargin(double[][] t, double[][] s) {
        double[][] z = LossCase.copy(s);
        for (int i = 0; i < s.length; i++) {
            for (int c = 0; c < z[i].length; c++) {
                z[i][c] = 8 * (s[i][c] - (c == label(t[i]) ? 0.2 : 0));
            }
        }
        return crossEntropy(t, z, 0);
    }

    static double angularMargin(double[][] t, double[][] s) {
        double[][] z = LossCase.copy(s);
        for (int i = 0; i < s.length; i++) {
            for (int c = 0; c < z[i].length; c++) {
                double angle = Math.acos(s[i][c]);
                z[i][c] = 8
                        * (c != label(t[i])
                                ? s[i][c]
                                : angle + 0.3 <= Math.PI ? Math.cos(angle + 0.3) : s[i][c] + Math.cos(0.3) - 1);
            }
        }
        return crossEntropy(t, z, 0);
    }

    static double distance(double[][] t, double[][] s, boolean scaled) {
        double muT = meanDistance(t);
        double muS = meanDistance(s);
        List<Double> ofT = new ArrayList<>();
        List<Double> ofS = new ArrayList<>();
        for (int i = 0; i < s.length; i++) {
            for (int j = 0; j < s.length; j++) {
                if (i != j && length(t, i, j) > 0 && length(s, i, j) > 0) {
                    ofT.add(length(t, i, j) / muT);
                    ofS.add(length(s, i, j) / muS);
                }
            }
        }
        return compare(ofT, ofS, scaled);
    }

    static double angle(double[][] t, double[][] s, boolean scaled) {
        double shortestT = 1e-2 * median(t);
        double shortestS = 1e-2 * median(s);
        List<Double> ofT = new ArrayList<>();
        List<Double> ofS = new ArrayList<>();
        for (int i = 0; i < s.length; i++) {
            for (int j = 0; j < s.length; j++) {
                for (int k = 0; k < s.length; k++) {
                    if (i != j
                            && j != k
                            && i != k
                            && length(t, i, j) > shortestT
                            && length(t, j, k) > shortestT
                            && length(s, i, j) > shortestS
                            && length(s, j, k) > shortestS) {
                        ofT.add(cosine(minus(t[i], t[j]), minus(t[k], t[j])));
                        ofS.add(cosine(minus(s[i], s[j]), minus(s[k], s[j])));
                    }
                }
            }
        }
        return compare(ofT, ofS, scaled);
    }

    static double rkdDistance(double[][] t, double[][] s) {
        double sum = 0;
        double muT = rkdMean(t);
        double muS = rkdMean(s);
        for (int i = 0; i < s.length; i++) {
            for (int j = 0; j < s.length; j++) {
                sum += i == j
                        ? 0
                        : huber(Math.max(length(s, i, j), 1e-6) / muS - Math.max(length(t, i, j), 1e-6) / muT);
            }
        }
        return sum / s.length / s.length;
    }

    static double rkdAngle(double[][] t, double[][] s) {
        double sum = 0;
        for (int j = 0; j < s.length; j++) {
            for (int i = 0; i < s.length; i++) {
                for (int k = 0; k < s.length; k++) {
                    sum += huber(dot(rkdUnit(s, i, j), rkdUnit(s, k, j)) - dot(rkdUnit(t, i, j), rkdUnit(t, k, j)));
                }
            }
        }
        return sum / s.length / s.length / s.length;
    }

    static double cka(double[][] t, double[][] s) {
        double[][] kT = centredGram(t);
        double[][] kS = centredGram(s);
        double product = 0;
        double squaresT = 0;
        double squaresS = 0;
        for (int i = 0; i < s.length; i++) {
            product += dot(kS[i], kT[i]);
            squaresT += dot(kT[i], kT[i]);
            squaresS += dot(kS[i], kS[i]);
        }
        return squaresT == 0 || squaresS == 0 ? 0 : 1 - product / Math.sqrt(squaresT * squaresS);
    }

    private static double[][] centredGram(double[][] x) {
        double[][] centred = LossCase.copy(x);
        for (int d = 0; d < x[0].length; d++) {
            double mean = 0;
            for (double[] row : x) {
                mean += row[d] / x.length;
            }
            for (double[] row : centred) {
                row[d] -= mean;
            }
        }
        return gram(centred);
    }

    private static double[][] gram(double[][] x) {
        double[][] gram = new double[x.length][x.length];
        for (int i = 0; i < x.length; i++) {
            for (int j = 0; j < x.length; j++) {
                gram[i][j] = dot(x[i], x[j]);
            }
        }
        return gram;
    }

    static double similarityPreserving(double[][] t, double[][] s) {
        return squared(unit(gram(t)), unit(gram(s)));
    }

    static double correlationCongruence(double[][] t, double[][] s) {
        double sum = 0;
        double[][] uT = unit(t);
        double[][] uS = unit(s);
        for (int i = 0; i < s.length; i++) {
            for (int j = 0; j < s.length; j++) {
                sum += Math.pow(
                        Math.exp(-0.4 * Math.pow(length(uS, i, j), 2)) - Math.exp(-0.4 * Math.pow(length(uT, i, j), 2)),
                        2);
            }
        }
        return sum / s.length / s.length;
    }

    static double probabilisticTransfer(double[][] t, double[][] s) {
        double sum = 0;
        double[][] gT = gram(unit(t));
        double[][] gS = gram(unit(s));
        for (int i = 0; i < s.length; i++) {
            double allT = 0;
            double allS = 0;
            for (int j = 0; j < s.length; j++) {
                allT += (gT[i][j] + 1) / 2;
                allS += (gS[i][j] + 1) / 2;
            }
            for (int j = 0; j < s.length; j++) {
                double pT = (gT[i][j] + 1) / 2 / allT;
                sum += pT * Math.log((pT + 1e-7) / ((gS[i][j] + 1) / 2 / allS + 1e-7));
            }
        }
        return sum / s.length / s.length;
    }

    static double darkRank(double[][] t, double[][] s) {
        double sum = 0;
        int n = s.length;
        int ranked = Math.min(4, n - 1);
        for (int i = 0; i < n && ranked > 1; i++) {
            int query = i;
            int[] nearest = java.util.stream.IntStream.range(0, n)
                    .filter(j -> j != query)
                    .boxed()
                    .sorted(java.util.Comparator.comparingDouble(j -> length(t, query, j)))
                    .limit(ranked)
                    .mapToInt(j -> j)
                    .toArray();
            for (int a = 0; a < ranked; a++) {
                double all = 0;
                for (int b = a; b < ranked; b++) {
                    all += Math.exp(-0.02 * Math.pow(length(s, i, nearest[b]), 3));
                }
                sum += Math.log(all) + 0.02 * Math.pow(length(s, i, nearest[a]), 3);
            }
        }
        return sum / n;
    }

    /** All tuples of an order; far ends from t, anchors from x. */
    static double higherOrder(double[][] t, double[][] s, int order, boolean scaled, boolean crossing) {
        List<Double> ofT = new ArrayList<>();
        List<Double> ofS = new ArrayList<>();
        double shortestT = (order == 2 ? 1e-4 : 1e-2) * median(t);
        double shortestS = crossing ? shortestT : 1e-2 * median(s);
        eachTuple(new int[order], 0, s.length, tuple -> {
            double psiT = relation(t, t, tuple, shortestT, typical(t));
            double psiS = relation(s, crossing ? t : s, tuple, shortestS, typical(t));
            if (!Double.isNaN(psiT + psiS)) {
                ofT.add(psiT);
                ofS.add(psiS);
            }
        });
        return compare(ofT, ofS, scaled);
    }

    private static void eachTuple(int[] tuple, int chosen, int rows, java.util.function.Consumer<int[]> use) {
        if (chosen == tuple.length) {
            use.accept(tuple);
            return;
        }
        for (int row = 0; row < rows; row++) {
            int candidate = row;
            if (Arrays.stream(tuple).limit(chosen).noneMatch(other -> other == candidate)) {
                tuple[chosen] = row;
                eachTuple(tuple, chosen + 1, rows, use);
            }
        }
    }

    private static double relation(double[][] anchors, double[][] ends, int[] tuple, double shortest, double unit) {
        int m = tuple.length - 1;
        double[][] u = new double[m][];
        for (int a = 0; a < m; a++) {
            u[a] = minus(ends[tuple[a + 1]], anchors[tuple[0]]);
            double length = Math.sqrt(dot(u[a], u[a]));
            if (!(length > shortest)) {
                return Double.NaN;
            }
            for (int d = 0; d < u[a].length && m > 1; d++) {
                u[a][d] /= length;
            }
        }
        if (m == 1) {
            return Math.sqrt(dot(u[0], u[0])) / unit;
        }
        if (m > 2 && dependent(u)) {
            return Double.NaN;
        }
        double[][] e = gram(u);
        for (int a = 0; a < m; a++) {
            e[a][a] += 1e-6;
        }
        double[][] p = inverse(e);
        return -p[0][1] / Math.sqrt(p[0][0] * p[1][1]);
    }

    /** Whether one of the first two is near the span of the others, or one of the others near that of the rest of them. */
    private static boolean dependent(double[][] u) {
        for (int a = 0; a < u.length; a++) {
            List<double[]> basis = new ArrayList<>();
            for (int b = 2; b < u.length; b++) {
                if (b != a) {
                    double[] rest = minusSpan(u[b], basis);
                    double length = Math.sqrt(dot(rest, rest));
                    for (int d = 0; d < rest.length; d++) {
                        rest[d] /= length;
                    }
                    basis.add(rest);
                }
            }
            double[] rest = minusSpan(u[a], basis);
            if (dot(rest, rest) < 1e-2) {
                return true;
            }
        }
        return false;
    }

    private static double[] minusSpan(double[] x, List<double[]> basis) {
        double[] rest = x.clone();
        for (double[] b : basis) {
            double along = dot(rest, b);
            for (int d = 0; d < rest.length; d++) {
                rest[d] -= along * b[d];
            }
        }
        return rest;
    }

    /** Of the distances above 0; of two in the middle the larger. */
    private static double median(double[][] x) {
        List<Double> apart = new ArrayList<>();
        for (int i = 0; i < x.length; i++) {
            for (int j = 0; j < i; j++) {
                if (length(x, i, j) > 0) {
                    apart.add(length(x, i, j));
                }
            }
        }
        java.util.Collections.sort(apart);
        return apart.isEmpty() ? 0 : apart.get(apart.size() / 2);
    }

    private static double[][] inverse(double[][] e) {
        int m = e.length;
        double[][] a = LossCase.copy(e);
        double[][] p = new double[m][m];
        for (int i = 0; i < m; i++) {
            p[i][i] = 1;
        }
        for (int i = 0; i < m; i++) {
            double pivot = a[i][i];
            for (int c = 0; c < m; c++) {
                a[i][c] /= pivot;
                p[i][c] /= pivot;
            }
            for (int r = 0; r < m; r++) {
                double factor = a[r][i];
                for (int c = 0; c < m && r != i; c++) {
                    a[r][c] -= factor * a[i][c];
                    p[r][c] -= factor * p[i][c];
                }
            }
        }
        return p;
    }

    private static double typical(double[][] x) {
        double sum = 0;
        for (int i = 0; i < x.length; i++) {
            for (int j = 0; j < x.length; j++) {
                sum += Math.pow(length(x, i, j), 2);
            }
        }
        return x.length < 2 ? 0 : Math.sqrt(sum / x.length / (x.length - 1));
    }

    private static double[] rkdUnit(double[][] x, int i, int j) {
        double[] edge = minus(x[i], x[j]);
        double length = Math.max(Math.sqrt(dot(edge, edge)), 1e-12);
        for (int d = 0; d < edge.length; d++) {
            edge[d] /= length;
        }
        return edge;
    }

    private static double rkdMean(double[][] x) {
        double sum = 0;
        for (int i = 0; i < x.length; i++) {
            for (int j = 0; j < x.length; j++) {
                sum += i == j ? 0 : Math.max(length(x, i, j), 1e-6);
            }
        }
        return x.length < 2 ? 1 : sum / x.length / (x.length - 1);
    }

    static double compare(List<Double> t, List<Double> s, boolean scaled) {
        double mean = t.stream().mapToDouble(x -> x).average().orElse(0);
        double variance =
                t.stream().mapToDouble(x -> (x - mean) * (x - mean)).average().orElse(0);
        double sigma = scaled ? Math.max(Math.sqrt(variance), 1e-3) : 1;
        double sum = 0;
        for (int i = 0; i < t.size(); i++) {
            sum += huber((s.get(i) - t.get(i)) / sigma);
        }
        return t.isEmpty() ? 0 : sum / t.size();
    }

    static double[][] unit(double[][] x) {
        double[][] unit = LossCase.copy(x);
        for (double[] row : unit) {
            double length = Math.sqrt(dot(row, row));
            for (int d = 0; d < row.length; d++) {
                row[d] /= length == 0 ? 1 : length;
            }
        }
        return unit;
    }

    static double meanDistance(double[][] x) {
        double sum = 0;
        int count = 0;
        for (int i = 0; i < x.length; i++) {
            for (int j = 0; j < x.length; j++) {
                if (length(x, i, j) > 0) {
                    sum += length(x, i, j);
                    count++;
                }
            }
        }
        return count == 0 ? 1 : sum / count;
    }

    static double length(double[][] x, int i, int j) {
        double[] edge = minus(x[i], x[j]);
        return Math.sqrt(dot(edge, edge));
    }

    static double huber(double r) {
        return Math.abs(r) <= 1 ? r * r / 2 : Math.abs(r) - 0.5;
    }

    static double[] minus(double[] a, double[] b) {
        double[] difference = new double[a.length];
        for (int d = 0; d < a.length; d++) {
            difference[d] = a[d] - b[d];
        }
        return difference;
    }

    static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int d = 0; d < a.length; d++) {
            sum += a[d] * b[d];
        }
        return sum;
    }

    static double cosine(double[] a, double[] b) {
        return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
    }

    private static double[] softmax(double[] z, double temperature) {
        double[] p = new double[z.length];
        double sum = 0;
        for (int c = 0; c < z.length; c++) {
            p[c] = Math.exp(z[c] / temperature);
            sum += p[c];
        }
        for (int c = 0; c < z.length; c++) {
            p[c] /= sum;
        }
        return p;
    }

    private static int label(double[] row) {
        for (int c = 0; c < row.length; c++) {
            if (row[c] == 1) {
                return c;
            }
        }
        return -1;
    }

    /** The guide's rows of the batch are the bank; equal ones are one row. */
    static double neighbourhood(double[][] t, double[][] s, double temperature, boolean ownRow) {
        double sum = 0;
        for (int i = 0; i < s.length; i++) {
            double[] p = softmax(candidates(t[i], t, i, ownRow), temperature);
            double[] q = softmax(candidates(s[i], t, i, ownRow), temperature);
            for (int j = 0; j < p.length; j++) {
                sum += p[j] * Math.log(p[j] / q[j]);
            }
        }
        return sum / s.length;
    }

    static double contrastive(double[][] t, double[][] s, double temperature) {
        double sum = 0;
        for (int i = 0; i < s.length; i++) {
            sum -= Math.log(softmax(candidates(s[i], t, i, true), temperature)[0]);
        }
        return sum / s.length;
    }

    /** The guide's rows of the batch are the bank; those that equal a sample's are its class. */
    static double classCentre(double[][] t, double[][] s, double temperature, double margin) {
        double sum = 0;
        for (int i = 0; i < s.length; i++) {
            double own = 0;
            double all = 0;
            for (double[] row : t) {
                boolean right = Arrays.equals(row, t[i]);
                double e = Math.exp((cosine(s[i], row) - (right ? margin : 0)) / temperature);
                own += right ? e : 0;
                all += e;
            }
            sum -= Math.log(own / all);
        }
        return sum / s.length;
    }

    /** The cosines of x with the guide's own row, if it counts, and with the rows that are another's. */
    private static double[] candidates(double[] x, double[][] t, int own, boolean ownRow) {
        List<Double> cosines = new ArrayList<>();
        if (ownRow) {
            cosines.add(cosine(x, t[own]));
        }
        for (double[] other : t) {
            if (!Arrays.equals(other, t[own])) {
                cosines.add(cosine(x, other));
            }
        }
        return cosines.stream().mapToDouble(Double::doubleValue).toArray();
    }

    /** Found as the library finds it, so that both end at the same number. */
    static double temperature(double[][] t, double perplexity) {
        int others = 0;
        for (int i = 0; i < t.length; i++) {
            others = Math.max(others, candidates(t[i], t, i, false).length);
        }
        double wanted = Math.log(Math.min(perplexity, (others + 1) / 2.0));
        double low = Math.log(1e-3);
        double high = Math.log(1e3);
        for (int step = 0; step < 18; step++) {
            double middle = (low + high) / 2;
            double entropy = 0;
            for (int i = 0; i < t.length; i++) {
                double[] cosines = candidates(t[i], t, i, false);
                double nearest = Arrays.stream(cosines).max().orElse(0);
                for (int j = 0; j < cosines.length; j++) {
                    cosines[j] -= nearest;
                }
                for (double p : softmax(cosines, Math.exp(middle))) {
                    entropy -= p == 0 ? 0 : p * Math.log(p) / t.length;
                }
            }
            if (entropy < wanted) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return Math.exp((low + high) / 2);
    }

    static double[][] standardised(double[][] x) {
        double[][] z = LossCase.copy(x);
        for (double[] row : z) {
            double mean = Arrays.stream(row).average().orElse(0);
            double squares =
                    Arrays.stream(row).map(v -> (v - mean) * (v - mean)).sum();
            double sigma = Math.sqrt(squares / (row.length - 1));
            for (int c = 0; c < row.length; c++) {
                row[c] = sigma == 0 ? 0 : (row[c] - mean) / sigma;
            }
        }
        return z;
    }

    /** T = 4, α = 1, β = 8, the target the guide's most probable class. */
    static double decoupledLogits(double[][] t, double[][] s) {
        double sum = 0;
        for (int i = 0; i < s.length; i++) {
            double[] p = softmax(t[i], 4);
            double[] q = softmax(s[i], 4);
            int y = 0;
            for (int c = 1; c < p.length; c++) {
                y = p[c] > p[y] ? c : y;
            }
            sum += p[y] * Math.log(p[y] / q[y]) + (1 - p[y]) * Math.log((1 - p[y]) / (1 - q[y]));
            for (int c = 0; c < p.length; c++) {
                double pRest = p[c] / (1 - p[y]);
                double qRest = q[c] / (1 - q[y]);
                sum += c == y ? 0 : 8 * pRest * Math.log(pRest / qRest);
            }
        }
        return 16 * sum / s.length;
    }

    static double correlationLogits(double[][] t, double[][] s, double overClasses, double overSamples) {
        double[][] p = new double[s.length][];
        double[][] q = new double[s.length][];
        double value = 0;
        for (int i = 0; i < s.length; i++) {
            p[i] = softmax(t[i], 1);
            q[i] = softmax(s[i], 1);
            value += overClasses * (1 - correlation(p[i], q[i])) / s.length;
        }
        for (int c = 0; c < s[0].length; c++) {
            int column = c;
            value += overSamples
                    * (1
                            - correlation(
                                    Arrays.stream(p)
                                            .mapToDouble(row -> row[column])
                                            .toArray(),
                                    Arrays.stream(q)
                                            .mapToDouble(row -> row[column])
                                            .toArray()))
                    / s[0].length;
        }
        return value;
    }

    /** 1, and so no loss, where there is none. */
    private static double correlation(double[] a, double[] b) {
        double meanA = Arrays.stream(a).average().orElse(0);
        double meanB = Arrays.stream(b).average().orElse(0);
        double[] x = Arrays.stream(a).map(v -> v - meanA).toArray();
        double[] y = Arrays.stream(b).map(v -> v - meanB).toArray();
        boolean none = dot(x, x) < 1e-24 || dot(y, y) < 1e-24;
        return none ? 1 : cosine(x, y);
    }

    /** γ = 2, classes of 5, 1, 2, 2 and 10 samples. */
    static double focal(double[][] t, double[][] s) {
        double[] weights = {20 / 5.0 / 5, 20 / 5.0, 20 / 5.0 / 2, 20 / 5.0 / 2, 20 / 5.0 / 10};
        double sum = 0;
        double all = 0;
        for (int i = 0; i < s.length; i++) {
            int y = label(t[i]);
            if (y >= 0) {
                double p = softmax(s[i], 1)[y];
                sum -= weights[y] * (1 - p) * (1 - p) * Math.log(p);
                all += weights[y];
            }
        }
        return all == 0 ? 0 : sum / all;
    }

    private static boolean together(double[][] t, int i, int j) {
        return i == j || t[i][5] >= 0 && t[i][5] == t[j][5];
    }

    private static double[][] withoutClasses(double[][] t) {
        return Arrays.stream(t).map(row -> Arrays.copyOf(row, 5)).toArray(double[][]::new);
    }

    static double supervisedContrastive(double[][] t, double[][] s) {
        double[][] guide = withoutClasses(t);
        double sum = 0;
        for (int i = 0; i < s.length; i++) {
            double[] cosines = new double[s.length];
            for (int j = 0; j < s.length; j++) {
                cosines[j] = cosine(s[i], guide[j]);
            }
            double[] q = softmax(cosines, 0.3);
            double own = 0;
            int count = 0;
            for (int j = 0; j < s.length; j++) {
                own -= together(t, i, j) ? Math.log(q[j]) : 0;
                count += together(t, i, j) ? 1 : 0;
            }
            sum += own / count;
        }
        return sum / s.length;
    }

    static double octuplet(double[][] t, double[][] s) {
        double[][] guide = unit(withoutClasses(t));
        double[][] learner = unit(s);
        return block(t, learner, guide) + block(t, learner, learner) + block(t, guide, learner);
    }

    private static double block(double[][] t, double[][] anchors, double[][] others) {
        double sum = 0;
        int used = 0;
        for (int a = 0; a < anchors.length; a++) {
            double farthest = -1;
            double nearest = Double.POSITIVE_INFINITY;
            for (int j = 0; j < others.length; j++) {
                if (anchors != others || a != j) {
                    double[] between = minus(anchors[a], others[j]);
                    double distance = Math.sqrt(dot(between, between));
                    if (together(t, a, j)) {
                        farthest = Math.max(farthest, distance);
                    } else {
                        nearest = Math.min(nearest, distance);
                    }
                }
            }
            if (farthest >= 0 && nearest < Double.POSITIVE_INFINITY) {
                sum += Math.max(0, 1.5 + farthest - nearest);
                used++;
            }
        }
        return used == 0 ? 0 : sum / used;
    }

    /** The guide's rows of the batch are the bank; equal ones are one image. */
    static double noiseContrastive(double[][] t, double[][] s, double temperature, double stated) {
        double sum = 0;
        for (int i = 0; i < s.length; i++) {
            double[] others = candidates(s[i], t, i, false);
            double noise = stated;
            for (double cosine : candidates(t[i], t, i, false)) {
                noise += stated == 0 ? Math.exp(cosine / temperature) : 0;
            }
            double own = Math.exp(cosine(s[i], t[i]) / temperature);
            sum -= noise == 0 ? 0 : Math.log(own / (own + noise));
            for (double cosine : others) {
                sum -= Math.log(noise / (Math.exp(cosine / temperature) + noise));
            }
        }
        return sum / s.length;
    }

    static double relationContrastive(double[][] guide, double[][] learner, double temperature, double stated) {
        double[][] t = unit(guide);
        double[][] s = unit(learner);
        double sum = 0;
        int pairs = 0;
        for (int i = 0; i < t.length; i++) {
            for (int j = 0; j < t.length; j++) {
                if (j == i || isShort(t[j], t[i]) || isShort(s[j], t[i])) {
                    continue;
                }
                pairs++;
                double noise = stated;
                for (int k = 0; k < t.length && stated == 0; k++) {
                    if (k != i && k != j && !isShort(t[j], t[k]) && !isShort(t[k], t[i])) {
                        noise += Math.exp(cosine(minus(t[j], t[i]), minus(t[k], t[i])) / temperature);
                    }
                }
                double own = Math.exp(cosine(minus(t[j], t[i]), minus(s[j], t[i])) / temperature);
                sum -= noise == 0 ? 0 : Math.log(own / (own + noise));
                for (int k = 0; k < t.length; k++) {
                    if (k != i && k != j && !isShort(t[j], t[k]) && !isShort(s[k], t[i])) {
                        double other = Math.exp(cosine(minus(t[j], t[i]), minus(s[k], t[i])) / temperature);
                        sum -= noise == 0 ? 0 : Math.log(noise / (other + noise));
                    }
                }
            }
        }
        return pairs == 0 ? 0 : sum / pairs;
    }

    private static boolean isShort(double[] a, double[] b) {
        double[] edge = minus(a, b);
        return Math.sqrt(dot(edge, edge)) <= 1e-3;
    }

    /** Rates 0.1 and 0.5, temperature 0.3, the hardest pairs of two classes at half weight. */
    static double falseAcceptRank(double[][] t, double[][] s, boolean across) {
        double[][] guide = t[0].length == s[0].length ? t : withoutClasses(t);
        List<double[]> same = new ArrayList<>();
        List<double[]> other = new ArrayList<>();
        for (int i = 0; i < s.length; i++) {
            for (int j = across ? 0 : i + 1; j < s.length; j++) {
                double[] cosines = {cosine(s[i], across ? guide[j] : s[j]), cosine(guide[i], guide[j])};
                boolean positive = guide == t ? i == j : together(t, i, j);
                (positive ? same : other).add(cosines);
            }
        }
        if (other.isEmpty()) {
            return 0;
        }
        double[][] thresholds = new double[2][2];
        for (int side = 0; side < 2; side++) {
            int column = side;
            List<Double> sorted = other.stream()
                    .map(pair -> pair[column])
                    .sorted(java.util.Comparator.reverseOrder())
                    .toList();
            thresholds[side][0] = sorted.get(other.size() / 10);
            thresholds[side][1] = sorted.get(other.size() / 2);
        }
        other.sort((a, b) -> Double.compare(b[0], a[0]));
        return rankApart(same, thresholds) + 0.5 * rankApart(other.subList(0, 1 + other.size() / 2), thresholds);
    }

    private static double rankApart(List<double[]> pairs, double[][] thresholds) {
        double sum = 0;
        for (double[] pair : pairs) {
            double apart = 0;
            for (int a = 0; a < 2; a++) {
                apart += 1 / (1 + Math.exp((thresholds[0][a] - pair[0]) / 0.3));
                apart -= 1 / (1 + Math.exp((thresholds[1][a] - pair[1]) / 0.3));
            }
            sum += apart * apart / pairs.size();
        }
        return sum;
    }

    /** Of a first batch: temperature 0.3, margin 0.2. */
    static double movingCentres(double[][] t, double[][] s) {
        double[][] guide = unit(withoutClasses(t));
        double sum = 0;
        for (int i = 0; i < s.length; i++) {
            List<Double> logits = new ArrayList<>();
            double own = 0;
            for (int j = 0; j < s.length; j++) {
                int first = j;
                for (int k = 0; k < j; k++) {
                    first = together(t, j, k) ? Math.min(first, k) : first;
                }
                if (first < j || t[j][5] < 0 && j != i) {
                    continue;
                }
                double[] centre = new double[5];
                for (int k = 0; k < s.length; k++) {
                    for (int d = 0; d < 5 && together(t, j, k); d++) {
                        centre[d] += guide[k][d];
                    }
                }
                boolean right = together(t, i, j);
                logits.add((cosine(s[i], centre) - (right ? 0.2 : 0)) / 0.3);
                own = right ? logits.get(logits.size() - 1) : own;
            }
            sum += Math.log(logits.stream().mapToDouble(Math::exp).sum()) - own;
        }
        return sum / s.length;
    }

    /** Three cosines and two values of the embedding: scale 8, margin 0.4, concentration 0.333. */
    static double qualityMargin(double[][] labels, double[][] s) {
        List<Double> lengths = new ArrayList<>();
        for (int i = 0; i < s.length; i++) {
            if (label(labels[i]) >= 0) {
                lengths.add(Math.hypot(s[i][3], s[i][4]));
            }
        }
        double mean = lengths.stream().mapToDouble(a -> a).average().orElse(0);
        double squares =
                lengths.stream().mapToDouble(a -> (a - mean) * (a - mean)).sum();
        double deviation = lengths.size() < 2 ? 0 : Math.sqrt(squares / (lengths.size() - 1));
        double sum = 0;
        for (int i = 0; i < s.length; i++) {
            int y = label(labels[i]);
            if (y >= 0) {
                double q = 0.333 * (Math.hypot(s[i][3], s[i][4]) - mean) / (deviation + 1e-3);
                double[] z = new double[3];
                for (int c = 0; c < 3; c++) {
                    z[c] = 8 * s[i][c];
                }
                z[y] = 8 * (Math.cos(Math.acos(s[i][y]) - 0.4 * q) - 0.4 * (1 + q));
                sum -= Math.log(softmax(z, 1)[y]) / lengths.size();
            }
        }
        return sum;
    }

    /** Scale 8, margins 0.2 to 0.6 for lengths 0.5 to 3, price 2. */
    static double magnitudeMargin(double[][] labels, double[][] s) {
        double sum = 0;
        int count = 0;
        for (int i = 0; i < s.length; i++) {
            int y = label(labels[i]);
            if (y >= 0) {
                double a = Math.max(0.5, Math.min(3, Math.hypot(s[i][3], s[i][4])));
                double margin = 0.2 + 0.4 * (a - 0.5) / 2.5;
                double[] z = new double[3];
                for (int c = 0; c < 3; c++) {
                    z[c] = 8 * s[i][c];
                }
                double angle = Math.acos(s[i][y]);
                z[y] = 8 * (angle < Math.PI - margin ? Math.cos(angle + margin) : s[i][y] + Math.cos(margin) - 1);
                sum -= Math.log(softmax(z, 1)[y]) - 2 * (1 / a + a / 9);
                count++;
            }
        }
        return count == 0 ? 0 : sum / count;
    }

    /** One image's map, averaged over the cells of a grid: [channels][cells]. */
    private static double[][] onGrid(double[] map, MapShape shape, int rows, int columns) {
        double[][] cells = new double[shape.channels()][rows * columns];
        for (int c = 0; c < shape.channels(); c++) {
            for (int i = 0; i < rows; i++) {
                for (int j = 0; j < columns; j++) {
                    double sum = 0;
                    int count = 0;
                    for (int y = 0; y < shape.height(); y++) {
                        for (int x = 0; x < shape.width(); x++) {
                            boolean inside = (y + 1) * rows > i * shape.height()
                                    && y * rows < (i + 1) * shape.height()
                                    && (x + 1) * columns > j * shape.width()
                                    && x * columns < (j + 1) * shape.width();
                            sum += inside ? map[(c * shape.height() + y) * shape.width() + x] : 0;
                            count += inside ? 1 : 0;
                        }
                    }
                    cells[c][i * columns + j] = sum / count;
                }
            }
        }
        return cells;
    }

    static double hint(double[][] t, double[][] s, boolean scaled) {
        double sum = 0;
        double[] means = new double[2];
        double[] squares = new double[2];
        for (int i = 0; i < s.length; i++) {
            double[][] wanted = onGrid(t[i], LossCase.MAP, 2, 3);
            double[][] own = onGrid(s[i], LossCase.LEARNERS_MAP, 2, 3);
            for (int c = 0; c < 2; c++) {
                for (int p = 0; p < 6; p++) {
                    sum += Math.pow(own[c][p] - wanted[c][p], 2) / (12 * s.length);
                    means[c] += wanted[c][p] / (6 * s.length);
                    squares[c] += wanted[c][p] * wanted[c][p] / (6 * s.length);
                }
            }
        }
        double variance = (squares[0] - means[0] * means[0] + squares[1] - means[1] * means[1]) / 2;
        return scaled ? sum / variance : sum;
    }

    static double attention(double[][] t, double[][] s) {
        double sum = 0;
        for (int i = 0; i < s.length; i++) {
            double[] wanted = attended(t[i], LossCase.MAP);
            double[] own = attended(s[i], LossCase.LEARNERS_MAP);
            double[] apart = minus(unit(new double[][] {own})[0], unit(new double[][] {wanted})[0]);
            sum += dot(apart, apart) / s.length;
        }
        return sum;
    }

    private static double[] attended(double[] map, MapShape shape) {
        int places = shape.height() * shape.width();
        double[] squares = new double[places];
        for (int i = 0; i < map.length; i++) {
            squares[i % places] += map[i] * map[i];
        }
        return onGrid(squares, new MapShape(1, shape.height(), shape.width()), 2, 3)[0];
    }

    static double affinity(double[][] t, double[][] s, int columns) {
        double sum = 0;
        for (int i = 0; i < s.length; i++) {
            double[][] wanted = onGrid(t[i], LossCase.MAP, 2, columns);
            double[][] own = onGrid(s[i], LossCase.LEARNERS_MAP, 2, columns);
            int cells = 2 * columns;
            for (int p = 0; p < cells; p++) {
                for (int q = 0; q < cells; q++) {
                    double[] a = {own[0][p], own[1][p]};
                    double[] b = {own[0][q], own[1][q]};
                    double[] c = {wanted[0][p], wanted[1][p]};
                    double[] d = {wanted[0][q], wanted[1][q]};
                    sum += Math.pow(cosine(a, b) - cosine(c, d), 2) / (cells * cells * s.length);
                }
            }
        }
        return sum;
    }
}
