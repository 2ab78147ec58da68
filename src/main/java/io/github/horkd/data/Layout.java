package io.github.horkd.data;

/** Where the class of an image stands. */
public enum Layout {
    /** {@code anna/1.png}: one directory for each class, all of them perhaps in one more; nothing lies deeper. */
    CLASS_DIRECTORIES,
    /** {@code anna/monday/1.png}: the first directory is the class, whatever lies between. No directory is taken for a wrapping one. */
    FIRST_DIRECTORY,
    /**
     * {@code greek/alpha/1.png}: the directory that the image lies in is the class. Its path is the class's name
     * ({@code greek/alpha}), so that two of one name stay apart.
     */
    LEAF_DIRECTORY,
    /** A list file says it; see {@link ImageOptions#withList}. */
    LIST,
    /** Nowhere: images at any depth, without a class. */
    UNLABELLED
}
