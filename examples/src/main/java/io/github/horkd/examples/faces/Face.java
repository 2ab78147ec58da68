package io.github.horkd.examples.faces;

/**
 * A face in a frame; places in pixels of the frame, from its upper left corner.
 *
 * @param score  how sure the detector is, 0…1
 * @param x      left edge of its box
 * @param y      upper edge
 * @param width  of the box
 * @param height of the box
 * @param marks  68 landmarks in the order of the iBUG scheme, x and y after each other
 */
public record Face(double score, double x, double y, double width, double height, double[] marks) {

    /** The first mark of either eye, as seen in the picture, and how many there are of each. */
    private static final int LEFT_EYE = 36;

    private static final int RIGHT_EYE = 42;
    private static final int EYE = 6;

    public Face {
        marks = marks.clone();
    }

    /**
     * The middle of the eye on the left of the picture.
     *
     * @return x and y
     */
    public double[] leftEye() {
        return middle(LEFT_EYE);
    }

    /**
     * The middle of the eye on the right of the picture.
     *
     * @return x and y
     */
    public double[] rightEye() {
        return middle(RIGHT_EYE);
    }

    /** The same face in a frame whose upper left corner lies elsewhere. */
    Face moved(double right, double down) {
        double[] there = marks.clone();
        for (int i = 0; i < there.length; i += 2) {
            there[i] += right;
            there[i + 1] += down;
        }
        return new Face(score, x + right, y + down, width, height, there);
    }

    private double[] middle(int first) {
        double x = 0;
        double y = 0;
        for (int i = first; i < first + EYE; i++) {
            x += marks[2 * i] / EYE;
            y += marks[2 * i + 1] / EYE;
        }
        return new double[] {x, y};
    }
}
