package io.github.horkd.data;

/**
 * What reading a folder or an archive may cost, so that a hostile one cannot fill memory or disk. Nothing is ever unpacked
 * to disk; sizes are checked while bytes arrive, not taken from headers, and pixels before an image is decoded.
 *
 * @param maxFiles      entries of the folder or archive, images or not
 * @param maxFileBytes  bytes of one image file, unpacked
 * @param maxTotalBytes bytes of everything, unpacked
 * @param maxPixels     rows × columns of one image
 */
public record Limits(long maxFiles, long maxFileBytes, long maxTotalBytes, long maxPixels) {

    private static final Limits DEFAULT = new Limits(2_000_000, 64L << 20, 64L << 30, 50_000_000);

    /**
     * Rejects limits below 1, and files too large for one array.
     */
    public Limits {
        if (maxFiles < 1
                || maxFileBytes < 1
                || maxFileBytes > Integer.MAX_VALUE - 16
                || maxTotalBytes < 1
                || maxPixels < 1) {
            throw new IllegalArgumentException(
                    "limits: wanted at least 1 each and files below 2 GiB, got " + maxFiles + " files, " + maxFileBytes
                            + " bytes a file, " + maxTotalBytes + " bytes, " + maxPixels + " pixels");
        }
    }

    /** Two million files, 64 MiB a file, 64 GiB in all, 50 million pixels an image. */
    public static Limits defaults() {
        return DEFAULT;
    }

    /** These limits with another number of files. */
    public Limits withMaxFiles(long files) {
        return new Limits(files, maxFileBytes, maxTotalBytes, maxPixels);
    }

    /** These limits with another size of one file, in bytes. */
    public Limits withMaxFileBytes(long bytes) {
        return new Limits(maxFiles, bytes, maxTotalBytes, maxPixels);
    }

    /** These limits with another size of all files together, in bytes. */
    public Limits withMaxTotalBytes(long bytes) {
        return new Limits(maxFiles, maxFileBytes, bytes, maxPixels);
    }

    /** These limits with another size of one image, in pixels. */
    public Limits withMaxPixels(long pixels) {
        return new Limits(maxFiles, maxFileBytes, maxTotalBytes, pixels);
    }
}
