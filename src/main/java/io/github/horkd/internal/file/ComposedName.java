package io.github.horkd.internal.file;

import java.text.Normalizer;
import java.util.List;

/** Names with each accent in its letter (Unicode's form NFC): some systems store it apart, and two names would look alike and differ. */
public final class ComposedName {

    private ComposedName() {}

    /**
     * A name as names are compared and kept.
     *
     * @param name in either form
     * @return the same, composed
     */
    public static String of(String name) {
        return Normalizer.normalize(name, Normalizer.Form.NFC);
    }

    /**
     * How many names are different ones.
     *
     * @param names in either form
     * @return their number, those that only look different counted once
     */
    public static int different(List<String> names) {
        return (int) names.stream().map(ComposedName::of).distinct().count();
    }
}
