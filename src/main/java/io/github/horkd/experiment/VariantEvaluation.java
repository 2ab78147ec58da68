package io.github.horkd.experiment;

import io.github.horkd.data.Interpolation;
import io.github.horkd.data.PairedImages;
import io.github.horkd.data.Resolution;
import io.github.horkd.eval.Identification;
import io.github.horkd.eval.OpenSetIdentification;
import io.github.horkd.eval.PairWeight;
import io.github.horkd.eval.Verification;
import io.github.horkd.experiment.RunResult.AtResolution;
import io.github.horkd.experiment.RunResult.Corner;
import io.github.horkd.experiment.RunResult.Histogram;
import io.github.horkd.experiment.RunResult.MatchingCurves;
import io.github.horkd.guide.Embeddings;
import io.github.horkd.internal.rows.UnitRows;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;

/** What a report shows of a variant beside its figures: curves, coarser pictures, answers. On up to 2,000 test pictures. */
final class VariantEvaluation {

    private static final int MOST = EmbeddingTable.MOST;
    private static final int BINS = 100;
    private static final int CORNERS = 300;
    private static final int RANKS = 50;

    private final Trial trial;
    private final PairedImages images;
    /** Where these pictures are in the test set. */
    private final int[] taken;

    private final int[] labels;
    private final INDArray probes;

    VariantEvaluation(Trial trial) {
        this.trial = trial;
        PairedImages all = trial.set(trial.test());
        taken = SomePictures.of(all, MOST);
        images = all.size() > MOST ? all.subset(taken) : all;
        int[] known = trial.labels(trial.test());
        labels = IntStream.of(taken).map(i -> known[i]).toArray();
        probes = taken(trial.probes(trial.test()));
    }

    RunDirectory.EvaluationDetails all(List<Integer> sides) {
        List<MatchingCurves> curves = new ArrayList<>();
        String seen = trial.sees() == Resolution.LOW ? "LR" : "HR";
        if (trial.sharesWidth()) {
            INDArray sharp = taken(trial.gallery(trial.test()));
            if (trial.sees() == Resolution.LOW) {
                curves.add(curves("HR-LR", sharp));
            }
        }
        curves.add(curves(seen + "-" + seen, probes));
        return new RunDirectory.EvaluationDetails(
                curves,
                trial.sees() == Resolution.LOW && trial.sharesWidth() ? coarser(sides) : List.of(),
                trial.sharesWidth() ? NearestPeople.answers(trial, images, taken, probes) : List.of());
    }

    private MatchingCurves curves(String name, INDArray gallery) {
        Verification pairs = verification(gallery, probes);
        return new MatchingCurves(
                name,
                pairs.auc(),
                pairs.equalErrorRate(),
                pairs.roc(CORNERS).stream()
                        .map(point -> new Corner(point.threshold(), point.falseAccept(), point.trueAccept()))
                        .toList(),
                identification(gallery, probes).cmc().stream().limit(RANKS).toList(),
                openSet(gallery),
                histogram(gallery));
    }

    private Verification verification(INDArray gallery, INDArray asked) {
        return Verification.allPairs(gallery, asked, labels, PairWeight.PER_PERSON);
    }

    private Identification identification(INDArray gallery, INDArray asked) {
        return Identification.leaveOneOut(asked, gallery, labels);
    }

    /** The first picture of every second person is enrolled; the others of these are known probes, all of the rest strangers. */
    private List<Corner> openSet(INDArray gallery) {
        Set<Integer> enrolled = new HashSet<>();
        List<Integer> first = new ArrayList<>();
        List<Integer> rest = new ArrayList<>();
        for (int i = 0; i < labels.length; i++) {
            if (labels[i] == PairedImages.UNLABELLED) {
                continue;
            }
            boolean takes = labels[i] % 2 == 0 && enrolled.add(labels[i]);
            (takes ? first : rest).add(i);
        }
        long strangers =
                rest.stream().filter(i -> !enrolled.contains(labels[i])).count();
        if (enrolled.size() < 2 || strangers == 0 || strangers == rest.size()) {
            return List.of();
        }
        int[] shown = rest.stream().mapToInt(i -> i).toArray();
        int[] kept = first.stream().mapToInt(i -> i).toArray();
        OpenSetIdentification open =
                OpenSetIdentification.of(probes.getRows(shown), labels(shown), gallery.getRows(kept), labels(kept));
        List<Corner> corners = new ArrayList<>();
        for (double rate = 1; rate >= 1.0 / strangers; rate /= 1.25) {
            double threshold = open.thresholdAt(rate);
            Corner corner = new Corner(threshold, open.falsePositiveRate(threshold), open.detectionRate(threshold));
            if (corners.isEmpty() || corners.get(corners.size() - 1).threshold() != threshold) {
                corners.add(corner);
            }
        }
        return corners;
    }

    private int[] labels(int[] rows) {
        return IntStream.of(rows).map(i -> labels[i]).toArray();
    }

    private Histogram histogram(INDArray gallery) {
        double[] same = new double[BINS];
        double[] other = new double[BINS];
        UnitRows.of("probes", probes).compare(UnitRows.of("gallery", gallery), (i, cosines, at) -> {
            for (int j = i + 1; j < labels.length; j++) {
                if (labels[i] == PairedImages.UNLABELLED || labels[j] == PairedImages.UNLABELLED) {
                    continue;
                }
                int bin = (int) Math.min(BINS - 1, Math.max(0, (cosines[at + j] + 1) / 2 * BINS));
                (labels[i] == labels[j] ? same : other)[bin]++;
            }
        });
        return new Histogram(shares(same), shares(other));
    }

    private static List<Double> shares(double[] counts) {
        double sum = Math.max(1, Arrays.stream(counts).sum());
        return Arrays.stream(counts).map(count -> count / sum).boxed().toList();
    }

    /** The teacher is given the same pictures, enlarged. */
    private List<AtResolution> coarser(List<Integer> sides) {
        List<AtResolution> all = new ArrayList<>();
        INDArray sharp = taken(trial.gallery(trial.test()));
        for (int side : sides) {
            PairedImages coarse = new CoarserLow(images, side);
            INDArray seen = trial.probing().of(coarse, Resolution.LOW);
            String key = trial.enrolling().source().identity() + "/" + side;
            double[] naive = trial.galleries().naive(key, () -> naive(coarse));
            all.add(new AtResolution(
                    side,
                    identification(sharp, seen).rank(1),
                    verification(sharp, seen).auc(),
                    naive[0],
                    naive[1]));
        }
        return all;
    }

    private double[] naive(PairedImages coarse) {
        Embeddings way = trial.enrolling().upsampled(Interpolation.BICUBIC);
        if (!takes(way, coarse)) {
            return new double[] {Double.NaN, Double.NaN};
        }
        INDArray own = taken(trial.rawGallery(trial.test()));
        INDArray enlarged = way.of(coarse, Resolution.LOW);
        return new double[] {
            identification(own, enlarged).rank(1), verification(own, enlarged).auc()
        };
    }

    private static boolean takes(Embeddings way, PairedImages images) {
        if (!way.source().seesPixels()) {
            return false;
        }
        try {
            way.source().require(images, Resolution.LOW);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private INDArray taken(INDArray rows) {
        return rows.size(0) == taken.length ? rows : rows.getRows(taken);
    }
}
