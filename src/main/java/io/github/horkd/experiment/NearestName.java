package io.github.horkd.experiment;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The name that somebody may have meant. */
final class NearestName {

    private NearestName() {}

    /** The rest of a message about a name that nobody knows: the nearest of the known ones, and all of them. */
    static String advice(String given, Collection<String> known) {
        List<String> sorted = known.stream().sorted().toList();
        Optional<String> nearest = sorted.stream()
                .min(Comparator.comparingInt(
                        name -> distance(given.toLowerCase(Locale.ROOT), name.toLowerCase(Locale.ROOT))));
        return (nearest.isEmpty() ? "" : "; did you mean '" + nearest.get() + "'?") + " Known: "
                + String.join(", ", sorted);
    }

    /** Letters to insert, remove or replace (Levenshtein, 1966). */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.length()];
    }
}
