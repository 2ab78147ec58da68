package io.github.horkd.data;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * From the bytes of file names to text where nothing says in which character set they are: UTF-8 where they are valid
 * UTF-8, else whichever of DOS's two and Latin-1 makes the most plausible names of all of them.
 */
final class ByteNames {

    private ByteNames() {}

    /** UTF-8, or null when the bytes are none. */
    static String utf8(byte[] name) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(name))
                    .toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }

    /** One name: UTF-8, else what is most plausible. */
    static String decode(byte[] name) {
        String text = utf8(name);
        return text != null ? text : new String(name, mostPlausible(List.of(name), false));
    }

    /** The character set of an archive's names, of which at least one is not UTF-8. */
    static Charset mostPlausible(Collection<byte[]> names, boolean dos) {
        List<Charset> candidates = new ArrayList<>();
        for (String each : dos
                ? new String[] {"IBM437", "IBM850", "windows-1252"}
                : new String[] {"windows-1252", "IBM850", "IBM437"}) {
            if (Charset.isSupported(each)) {
                candidates.add(Charset.forName(each));
            }
        }
        Charset best = StandardCharsets.ISO_8859_1;
        long most = Long.MIN_VALUE;
        for (Charset candidate : candidates) {
            long score = names.stream()
                    .mapToLong(name -> plausibility(new String(name, candidate)))
                    .sum();
            if (score > most) {
                most = score;
                best = candidate;
            }
        }
        return best;
    }

    /** Letters speak for a reading, signs and capitals within a word against it. */
    private static long plausibility(String name) {
        long score = 0;
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c < 128) {
                continue;
            }
            boolean latin = Character.isLetter(c)
                    && Character.UnicodeScript.of(c) == Character.UnicodeScript.LATIN
                    && c != '\u00aa'
                    && c != '\u00ba'
                    && c != '\u0192';
            boolean inWord = i > 0 && Character.isLowerCase(name.charAt(i - 1));
            score += !latin ? -3 : Character.isUpperCase(c) && inWord ? -1 : 2;
        }
        return score;
    }
}
