package io.github.horkd.distill;

import io.github.horkd.internal.file.ComposedName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The classes of two sides, paired by their names. Never by their numbers: two lists with the same names may have them in other places.
 *
 * @param first      places in the first list, of each shared name in the order of the second list
 * @param second     places in the second list, of the same names
 * @param onlyFirst  names without partner in the second list
 * @param onlySecond names without partner in the first list
 */
record ClassPairs(List<Integer> first, List<Integer> second, List<String> onlyFirst, List<String> onlySecond) {

    static ClassPairs of(List<String> first, List<String> second) {
        Map<String, Integer> places = new HashMap<>();
        for (int i = 0; i < first.size(); i++) {
            places.put(ComposedName.of(first.get(i)), i);
        }
        List<Integer> ofFirst = new ArrayList<>();
        List<Integer> ofSecond = new ArrayList<>();
        List<String> onlySecond = new ArrayList<>();
        for (int i = 0; i < second.size(); i++) {
            Integer place = places.remove(ComposedName.of(second.get(i)));
            if (place == null) {
                onlySecond.add(second.get(i));
            } else {
                ofFirst.add(place);
                ofSecond.add(i);
            }
        }
        List<String> onlyFirst = first.stream()
                .filter(name -> places.containsKey(ComposedName.of(name)))
                .toList();
        return new ClassPairs(List.copyOf(ofFirst), List.copyOf(ofSecond), onlyFirst, List.copyOf(onlySecond));
    }

    /** Names without partner that differ only in case or blanks, as a message says it; empty when there are none. */
    String nearly() {
        Map<String, String> seconds = new HashMap<>();
        onlySecond.forEach(second -> seconds.put(plain(second), second));
        return onlyFirst.stream()
                .filter(first -> seconds.containsKey(plain(first)))
                .findFirst()
                .map(first -> "; '" + first + "' and '" + seconds.get(plain(first))
                        + "' differ only in case or blanks, give them one name")
                .orElse("");
    }

    private static String plain(String name) {
        return ComposedName.of(name).strip().replaceAll("[\\s\u00a0]+", " ").toLowerCase(Locale.ROOT);
    }

    /** How many names both sides have. */
    int shared() {
        return first.size();
    }
}
