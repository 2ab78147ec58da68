package io.github.horkd.data;

import java.io.IOException;
import java.util.Collection;

/** Where decoded images go. Called by several threads. */
interface ImageSink {

    /**
     * Takes an image.
     *
     * @return false when one of this name was there
     * @throws IOException when this image cannot be taken
     */
    boolean add(String name, Bitmap image) throws IOException;

    /** Whether an image needs not be decoded, being there from an earlier run. */
    boolean has(String name);

    /** The names of all that were taken, sorted. */
    Collection<String> names();

    /** Ends the reading when no further image can be taken. */
    void check() throws IOException;
}
