package io.github.horkd.data;

/**
 * An image file without whatever its samples do not need: profiles, thumbnails, texts and notes never reach a decoder, so
 * that none of them can be wrong, change a colour, or cost anything.
 *
 * @param file        what the decoder gets
 * @param orientation how the camera was held, 1 to 8 as Exif counts; 1 is upright
 * @param colours     what the samples of the decoded raster mean
 * @param canvas      where the decoded picture lies
 */
record StrippedFile(byte[] file, int orientation, Colours colours, Canvas canvas) {

    /** A picture that is its own canvas. */
    StrippedFile(byte[] file, int orientation, Colours colours) {
        this(file, orientation, colours, Canvas.NONE);
    }

    enum Colours {
        /** Gray or red, green, blue. */
        PLAIN,
        /** Cyan, magenta, yellow, black; 0 is no ink. */
        INKS,
        /** Inks, 255 is none: as Adobe's programs write JPEGs. */
        INVERTED_INKS,
        /** Inverted inks, the first three coded as luma and chroma. */
        INVERTED_LUMA_INKS
    }
}
