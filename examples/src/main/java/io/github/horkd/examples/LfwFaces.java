package io.github.horkd.examples;

import io.github.horkd.data.ImageShape;
import io.github.horkd.data.Interpolation;
import io.github.horkd.data.PairedImages;
import io.github.horkd.data.Pixels;
import io.github.horkd.data.Pose;
import io.github.horkd.data.Resolution;
import io.github.horkd.eval.Accuracy;
import io.github.horkd.eval.FoldAccuracy;
import io.github.horkd.eval.ImagePairs;
import io.github.horkd.eval.PairList;
import io.github.horkd.eval.PairWeight;
import io.github.horkd.eval.PeopleList;
import io.github.horkd.eval.Verification;
import io.github.horkd.guide.EmbeddingSpace;
import io.github.horkd.guide.Embeddings;
import io.github.horkd.guide.KnowledgeSource;
import io.github.horkd.knowledge.Knowledge;
import io.github.horkd.knowledge.KnowledgeStore;
import io.github.horkd.knowledge.KnownPoses;
import io.github.horkd.model.Network;
import io.github.horkd.report.ComparedEmbeddings;
import io.github.horkd.report.Comparison;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.SortedMap;
import java.util.function.IntConsumer;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.indexing.SpecifiedIndex;

/** Pictures that networks are judged by, what the teacher says of them at high resolution, and the figures. Every embedding is the sum of image and mirror image. */
final class LfwFaces {

    static final String[] COLUMNS = {
        "LR-LR acc", "AUC", "TAR", "HR-LR acc", "AUC ", "TAR ", "all pairs HR-LR AUC", "TAR  "
    };

    /** Which of the figures is the AUC across resolutions, on the pairs of the protocol. */
    static final int ACROSS_AUC = 4;

    /** Which is the TAR across resolutions over all pairs of the test's people. */
    static final int EVERYBODY_TAR = 7;

    private final PairedImages judged;
    private final ImagePairs threshold;
    private final ImagePairs test;
    private final int[] strangers;
    private final int[] people;
    private final INDArray high;
    private final INDArray mirrored;

    /**
     * View 1: pairsDevTest.txt, with thresholds from pairsDevTrain.txt, and all pairs of the test's people.
     *
     * @param everyPicture whether all pictures of the test's people are judged, or those that are in a pair of the protocol
     */
    LfwFaces(PairedImages all, Path protocol, boolean everyPicture, KnowledgeSource teacher, KnowledgeStore store) {
        Set<String> testPeople =
                PeopleList.read(protocol.resolve("peopleDevTest.txt")).names();
        PairList thresholds = PairList.read(protocol.resolve("pairsDevTrain.txt"));
        PairList tests = PairList.read(protocol.resolve("pairsDevTest.txt"));
        Set<String> named = new HashSet<>();
        for (PairList list : new PairList[] {thresholds, tests}) {
            list.pairs().forEach(pair -> {
                named.add("%s_%04d.".formatted(pair.firstName(), pair.firstNumber()));
                named.add("%s_%04d.".formatted(pair.secondName(), pair.secondNumber()));
            });
        }
        IntPredicate stranger = i -> testPeople.contains(all.classes().get(all.label(i)));
        judged = all.where(i -> everyPicture && stranger.test(i) || named.contains(file(all.name(i))));
        threshold = thresholds.in(judged);
        test = tests.in(judged);
        strangers = IntStream.range(0, judged.size())
                .filter(i -> testPeople.contains(judged.classes().get(judged.label(i))))
                .toArray();
        people = IntStream.of(strangers).map(judged::label).toArray();
        INDArray[] views = views(teacher, judged, Resolution.HIGH, store);
        high = views[0];
        mirrored = views[1];
    }

    private static String file(String name) {
        String plain = name.substring(name.lastIndexOf('/') + 1);
        return plain.substring(0, plain.lastIndexOf('.') + 1);
    }

    /** Prints a line for every tenth that a teacher was asked about. */
    static IntConsumer progress(String what, int all) {
        long began = System.nanoTime();
        int[] said = {0};
        return done -> {
            if (10L * done / all > said[0]) {
                said[0] = (int) (10L * done / all);
                System.out.printf(
                        Locale.ROOT,
                        "teacher asked about %d of %d %s, %.0f s%n",
                        done,
                        all,
                        what,
                        (System.nanoTime() - began) / 1e9);
            }
        };
    }

    /** What a teacher says of images and of their mirror images, asked once. */
    static INDArray[] views(KnowledgeSource teacher, PairedImages images, Resolution view, KnowledgeStore store) {
        Knowledge knowledge = store.of(
                teacher,
                images,
                view,
                KnownPoses.withMirror(),
                progress(view + " views to judge by", 2 * images.size()));
        int[] indices = IntStream.range(0, images.size()).toArray();
        Pose[] poses = new Pose[indices.length];
        Arrays.fill(poses, Pose.IDENTITY);
        Pose[] mirrors = new Pose[indices.length];
        Arrays.fill(mirrors, Pose.MIRRORED);
        return new INDArray[] {knowledge.embeddings(indices, poses), knowledge.embeddings(indices, mirrors)};
    }

