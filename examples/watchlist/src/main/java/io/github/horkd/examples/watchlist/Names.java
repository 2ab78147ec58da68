package io.github.horkd.examples.watchlist;

import java.lang.Character.UnicodeScript;
import java.text.Normalizer;
import java.util.Set;

/** Names as people may be called: any script, nothing that is not seen, nothing that turns the letters around it. */
final class Names {

    private static final int LONGEST = 100;
    /** Letters and marks by their category, and not seen all the same. */
    private static final Set<Integer> BLANK = Set.of(0x034f, 0x115f, 0x1160, 0x17b4, 0x17b5, 0x2800, 0x3164, 0xffa0);
    /** Scripts whose letters may be joined or kept apart by a character that is not seen. */
    private static final Set<UnicodeScript> JOINING = Set.of(
            UnicodeScript.ARABIC,
            UnicodeScript.SYRIAC,
            UnicodeScript.MONGOLIAN,
            UnicodeScript.DEVANAGARI,
            UnicodeScript.BENGALI,
            UnicodeScript.GURMUKHI,
            UnicodeScript.GUJARATI,
            UnicodeScript.ORIYA,
            UnicodeScript.TAMIL,
            UnicodeScript.TELUGU,
            UnicodeScript.KANNADA,
            UnicodeScript.MALAYALAM,
            UnicodeScript.SINHALA,
            UnicodeScript.KHMER,
            UnicodeScript.MYANMAR);

    private Names() {}

    /** A name to enrol by: composed, with single blanks. */
    static String checked(String name) {
        String composed = Normalizer.normalize(present(name), Normalizer.Form.NFC)
                .replaceAll("[\\p{Zs}\\t]+", " ")
                .strip();
        if (composed.length() > LONGEST || composed.chars().anyMatch(Character::isISOControl)) {
            throw new Refused(400, "A name may have " + LONGEST + " characters, without line breaks.");
        }
        int[] letters = composed.codePoints().toArray();
        for (int i = 0; i < letters.length; i++) {
            if (!seen(letters[i]) && !joins(letters, i)) {
                throw new Refused(
                        400,
                        "A name may not have characters that are not seen or turn others around; number " + (i + 1)
                                + String.format(" is one (U+%04X).", letters[i]));
            }
        }
        if (composed.codePoints().noneMatch(Character::isLetterOrDigit)) {
            throw new Refused(400, "A name needs a letter or a digit.");
        }
        return composed;
    }

    /** A name that somebody may have been enrolled by, by whatever rule. */
    static String present(String name) {
        if (name == null || name.isBlank()) {
            throw new Refused(400, "Give a name first.");
        }
        return name;
    }

    /** A text from outside for a message: what is not seen becomes a dot. */
    static String shown(String text) {
        StringBuilder shown = new StringBuilder();
        text.codePoints().forEach(letter -> shown.appendCodePoint(seen(letter) ? letter : 0xb7));
        return shown.toString();
    }

    private static boolean seen(int letter) {
        return switch (Character.getType(letter)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            default ->
                !BLANK.contains(letter)
                        && !(letter >= 0xfe00 && letter <= 0xfe0f)
                        && !(letter >= 0xe0100 && letter <= 0xe01ef);
        };
    }

    private static boolean joins(int[] letters, int at) {
        return (letters[at] == 0x200c || letters[at] == 0x200d)
                && at > 0
                && at + 1 < letters.length
                && joining(letters[at - 1])
                && joining(letters[at + 1]);
    }

    private static boolean joining(int letter) {
        return JOINING.contains(UnicodeScript.of(letter));
    }
}
