package io.github.horkd.data;

import io.github.horkd.internal.file.CountedInput;
import java.io.IOException;
import java.io.InputStream;

/** What is left of the limits while a folder or an archive is read. */
final class RemainingLimits {

    /** Ends the reading of the whole tree, where a plain IOException may stand for one file. */
    static final class Exceeded extends IOException {

        private static final long serialVersionUID = 1;

        Exceeded(String message) {
            super(message);
        }
    }

    private final Limits limits;
    private long files;
    private long bytes;
    private long stop = Long.MAX_VALUE;
    private String part = "";

    RemainingLimits(Limits limits) {
        this.limits = limits;
    }

    void countFile() throws Exceeded {
        if (++files > limits.maxFiles()) {
            throw new Exceeded(
                    "has more than the " + limits.maxFiles() + " files allowed; raise it with ImageOptions.withLimits");
        }
    }

    /** Allows so many bytes from here on for one part of the file, until the next call. */
    void atMost(long allowed, String what) {
        stop = allowed == Long.MAX_VALUE ? allowed : bytes + allowed;
        part = what;
    }

    /** Counts whatever is read through it, skipped entries included. */
    InputStream counting(InputStream in) {
        return new CountedInput(in, this::count);
    }

    /** A stated size as one of an array. */
    int size(long stated) throws IOException {
        if (stated < 0 || stated > limits.maxFileBytes()) {
            throw new IOException("has more than the " + limits.maxFileBytes() + " bytes allowed");
        }
        return (int) stated;
    }

    /** The bytes of one file. */
    byte[] read(InputStream in) throws IOException {
        byte[] content = in.readNBytes((int) limits.maxFileBytes() + 1);
        if (content.length > limits.maxFileBytes()) {
            throw new IOException("has more than the " + limits.maxFileBytes() + " bytes allowed");
        }
        return content;
    }

    /** Counts zeros that a file stands for without having them. */
    void countHoles(long size) throws Exceeded {
        if (size < 0 || size > limits.maxFileBytes()) {
            throw new Exceeded("has a sparse file of " + size + " bytes, more than the " + limits.maxFileBytes()
                    + " allowed; raise it with ImageOptions.withLimits");
        }
        count(size);
    }

    /** Counts bytes that come from elsewhere than a stream. */
    void count(long got) throws Exceeded {
        bytes += got;
        if (bytes > stop) {
            throw new Exceeded("has " + part + " of more than a mebibyte, which no archive of images needs");
        }
        if (bytes > limits.maxTotalBytes()) {
            throw new Exceeded("holds more than the " + limits.maxTotalBytes()
                    + " bytes allowed; raise it with ImageOptions.withLimits");
        }
    }
}
