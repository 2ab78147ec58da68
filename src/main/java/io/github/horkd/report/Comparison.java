package io.github.horkd.report;

import io.github.horkd.data.Degradation;
import io.github.horkd.data.ImageShape;
import io.github.horkd.data.Interpolation;
import io.github.horkd.data.PairedImages;
import io.github.horkd.data.Resolution;
import io.github.horkd.eval.Evaluation;
import io.github.horkd.eval.Identification;
import io.github.horkd.eval.PairWeight;
import io.github.horkd.eval.Verification;
import io.github.horkd.guide.Embeddings;
import io.github.horkd.guide.KnowledgeSource;
import io.github.horkd.report.Chart.Mark;
import io.github.horkd.report.Chart.Point;
import io.github.horkd.report.Chart.Series;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Test pictures, a gallery to find their people in, and the sections of a report about recognisers that try. A teacher is asked once about each picture and
 * way. Not safe to use from several threads.
 */
public final class Comparison {

    private final PairedImages gallery;
    private final PairedImages test;
    /** Where both lie among the images that were split; empty where they were not. */
    private final int[] galleryRows;

    private final int[] testRows;
    private final int[] galleryLabels;
    private final int[] testLabels;
    private final Map<Embeddings, INDArray[]> asked = new HashMap<>();

    private Comparison(PairedImages gallery, PairedImages test, int[] galleryRows, int[] testRows) {
        this.galleryRows = galleryRows;
        this.testRows = testRows;
        this.gallery = gallery;
        this.test = test;
        this.testLabels = Evaluation.labels(test);
        List<String> names = test.classes();
        Map<String, Integer> numbers = new HashMap<>();
        names.forEach(name -> numbers.put(name, numbers.size()));
        this.galleryLabels = IntStream.of(Evaluation.labels(gallery))
                .map(label -> label == PairedImages.UNLABELLED
                        ? label
                        : numbers.computeIfAbsent(gallery.classes().get(label), unknown -> numbers.size()))
                .toArray();
    }

    /**
     * A gallery of some pictures and probes of others.
     *
     * @param gallery labelled pictures of those who are enrolled
     * @param test    labelled pictures, the probes; classes are matched by name
     * @return the comparison
     */
    public static Comparison of(PairedImages gallery, PairedImages test) {
        if (gallery.labelled().size() == 0 || test.labelled().size() == 0) {
            throw new IllegalArgumentException(
                    "comparison: wanted labelled pictures in the gallery and to test with, got "
                            + gallery.labelled().size() + " and "
                            + test.labelled().size());
        }
        return new Comparison(gallery, test, new int[0], new int[0]);
    }

    /**
     * The first picture of everybody who has two or more is the gallery, their other pictures are the probes: for people who were not trained on.
     *
     * @param images labelled pictures
     * @return the comparison
     */
    public static Comparison firstEnrolled(PairedImages images) {
        int[] counts = new int[images.classes().size()];
        IntStream.range(0, images.size())
                .map(images::label)
                .filter(label -> label != PairedImages.UNLABELLED)
                .forEach(label -> counts[label]++);
        boolean[] seen = new boolean[counts.length];
        List<Integer> first = new ArrayList<>();
        List<Integer> rest = new ArrayList<>();
        for (int i = 0; i < images.size(); i++) {
            int label = images.label(i);
            if (label != PairedImages.UNLABELLED && counts[label] > 1) {
                (seen[label] ? rest : first).add(i);
                seen[label] = true;
            }
        }
        if (first.isEmpty()) {
            throw new IllegalArgumentException("comparison: wanted classes with two pictures or more, got none among "
                    + images.size() + " pictures");
        }
        return new Comparison(
                images.subset(indices(first)).withoutUnusedClasses(),
                images.subset(indices(rest)).withoutUnusedClasses(),
                indices(first),
                indices(rest));
    }

    private static int[] indices(List<Integer> list) {
        return list.stream().mapToInt(Integer::intValue).toArray();
    }

    /**
     * A student: low-resolution probes against the teacher's gallery, in the space that it was taught.
     *
     * @param name    what tables call it
     * @param teacher makes the gallery
     * @param student sees the probes
     * @return its embeddings
     */
    public ComparedEmbeddings student(String name, KnowledgeSource teacher, KnowledgeSource student) {
        return embeddings(name, false, Embeddings.by(teacher).toMatch(student), Embeddings.by(student), Resolution.LOW);
    }

    /**
     * The naive use of a teacher: low-resolution probes enlarged, by the interpolation with the best area under the curve.
     *
     * @param name    what tables call it
     * @param teacher sees probes and gallery
     * @return its embeddings
     */
    public ComparedEmbeddings naive(String name, KnowledgeSource teacher) {
        ComparedEmbeddings best = null;
        double bestArea = Double.NaN;
        for (Interpolation how : Interpolation.values()) {
            Embeddings way = Embeddings.by(teacher);
            ComparedEmbeddings each = embeddings(name, true, way, way.upsampled(how), Resolution.LOW);
            double area = Verification.allPairs(each.sharp(), each.probes(), testLabels, PairWeight.PER_PERSON)
                    .auc();
            if (best == null || area > bestArea) {
                best = each;
                bestArea = area;
            }
        }
        return best;
    }

    /**
     * What cannot be beaten: the teacher on high-resolution probes.
     *
     * @param name    what tables call it
     * @param teacher sees probes and gallery
     * @return its embeddings
     */
    public ComparedEmbeddings teacher(String name, KnowledgeSource teacher) {
        Embeddings way = Embeddings.by(teacher);
        return embeddings(name, false, way, way, Resolution.HIGH);
    }

