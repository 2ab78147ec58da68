package io.github.horkd.experiment;

import io.github.horkd.eval.Accuracy;
import io.github.horkd.eval.Identification;
import io.github.horkd.eval.ImagePairs;
import io.github.horkd.eval.PairList;
import io.github.horkd.eval.PairWeight;
import io.github.horkd.eval.Retrieval;
import io.github.horkd.eval.TopOne;
import io.github.horkd.eval.Verification;
import io.github.horkd.guide.LocalScaling;
import io.github.horkd.internal.rows.UnitRows;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Some columns of an experiment's table. A kind of one's own is a record that implements it, see {@link TypeRegistry}. */
public interface Measure {

    /**
     * The names of the columns.
     *
     * @return in order
     */
    List<String> columns();

    /**
     * What a variant reached.
     *
     * @param trial the variant, asked about the images
     * @return a figure a column; shares in percent; NaN where there is none
     */
    double[] of(Trial trial);

    /** What probes are matched with. */
    enum Against {
        /** The gallery by the same network, shown the same view as the probes. */
        WITHIN,
        /** The gallery by the evaluation's teacher, at high resolution. */
        ACROSS,
        /**
         * A gallery enrolled at both resolutions: what the teacher says of the high one and what the network says of the view that probes have, unit rows of both, added. Whatever small pictures make
         * the network say is in probe and gallery alike.
         */
        BOTH;

        /**
         * The gallery.
         *
         * @param trial the variant
         * @param set   the images
         * @return [N, D]
         */
        public INDArray gallery(Trial trial, String set) {
            return switch (this) {
                case WITHIN -> trial.probes(set);
                case ACROSS -> trial.gallery(set);
                case BOTH -> UnitRows.of("gallery", trial.gallery(set)).plus(UnitRows.of("probes", trial.probes(set)));
            };
        }
    }

    /** A figure of verification. */
    enum Figure {
        /** Area under the ROC curve. */
        AUC,
        /** True accepts at a rate of false accepts. */
        TAR,
        /** Equal error rate. */
        EER
    }

    /**
     * Share of test pictures classified rightly.
     *
     * @param column what it is called
     */
    record TopOneShare(String column) implements Measure {
        @Override
        public List<String> columns() {
            return List.of(column);
        }

        @Override
        public double[] of(Trial trial) {
            return new double[] {
                trial.logits()
                        .map(logits -> 100
                                * TopOne.byName(
                                                logits,
                                                trial.classes(),
                                                trial.labels(trial.test()),
                                                trial.set(trial.test()).classes())
                                        .rate())
                        .orElse(Double.NaN)
            };
        }
    }

    /**
     * Share of test pictures whose identity is among the nearest.
     *
     * @param column  what it is called
     * @param rank    how many identities count
     * @param against what they are matched with
     * @param first   how many test pictures count; 0 for all
     */
    record Rank(String column, int rank, Against against, int first) implements Measure {
        @Override
        public List<String> columns() {
            return List.of(column);
        }

        @Override
        public double[] of(Trial trial) {
            INDArray probes = atMost(trial.probes(trial.test()), first);
            int[] labels = atMost(trial.labels(trial.test()), first);
            String set = trial.gallerySet();
            if (set.isEmpty()) {
                INDArray gallery = atMost(against.gallery(trial, trial.test()), first);
                return new double[] {
                    100 * Identification.leaveOneOut(probes, gallery, labels).rank(rank)
                };
            }
            INDArray gallery = against.gallery(trial, set);
            return new double[] {
                100
                        * Identification.of(probes, labels, gallery, trial.labels(set))
                                .rank(rank)
            };
        }
    }

    /**
     * Share of test pictures whose nearest other test picture is of the same class.
     *
     * @param column what it is called
     * @param first  how many test pictures count; 0 for all
     */
    record Nearest(String column, int first) implements Measure {
        @Override
        public List<String> columns() {
            return List.of(column);
        }

        @Override
        public double[] of(Trial trial) {
            INDArray probes = atMost(trial.probes(trial.test()), first);
            return new double[] {
                100
                        * Retrieval.of(probes, atMost(trial.labels(trial.test()), first), 1)
                                .at(1)
            };
        }
    }

    /**
     * One picture a person enrolled, all others of those with two or more are probes.
     *
     * @param column  what it is called
     * @param against who makes the enrolled ones
     */
    record OneEnrolled(String column, Against against) implements Measure {
        @Override
        public List<String> columns() {
            return List.of(column);
        }

