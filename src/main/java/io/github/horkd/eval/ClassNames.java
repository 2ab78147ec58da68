package io.github.horkd.eval;

import java.text.Normalizer;

/** How names of classes are compared. */
final class ClassNames {

    private ClassNames() {}

    /** With each accent in its letter (NFC), as names of files are read: the same name may be stored either way. */
    static String composed(String name) {
        return Normalizer.normalize(name, Normalizer.Form.NFC);
    }
}
