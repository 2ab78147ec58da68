package io.github.horkd.examples.onnx;

import java.nio.file.Files;
import java.nio.file.Path;

/** What the build hands on as {@code horkd.*} properties; a setting that was left out comes as an empty one. */
final class Settings {

    private Settings() {}

    /** A file or folder that must be there. */
    static Path path(String name, String what) {
        String given = System.getProperty("horkd." + name, "").strip();
        if (given.isEmpty()) {
            throw new IllegalArgumentException(name + ": wanted -D" + name + "=… with " + what + ", got nothing");
        }
        if (!Files.exists(Path.of(given))) {
            throw new IllegalArgumentException(name + ": wanted a folder or file that exists, got "
                    + Path.of(given).toAbsolutePath());
        }
        return Path.of(given);
    }

    /** A whole number of at least 1. */
    static int number(String name, int otherwise) {
        String given = System.getProperty("horkd." + name, "").strip();
        int number = given.isEmpty() ? otherwise : Integer.parseInt(given);
        if (number < 1) {
            throw new IllegalArgumentException(name + ": wanted at least 1, got " + given);
        }
        return number;
    }
}