    /**
     * Any other way.
     *
     * @param name  what tables call it
     * @param rival whether it is there to be beaten
     * @param high  embeds the gallery, and test pictures at high resolution
     * @param probe embeds the probes
     * @param sees  the view of a test picture that is the probe
     * @return its embeddings
     */
    public ComparedEmbeddings embeddings(
            String name, boolean rival, Embeddings high, Embeddings probe, Resolution sees) {
        INDArray[] sharp = sharp(high);
        INDArray probes = sees == Resolution.HIGH && probe.equals(high) ? sharp[0] : probe.of(test, sees);
        return new ComparedEmbeddings(name, rival, probes, sharp[0], sharp[1]);
    }

    /**
     * Embeddings that anyone made, of the images that {@link #firstEnrolled} was given.
     *
     * @param name  what tables call it
     * @param rival whether it is there to be beaten
     * @param high  [N, D], each image at high resolution
     * @param low   [N, D], each image as a probe, in the same space
     * @return its embeddings
     */
    public ComparedEmbeddings embeddings(String name, boolean rival, INDArray high, INDArray low) {
        if (testRows.length == 0) {
            throw new IllegalStateException(
                    "embeddings: wanted a comparison made by firstEnrolled(images); otherwise new ComparedEmbeddings(…)");
        }
        return new ComparedEmbeddings(
                name, rival, low.getRows(testRows), high.getRows(testRows), high.getRows(galleryRows));
    }

    /**
     * Results, verification, identification, open set, embedding space and confusion.
     *
     * @param recognisers the first is what the report is about; the others are what to hold it against
     * @return the sections
     */
    public List<Section> sections(List<ComparedEmbeddings> recognisers) {
        if (recognisers.isEmpty()) {
            throw new IllegalArgumentException("recognisers: wanted one at least, got none");
        }
        List<Judged> judged = recognisers.stream()
                .map(each -> Judged.of(each, testLabels, galleryLabels))
                .toList();
        return List.of(
                ResultSections.results(judged),
                ResultSections.verification(judged),
                ResultSections.identification(judged),
                ResultSections.openSet(judged),
                SpaceSection.of(judged, name(gallery, test)),
                ConfusionSection.of(judged.get(0), name(gallery, test)));
    }

    private static List<String> name(PairedImages gallery, PairedImages test) {
        List<String> names = new ArrayList<>(test.classes());
        gallery.classes().stream()
                .filter(name -> !test.classes().contains(name))
                .forEach(names::add);
        return names;
    }

    /**
     * Test pictures with what was answered and the nearest face of the gallery: pictures of people, so only where they may be shown.
     *
     * @param recognisers whose answers, the first is what the report is about
     * @param count       how many pictures, evenly over the test; as many again, at most, of those where the first is wrong
     * @return the section
     */
    public Section pictures(List<ComparedEmbeddings> recognisers, int count) {
        return new PictureSection(gallery, test, name(gallery, test))
                .of(
                        recognisers.stream()
                                .map(each -> Judged.of(each, testLabels, galleryLabels))
                                .toList(),
                        count);
    }

    /**
     * Rank-1 against the side of the probe: test pictures are shrunk to each side, then brought to the size that the student takes, or enlarged for the
     * teacher.
     *
     * @param name    what the chart calls the student
     * @param teacher makes the gallery, and sees enlarged probes
     * @param student sees the probes
     * @param sides   in pixels, for instance 8, 12, 16, 24, 32
     * @return the section
     */
    public Section resolutions(String name, KnowledgeSource teacher, KnowledgeSource student, int... sides) {
        ImageShape small = test.shape(Resolution.LOW);
        List<Point> ours = new ArrayList<>();
        List<Point> naive = new ArrayList<>();
        for (int side : sides) {
            Degradation camera = Degradation.downscaleTo(side);
            Degradation fitted = side == small.height() && side == small.width()
                    ? camera
                    : camera.upsampledBack(Interpolation.BICUBIC)
                            .then(Degradation.downscaleTo(small.height(), small.width()));
            ours.add(new Point(side, rankOne(teacher, Embeddings.by(student), student, fitted)));
            naive.add(new Point(
                    side, rankOne(teacher, Embeddings.by(teacher).upsampled(Interpolation.BICUBIC), teacher, camera)));
        }
        double sharp = rankOne(teacher("", teacher));
        List<Series> series = List.of(
                new Series(name, 0, Mark.LINE, ours),
                ResolutionSection.naive(naive),
                new Series(
                        "the teacher on high resolution",
                        2,
                        Mark.LINE,
                        IntStream.of(sides)
                                .mapToObj(side -> new Point(side, sharp))
                                .toList()));
        return ResolutionSection.of(
                "Rank-1 against the teacher's gallery, by the side of the probe in pixels. The student was taught at "
                        + small.height() + "; where the dashed line crosses its own, the teacher alone would do.",
                series);
    }

    /** Test pictures and gallery at high resolution, asked about once. */
    private INDArray[] sharp(Embeddings high) {
        return asked.computeIfAbsent(high, way ->
                new INDArray[] {way.of(test, Resolution.HIGH), way.of(gallery, Resolution.HIGH)});
    }

    private double rankOne(KnowledgeSource teacher, Embeddings probe, KnowledgeSource matched, Degradation camera) {
        Embeddings high = Embeddings.by(teacher).toMatch(matched);
        INDArray probes = probe.of(new Redegraded(test, camera), Resolution.LOW);
        return Identification.of(probes, testLabels, sharp(high)[1], galleryLabels)
                .rank(1);
    }

    private double rankOne(ComparedEmbeddings recogniser) {
        return Identification.of(recogniser.probes(), testLabels, recogniser.gallery(), galleryLabels)
                .rank(1);
    }
}