        @Override
        public double[] of(Trial trial) {
            INDArray probes = trial.probes(trial.test());
            INDArray gallery = against.gallery(trial, trial.test());
            return new double[] {
                100
                        * Identification.firstEnrolled(probes, gallery, trial.labels(trial.test()))
                                .rank(1)
            };
        }
    }

    /**
     * All pairs of test pictures.
     *
     * @param column  what it is called
     * @param figure  which
     * @param rate    of false accepts, for TAR
     * @param against what they are matched with
     * @param first   how many test pictures count; 0 for all
     * @param weight  what each pair counts
     * @param cohort  a set of other people's pictures, by which cosines are {@linkplain LocalScaling locally scaled}; empty for plain cosines
     */
    record AllPairs(
            String column, Figure figure, double rate, Against against, int first, PairWeight weight, String cohort)
            implements Measure {
        @Override
        public List<String> columns() {
            return List.of(column);
        }

        @Override
        public double[] of(Trial trial) {
            INDArray probes = atMost(trial.probes(trial.test()), first);
            int[] labels = atMost(trial.labels(trial.test()), first);
            Verification pairs = verified(trial, probes, labels);
            return new double[] {
                100
                        * switch (figure) {
                            case AUC -> pairs.auc();
                            case TAR -> pairs.trueAcceptAt(rate);
                            case EER -> pairs.equalErrorRate();
                        }
            };
        }

        private Verification verified(Trial trial, INDArray probes, int[] labels) {
            if (against == Against.WITHIN && cohort.isEmpty()) {
                return Verification.allPairs(probes, labels, weight);
            }
            INDArray gallery = atMost(against.gallery(trial, trial.test()), first);
            return cohort.isEmpty()
                    ? Verification.allPairs(gallery, probes, labels, weight)
                    : Verification.allPairs(gallery, probes, labels, weight, trial.localScaling(against, cohort));
        }
    }

    /**
     * The pairs of a protocol file: accuracy at a threshold from other pairs, AUC, TAR.
     *
     * @param prefix    of the columns
     * @param set       whose pictures the pairs name
     * @param pairs     the file
     * @param threshold the file whose pairs give the threshold
     * @param rate      of false accepts, for TAR
     * @param against   what they are matched with; across resolutions each pair counts both ways
     * @param cohort    a set of other people's pictures, by which cosines are {@linkplain LocalScaling locally scaled}; empty for plain cosines
     */
    record ListedPairs(
            String prefix, String set, Path pairs, Path threshold, double rate, Against against, String cohort)
            implements Measure {
        @Override
        public List<String> columns() {
            return List.of(prefix + "acc", prefix + "AUC", prefix + "TAR");
        }

        @Override
        public double[] of(Trial trial) {
            Verification tested = verified(trial, pairs);
            double best = verified(trial, threshold).bestThreshold(Accuracy.PLAIN);
            return new double[] {
                100 * tested.accuracyAt(best, Accuracy.PLAIN), 100 * tested.auc(), 100 * tested.trueAcceptAt(rate)
            };
        }

        private Verification verified(Trial trial, Path list) {
            ImagePairs named = PairList.read(list).in(trial.set(set));
            INDArray probes = trial.probes(set);
            ImagePairs asked = against == Against.WITHIN ? named : named.bothWays();
            INDArray gallery = against.gallery(trial, set);
            return cohort.isEmpty()
                    ? asked.verify(gallery, probes)
                    : asked.verify(gallery, probes, trial.localScaling(against, cohort));
        }
    }

    private static INDArray atMost(INDArray rows, int count) {
        return count == 0 || count >= rows.size(0)
                ? rows
                : rows.get(NDArrayIndex.interval(0, count), NDArrayIndex.all());
    }

    private static int[] atMost(int[] labels, int count) {
        return count == 0 || count >= labels.length ? labels : Arrays.copyOf(labels, count);
    }

    /**
     * The columns of several measures.
     *
     * @param measures in order
     * @param trial    the variant
     * @return a figure a column
     */
    static double[] all(List<Measure> measures, Trial trial) {
        return measures.stream()
                .flatMapToDouble(measure -> {
                    double[] figures = measure.of(trial);
                    if (figures.length != measure.columns().size()) {
                        throw new IllegalArgumentException("measure " + measure + ": wanted a figure for each of "
                                + measure.columns() + ", got " + figures.length);
                    }
                    return IntStream.range(0, figures.length).mapToDouble(i -> figures[i]);
                })
                .toArray();
    }
}