    /** The naive use of the teacher: low-resolution views enlarged. */
    double[] naive(KnowledgeSource teacher, Interpolation how, Enrolled enrolled, KnowledgeStore store) {
        EmbeddingSpace raw = EmbeddingSpace.raw(teacher.embeddingWidth());
        return figures(sum(views(teacher.upsampled(how), judged, Resolution.LOW, store), raw), gallery(raw), enrolled);
    }

    /** People of the test for a report: the first picture of each is enrolled, the others are probes. */
    Comparison comparison() {
        return Comparison.firstEnrolled(judged.subset(strangers));
    }

    ComparedEmbeddings recogniser(Comparison among, String name, Network student, EmbeddingSpace space) {
        return among.embeddings(name, false, rows(gallery(space)), rows(embedded(student)));
    }

    ComparedEmbeddings naiveRecogniser(
            Comparison among, String name, KnowledgeSource teacher, Interpolation how, KnowledgeStore store) {
        INDArray[] low = views(teacher.upsampled(how), judged, Resolution.LOW, store);
        EmbeddingSpace raw = EmbeddingSpace.raw(teacher.embeddingWidth());
        return among.embeddings(
                name, true, rows(gallery(raw)), rows(raw.apply(low[0]).add(raw.apply(low[1]))));
    }

    ComparedEmbeddings teacherRecogniser(Comparison among, String name, EmbeddingSpace space) {
        return among.embeddings(name, false, rows(gallery(space)), rows(gallery(space)));
    }

    /** A student that learned in a space. */
    double[] student(Network student, EmbeddingSpace space, Enrolled enrolled) {
        return figures(embedded(student), gallery(space), enrolled);
    }

    /** Low-resolution views by a student. */
    INDArray embedded(Network student) {
        return Embeddings.by(student.forInference()).withMirror().of(judged, Resolution.LOW);
    }

    /** Each picture by the student whose side is nearest to the picture's own size. */
    double[] nearest(SortedMap<Integer, INDArray> bySide, OwnSize sizes, EmbeddingSpace space) {
        INDArray low = bySide.get(bySide.firstKey()).dup();
        ImageShape shape = judged.shape(Resolution.HIGH);
        for (int i = 0; i < judged.size(); i++) {
            float[] pixels = new float[shape.size()];
            judged.read(i, Pose.IDENTITY, pixels, 0, null, 0);
            double size = sizes.of(new Pixels(shape, pixels));
            int nearest = bySide.keySet().stream()
                    .min(Comparator.comparingDouble(side -> Math.abs(Math.log(side / size))))
                    .orElseThrow();
            low.putRow(i, bySide.get(nearest).getRow(i));
        }
        return figures(low, gallery(space), Enrolled.HIGH);
    }

    /** The teacher on high resolution on both sides. */
    double[] teacher(EmbeddingSpace space) {
        return figures(gallery(space), gallery(space), Enrolled.HIGH);
    }

    private INDArray gallery(EmbeddingSpace space) {
        return sum(new INDArray[] {high, mirrored}, space);
    }

    private double[] figures(INDArray low, INDArray high, Enrolled enrolled) {
        INDArray gallery = enrolled.of(high, low);
        Verification within = test.verify(low, low);
        Verification across = test.bothWays().verify(gallery, low);
        Verification everybody = Verification.allPairs(rows(gallery), rows(low), people, PairWeight.PER_PERSON);
        return Arrays.stream(new double[] {
                    within.accuracyAt(threshold.verify(low, low).bestThreshold(Accuracy.PLAIN), Accuracy.PLAIN),
                    within.auc(),
                    within.trueAcceptAt(1e-2),
                    across.accuracyAt(
                            threshold.bothWays().verify(gallery, low).bestThreshold(Accuracy.PLAIN), Accuracy.PLAIN),
                    across.auc(),
                    across.trueAcceptAt(1e-2),
                    everybody.auc(),
                    everybody.trueAcceptAt(1e-2)
                })
                .map(share -> 100 * share)
                .toArray();
    }

    private INDArray rows(INDArray all) {
        return all.get(
                new SpecifiedIndex(Arrays.stream(strangers).asLongStream().toArray()), NDArrayIndex.all());
    }

    /** The accuracy on one fold, its threshold from the other folds. */
    static double fold(ImagePairs pairs, INDArray gallery, INDArray low, int fold) {
        return FoldAccuracy.of(pairs.cosines(gallery, low), pairs.same(), pairs.folds(), Accuracy.PLAIN)
                .accuracies()
                .get(fold);
    }

    /** Unit rows of image and mirror image, added. */
    static INDArray sum(INDArray[] views, EmbeddingSpace space) {
        return space.apply(views[0]).add(space.apply(views[1]));
    }
}
