package io.github.horkd.report;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Embeddings by one recogniser of a {@link Comparison}: of its probes, and of the pictures that they are held against. Made by {@link Comparison#student},
 * {@link Comparison#naive}, {@link Comparison#teacher}, or from embeddings that anyone made.
 *
 * @param name    what tables call it
 * @param rival   whether it is there to be beaten; drawn dashed
 * @param probes  [N, D], the test pictures as they are recognised
 * @param sharp   [N, D], the same test pictures at high resolution, in the same space
 * @param gallery [M, D], the pictures of the gallery, in the same space
 */
public record ComparedEmbeddings(String name, boolean rival, INDArray probes, INDArray sharp, INDArray gallery) {

    public ComparedEmbeddings {
        wantMatrix(name, "probes", probes, probes.size(0), probes.size(1));
        wantMatrix(name, "sharp", sharp, probes.size(0), probes.size(1));
        wantMatrix(name, "gallery", gallery, gallery.size(0), probes.size(1));
    }

    private static void wantMatrix(String name, String what, INDArray rows, long count, long width) {
        if (rows.rank() != 2 || rows.size(0) != count || rows.size(1) != width) {
            throw new IllegalArgumentException(name + ": " + what + ": wanted [" + count + ", " + width + "], got "
                    + java.util.Arrays.toString(rows.shape()));
        }
    }
}
