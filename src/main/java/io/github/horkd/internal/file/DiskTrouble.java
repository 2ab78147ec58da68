package io.github.horkd.internal.file;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;

/** What went wrong with a disk, in words. Java gives the system's own words at best, and only the name of the file at worst. */
final class DiskTrouble {

    private DiskTrouble() {}

    /** The rest of a sentence about something that could not be written in a directory. */
    static String words(Path directory, IOException e) {
        String said = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
        if (said.contains("no space left") || said.contains("not enough space") || said.contains("disk full")) {
            return "the disk is full (" + free(directory) + " bytes free in " + directory
                    + "); make room, or write to another disk";
        }
        if (said.contains("quota")) {
            return "the quota of the disk is used up in " + directory + "; make room, or write to another disk";
        }
        if (said.contains("read-only file system")) {
            return "the disk is read-only at " + directory + "; write to another one";
        }
        if (e instanceof NoSuchFileException && !Files.isDirectory(directory)) {
            return "there is no directory " + directory;
        }
        if (e instanceof FileAlreadyExistsException) {
            return "a file is in the way where a directory is wanted: " + e.getMessage();
        }
        if (e instanceof AccessDeniedException || Files.isDirectory(directory) && !Files.isWritable(directory)) {
            return "this user may not write in " + directory + " (" + e + ")";
        }
        return "(" + e + "); can files be made in " + directory + "?";
    }

    private static String free(Path directory) {
        try {
            return Long.toString(Files.getFileStore(directory).getUsableSpace());
        } catch (IOException e) {
            return "unknown";
        }
    }
}
