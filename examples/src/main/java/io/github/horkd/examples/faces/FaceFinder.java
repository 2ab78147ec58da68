package io.github.horkd.examples.faces;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.AffineTransform;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Finds faces in a frame and cuts them out upright: turned, scaled and moved so that the eyes come to stand where they stand in the pictures that a network was trained on. Safe to
 * use from several threads.
 */
public final class FaceFinder {

    private static final int SIDE = 416;
    private static final double LEAST = 0.5;
    /**
     * As shares of the longer side. The detector knows faces that are small beside the frame: of 30 pictures that a face filled, seen at 416 pixels, it found 5 as they were, 26 with the second
     * border and 29 with the third.
     */
    private static final double[] BORDERS = {0, 0.5, 1};

    private final FaceDetector detector;
    private final FaceLandmarks landmarks = new FaceLandmarks();

    private FaceFinder(FaceDetector detector) {
        this.detector = detector;
    }

    /**
     * A frame is seen at 416 pixels, and a score of a half is a face.
     *
     * @return a finder, to be made once
     */
    public static FaceFinder usual() {
        return seeing(SIDE, LEAST);
    }

    /**
     * For smaller faces, or faster.
     *
     * @param side  the longer side at which a frame is seen, a multiple of 32: 160 for portraits, 608 for groups
     * @param least the score from which a box is taken for a face, 0…1
     * @return a finder, to be made once
     */
    public static FaceFinder seeing(int side, double least) {
        if (side < 64 || side % 32 != 0 || !(least > 0 && least < 1)) {
            throw new IllegalArgumentException(
                    "finder: wanted a side of 64 or more, a multiple of 32, and a score between 0 and 1, got " + side
                            + " and " + least);
        }
        return new FaceFinder(new FaceDetector(side, least));
    }

    /**
     * The faces of a frame. Where none is found, a border is put around it: a face that fills the picture needs one.
     *
     * @param frame upright
     * @return the most certain first
     */
    public List<Face> faces(BufferedImage frame) {
        for (double border : BORDERS) {
            int around = (int) Math.round(border * Math.max(frame.getWidth(), frame.getHeight()));
            List<Face> found = found(around == 0 ? frame : bordered(frame, around));
            if (!found.isEmpty()) {
                return found.stream().map(face -> face.moved(-around, -around)).toList();
            }
        }
        return List.of();
    }

    private List<Face> found(BufferedImage frame) {
        return detector.boxes(frame).stream()
                .map(box ->
                        new Face(box.score(), box.x(), box.y(), box.width(), box.height(), landmarks.of(frame, box)))
                .toList();
    }

    private static BufferedImage bordered(BufferedImage frame, int around) {
        BufferedImage larger = new BufferedImage(
                frame.getWidth() + 2 * around, frame.getHeight() + 2 * around, BufferedImage.TYPE_INT_RGB);
        Graphics2D canvas = larger.createGraphics();
        canvas.setColor(Color.GRAY);
        canvas.fillRect(0, 0, larger.getWidth(), larger.getHeight());
        canvas.drawImage(frame, around, around, null);
        canvas.dispose();
        return larger;
    }

    /**
     * Where the eyes stand in pictures of one face each, as a network was taught on them: the medians of those whose face is found.
     *
     * @param pictures square; some dozens are enough
     * @return empty where fewer than half of the faces are found
     */
    public Optional<EyePlaces> eyePlaces(List<BufferedImage> pictures) {
        List<Double> distances = new ArrayList<>();
        List<Double> heights = new ArrayList<>();
        for (BufferedImage picture : pictures) {
            faces(picture).stream().findFirst().ifPresent(face -> {
                double[] left = face.leftEye();
                double[] right = face.rightEye();
                distances.add(Math.hypot(right[0] - left[0], right[1] - left[1]) / picture.getWidth());
                heights.add((left[1] + right[1]) / 2 / picture.getHeight());
            });
        }
        return distances.isEmpty() || 2 * distances.size() < pictures.size()
                ? Optional.empty()
                : Optional.of(new EyePlaces(median(distances), median(heights)));
    }

    private static double median(List<Double> values) {
        return values.stream().sorted().skip(values.size() / 2).findFirst().orElseThrow();
    }

    /**
     * Cuts a face out, upright.
     *
     * @param frame where it was found
     * @param face  which
     * @param side  rows and columns of the result
     * @param pose  where the eyes come to stand
     * @return in colour; black where the frame ends
     */
    public static BufferedImage upright(BufferedImage frame, Face face, int side, EyePlaces pose) {
        double[] left = face.leftEye();
        double[] right = face.rightEye();
        double dx = right[0] - left[0];
        double dy = right[1] - left[1];
        double scale = side * pose.distance() / Math.hypot(dx, dy);
        AffineTransform move = new AffineTransform();
        move.translate(side / 2.0, side * pose.height());
        move.scale(scale, scale);
        move.rotate(-Math.atan2(dy, dx));
        move.translate(-(left[0] + right[0]) / 2, -(left[1] + right[1]) / 2);
        // Drawn at twice the size or more where the frame is larger, and averaged down.
        int finer = (int) Math.max(1, Math.min(8, Math.ceil(1 / scale)));
        BufferedImage fine = new BufferedImage(side * finer, side * finer, BufferedImage.TYPE_INT_RGB);
        AffineTransform enlarged = AffineTransform.getScaleInstance(finer, finer);
        enlarged.concatenate(move);
        Graphics2D canvas = fine.createGraphics();
        canvas.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
        canvas.drawImage(frame, enlarged, null);
        canvas.dispose();
        return finer == 1 ? fine : averaged(fine, finer);
    }

    private static BufferedImage averaged(BufferedImage fine, int finer) {
        int side = fine.getWidth() / finer;
        BufferedImage small = new BufferedImage(side, side, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < side; y++) {
            for (int x = 0; x < side; x++) {
                int[] sums = new int[3];
                for (int at = 0; at < finer * finer; at++) {
                    int rgb = fine.getRGB(x * finer + at % finer, y * finer + at / finer);
                    for (int c = 0; c < 3; c++) {
                        sums[c] += rgb >> 16 - 8 * c & 0xff;
                    }
                }
                int all = finer * finer;
                small.setRGB(
                        x,
                        y,
                        (sums[0] + all / 2) / all << 16 | (sums[1] + all / 2) / all << 8 | (sums[2] + all / 2) / all);
            }
        }
        return small;
    }
}
