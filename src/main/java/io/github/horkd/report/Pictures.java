package io.github.horkd.report;

import java.util.List;

/**
 * Test pictures, each with its low-resolution view and what recognisers took it for.
 *
 * @param caption what is shown
 * @param rows    a test picture each
 */
public record Pictures(String caption, List<Row> rows) implements Part {

    public Pictures {
        rows = List.copyOf(rows);
    }

    /**
     * A test picture.
     *
     * @param name    who it shows
     * @param high    at high resolution
     * @param low     as the probe
     * @param answers what recognisers answered
     */
    public record Row(String name, Picture high, Picture low, List<Answer> answers) {

        public Row {
            answers = List.copyOf(answers);
        }
    }

    /**
     * An answer.
     *
     * @param recogniser whose
     * @param name       who it named
     * @param right      whether that is who the picture shows
     * @param cosine     how alike, −1…1
     * @param nearest    the face of the gallery that was nearest
     */
    public record Answer(String recogniser, String name, boolean right, double cosine, Picture nearest) {}

    /**
     * A picture.
     *
     * @param png    its bytes as PNG, not copied
     * @param width  pixels
     * @param height pixels
     */
    public record Picture(byte[] png, int width, int height) {}
}
