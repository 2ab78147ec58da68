package io.github.horkd.data;

/** Which of the two views of an image is meant. */
public enum Resolution {
    /** The high-resolution original: what the teacher sees. */
    HIGH,
    /** The low-resolution view of the same image: what the student sees. */
    LOW
}
