package io.github.horkd.recognise;

import io.github.horkd.internal.file.ComposedName;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Identities by number and by name, and how many templates each has. Numbers are given in the order of first enrolment and never again. Kept in pages, of which
 * a change copies one: tables that follow one another share the rest.
 */
final class IdentityTable {

    private static final int PAGE = 1024;
    /** So many names an index page holds on the average before there are more pages. */
    private static final int CROWDED = 512;

    private static final int GROWTH = 8;
    /** 2³² over the golden ratio: neighbouring hashes come far apart. */
    private static final int GOLDEN = 0x9E3779B9;

    private String[][] names;
    private int[][] counts;
    /** Names by their hash. */
    private List<Map<String, Integer>> index;

    private boolean[] ownPages;
    private boolean[] ownIndex;
    private int numbers;
    private int live;
    private int templates;

    IdentityTable() {
        names = new String[0][];
        counts = new int[0][];
        ownPages = new boolean[0];
        index = new ArrayList<>(List.of(new HashMap<>()));
        ownIndex = new boolean[] {true};
    }

    private IdentityTable(IdentityTable other) {
        names = other.names.clone();
        counts = other.counts.clone();
        index = new ArrayList<>(other.index);
        ownPages = new boolean[names.length];
        ownIndex = new boolean[index.size()];
        numbers = other.numbers;
        live = other.live;
        templates = other.templates;
    }

    /** Another that begins like this one. Both share all pages, and copy those that they change. */
    IdentityTable fork() {
        Arrays.fill(ownPages, false);
        Arrays.fill(ownIndex, false);
        return new IdentityTable(this);
    }

    /** The number behind the last one given. */
    int numbers() {
        return numbers;
    }

    int live() {
        return live;
    }

    int templates() {
        return templates;
    }

    /** −1 for somebody unknown. */
    int number(String name) {
        String composed = ComposedName.of(name);
        return index.get(place(composed)).getOrDefault(composed, -1);
    }

    /** Null for somebody removed. */
    String name(int number) {
        return names[number / PAGE][number % PAGE];
    }

    int templates(int number) {
        return counts[number / PAGE][number % PAGE];
    }

    List<String> names() {
        List<String> all = new ArrayList<>(live);
        for (int number = 0; number < numbers; number++) {
            if (name(number) != null) {
                all.add(name(number));
            }
        }
        return List.copyOf(all);
    }

    /** Notes one template more of somebody, known or new; the number. */
    int add(String given) {
        String name = ComposedName.of(given);
        int number = number(name);
        if (number < 0) {
            number = numbers++;
            own(number);
            names[number / PAGE][number % PAGE] = name;
            ownIndex(name).put(name, number);
            live++;
            if (live > CROWDED * index.size()) {
                spread();
            }
        }
        own(number);
        counts[number / PAGE][number % PAGE]++;
        templates++;
        return number;
    }

    /** Forgets somebody; how many templates there were. */
    int remove(int number) {
        int had = templates(number);
        ownIndex(name(number)).remove(name(number));
        own(number);
        names[number / PAGE][number % PAGE] = null;
        counts[number / PAGE][number % PAGE] = 0;
        live--;
        templates -= had;
        return had;
    }

    private void own(int number) {
        int page = number / PAGE;
        if (page == names.length) {
            names = Arrays.copyOf(names, page + 1);
            counts = Arrays.copyOf(counts, page + 1);
            ownPages = Arrays.copyOf(ownPages, page + 1);
            names[page] = new String[PAGE];
            counts[page] = new int[PAGE];
        } else if (!ownPages[page]) {
            names[page] = names[page].clone();
            counts[page] = counts[page].clone();
        }
        ownPages[page] = true;
    }

    /** By other bits of the hash than a page itself goes by, whose names would else stand in few of its buckets. */
    private int place(String name) {
        int mixed = name.hashCode() * GOLDEN; // overflows, as a hash does
        long spread = Integer.toUnsignedLong(mixed);
        return (int) (spread * index.size() >>> Integer.SIZE);
    }

    private Map<String, Integer> ownIndex(String name) {
        int place = place(name);
        if (!ownIndex[place]) {
            index.set(place, new HashMap<>(index.get(place)));
            ownIndex[place] = true;
        }
        return index.get(place);
    }

    private void spread() {
        List<Map<String, Integer>> old = index;
        index = new ArrayList<>();
        for (int i = 0; i < GROWTH * old.size(); i++) {
            index.add(new HashMap<>());
        }
        ownIndex = new boolean[index.size()];
        Arrays.fill(ownIndex, true);
        old.forEach(
                page -> page.forEach((name, number) -> index.get(place(name)).put(name, number)));
    }
}
