package io.github.horkd.data;

import java.util.List;

/** A list of names in a message: the first few, and how many more there are. */
final class FirstFew {

    private static final int SHOWN = 20;

    private FirstFew() {}

    static String of(List<String> names) {
        String shown = String.join(", ", names.subList(0, Math.min(SHOWN, names.size())));
        return names.size() <= SHOWN ? shown : shown + " and " + (names.size() - SHOWN) + " more";
    }
}
