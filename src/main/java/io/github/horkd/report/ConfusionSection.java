package io.github.horkd.report;

import io.github.horkd.data.PairedImages;
import io.github.horkd.eval.Table;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** Who is taken for whom: all people where they are few, else those who are mistaken most often. */
final class ConfusionSection {

    private static final int MOST = 12;
    private static final int PAIRS = 10;

    private record Mistake(int shown, int taken, int count) {}

    private ConfusionSection() {}

    static Section of(Judged judged, List<String> names) {
        int[] answers = IntStream.range(0, judged.testLabels().length)
                .map(judged::answer)
                .toArray();
        return of(judged.by().name(), judged.testLabels(), answers, names);
    }

    /** From whom each probe shows, and whom it was taken for; {@link PairedImages#UNLABELLED} where that is not known. */
    static Section of(String recogniser, int[] shows, int[] answers, List<String> names) {
        int people = names.size();
        Map<Integer, Map<Integer, Integer>> counts = new TreeMap<>();
        int[] wrong = new int[people];
        for (int i = 0; i < shows.length; i++) {
            int own = shows[i];
            int answer = answers[i];
            if (own != PairedImages.UNLABELLED && answer != PairedImages.UNLABELLED) {
                counts.computeIfAbsent(own, o -> new TreeMap<>()).merge(answer, 1, Integer::sum);
                wrong[own] += own == answer ? 0 : 1;
                wrong[answer] += own == answer ? 0 : 1;
            }
        }
        int[] shown = (people <= MOST
                        ? IntStream.range(0, people)
                        : IntStream.range(0, people)
                                .boxed()
                                .sorted(Comparator.comparingInt((Integer p) -> -wrong[p]))
                                .limit(MOST)
                                .mapToInt(Integer::intValue))
                .toArray();
        Section section = Section.of(
                Section.CONFUSION,
                "Confusion",
                "What " + Text.quoted(recogniser)
                        + " takes probes for: the class of the nearest picture of the gallery."
                        + (people > MOST
                                ? " Shown are " + MOST + " of " + people
                                        + " classes, those that are part of most mistakes."
                                : ""),
                matrix(shown, people, names, counts));
        Table pairs = pairs(names, counts);
        return pairs.rows().isEmpty() ? section : section.with(new DataTable("The most frequent mistakes", pairs));
    }

    private static Heatmap matrix(
            int[] shown, int people, List<String> names, Map<Integer, Map<Integer, Integer>> counts) {
        boolean others = shown.length < people;
        List<String> rows = IntStream.of(shown).mapToObj(names::get).toList();
        List<String> columns = new ArrayList<>(rows);
        if (others) {
            columns.add("any other");
        }
        List<List<Integer>> cells = new ArrayList<>();
        for (int own : shown) {
            Map<Integer, Integer> row = counts.getOrDefault(own, Map.of());
            List<Integer> line = new ArrayList<>();
            int rest = row.values().stream().mapToInt(Integer::intValue).sum();
            for (int other : shown) {
                int count = row.getOrDefault(other, 0);
                line.add(count);
                rest -= count;
            }
            if (others) {
                line.add(rest);
            }
            cells.add(line);
        }
        return new Heatmap("Probes by class", "shown", "taken for", rows, columns, cells);
    }

    private static Table pairs(List<String> names, Map<Integer, Map<Integer, Integer>> counts) {
        List<Mistake> mistakes = new ArrayList<>();
        counts.forEach((own, row) -> row.forEach((taken, count) -> {
            if (!own.equals(taken)) {
                mistakes.add(new Mistake(own, taken, count));
            }
        }));
        mistakes.sort(Comparator.comparingInt((Mistake m) -> -m.count()));
        Table table = Table.of("Shown", "Taken for", "Times", "Of probes");
        for (Mistake mistake : mistakes.subList(0, Math.min(PAIRS, mistakes.size()))) {
            table = table.row(
                    Text.shortened(names.get(mistake.shown())),
                    Text.shortened(names.get(mistake.taken())),
                    mistake.count(),
                    counts.get(mistake.shown()).values().stream()
                            .mapToInt(Integer::intValue)
                            .sum());
        }
        return table;
    }
}
