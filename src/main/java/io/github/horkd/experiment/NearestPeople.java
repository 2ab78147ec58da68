package io.github.horkd.experiment;

import io.github.horkd.data.PairedImages;
import io.github.horkd.experiment.RunResult.Answer;
import io.github.horkd.experiment.RunResult.Neighbour;
import io.github.horkd.internal.rows.UnitRows;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Whom each probe of a variant is taken for: the nearest people of the gallery. */
final class NearestPeople {

    private static final int NEAREST = 5;

    private NearestPeople() {}

    /**
     * An answer a probe. Without a gallery of its own, a probe is looked for among the other test pictures.
     *
     * @param images some test pictures, N of them
     * @param places where they are in the test set
     * @param probes [N, D]
     */
    static List<Answer> answers(Trial trial, PairedImages images, int[] places, INDArray probes) {
        boolean others = trial.gallerySet().isEmpty();
        String set = others ? trial.test() : trial.gallerySet();
        PairedImages enrolled = trial.set(set);
        int[] people = trial.labels(set);
        List<Answer> all = new ArrayList<>();
        UnitRows.of("probes", probes).compare(UnitRows.of("gallery", trial.gallery(set)), (i, row, at) -> {
            float[] cosines = new float[people.length];
            for (int j = 0; j < people.length; j++) {
                boolean out = people[j] == PairedImages.UNLABELLED || others && places[i] == j;
                cosines[j] = out ? Float.NEGATIVE_INFINITY : row[at + j];
            }
            List<Neighbour> nearest = nearest(cosines, people, enrolled);
            String person = person(images, i);
            boolean right = !nearest.isEmpty() && nearest.get(0).person().equals(person);
            all.add(new Answer(images.name(i), person, right, nearest));
        });
        return all;
    }

    private static List<Neighbour> nearest(float[] cosines, int[] people, PairedImages enrolled) {
        Map<Integer, Integer> best = new HashMap<>();
        for (int j = 0; j < cosines.length; j++) {
            if (cosines[j] > Float.NEGATIVE_INFINITY) {
                Integer before = best.get(people[j]);
                if (before == null || cosines[j] > cosines[before]) {
                    best.put(people[j], j);
                }
            }
        }
        return best.values().stream()
                .sorted(Comparator.<Integer>comparingDouble(j -> -cosines[j]).thenComparing(j -> j))
                .limit(NEAREST)
                .map(j -> new Neighbour(enrolled.name(j), person(enrolled, j), cosines[j]))
                .toList();
    }

    static String person(PairedImages images, int index) {
        int label = images.label(index);
        return label == PairedImages.UNLABELLED ? "" : images.classes().get(label);
    }
}
