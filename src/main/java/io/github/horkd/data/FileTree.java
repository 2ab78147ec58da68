package io.github.horkd.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.Predicate;

/** Files below one root: a directory or an archive, read in place. */
interface FileTree {

    /**
     * Hands every wanted file to the visitor, in no particular order, from the calling thread.
     *
     * @throws IOException when the tree as a whole is damaged or breaks a limit
     */
    void visit(Predicate<String> wanted, Limits limits, Visitor visitor) throws IOException;

    /** What is done with a file; names are relative to the root, their parts separated by slashes. */
    interface Visitor {

        void file(String name, byte[] content);

        void unreadable(String name, IOException why);
    }

    static FileTree at(Path path) throws IOException {
        if (Files.notExists(path)) {
            throw new NoSuchFileException(path.toString(), null, "there is no such folder or archive");
        }
        if (Files.isDirectory(path)) {
            return new DirectoryTree(path);
        }
        String name = path.getFileName().toString().toLowerCase(Locale.ROOT);
        if (name.endsWith(".zip")) {
            return new ZipTree(path);
        }
        if (name.endsWith(".tar") || name.endsWith(".tar.gz") || name.endsWith(".tgz")) {
            return new TarTree(path, !name.endsWith(".tar"));
        }
        throw new IOException("wanted a directory, .zip, .tar, .tar.gz or .tgz");
    }

    /** An archive's name for an entry in the common form. Nothing is written by such a name, but it becomes a class. */
    static String normal(String entry) throws IOException {
        String name = entry.replace('\\', '/').replaceAll("/(\\./)+", "/").replaceAll("^(\\./|/)+", "");
        if (name.matches("(.*/)?\\.\\.(/.*)?")) {
            throw new IOException("has the entry '" + entry + "', which leads out of the archive");
        }
        return name;
    }

    /** Files that systems leave behind: .DS_Store, ._image.png, __MACOSX. */
    static boolean isLitter(String name) {
        return name.startsWith("__MACOSX/") || name.startsWith(".") || name.contains("/.");
    }
}
