package io.github.horkd.data;

import io.github.horkd.internal.file.ComposedName;
import java.util.ArrayDeque;
import java.util.Deque;

/** Where a link inside an archive leads. */
final class ArchiveLinks {

    static final int LONGEST_CHAIN = 16;

    private ArchiveLinks() {}

    /** The entry that a symbolic link means, relative to where the link lies; null when it leads out of the archive. */
    static String target(String link, String text) {
        if (text.startsWith("/")) {
            return null;
        }
        Deque<String> parts = new ArrayDeque<>();
        String folder = link.substring(0, Math.max(link.lastIndexOf('/'), 0));
        for (String part : (folder + "/" + text).split("/")) {
            if (part.equals("..")) {
                if (parts.isEmpty()) {
                    return null;
                }
                parts.removeLast();
            } else if (!part.isEmpty() && !part.equals(".")) {
                parts.addLast(part);
            }
        }
        return ComposedName.of(String.join("/", parts));
    }
}
