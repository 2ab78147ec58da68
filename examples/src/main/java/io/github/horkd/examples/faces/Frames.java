package io.github.horkd.examples.faces;

import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;

/** Frames as networks take them. */
final class Frames {

    private Frames() {}

    /** A square of the given side with the whole frame in it, at its upper left or in its middle, black around it; (x − mean) / 255. */
    static Maps squared(BufferedImage frame, int side, boolean centred, float[] mean) {
        double scale = (double) side / Math.max(frame.getWidth(), frame.getHeight());
        int width = (int) Math.max(1, Math.round(frame.getWidth() * scale));
        int height = (int) Math.max(1, Math.round(frame.getHeight() * scale));
        BufferedImage square = new BufferedImage(side, side, BufferedImage.TYPE_INT_RGB);
        Graphics2D canvas = square.createGraphics();
        canvas.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
        canvas.drawImage(
                halved(frame, width, height),
                centred ? (side - width) / 2 : 0,
                centred ? (side - height) / 2 : 0,
                width,
                height,
                null);
        canvas.dispose();
        int[] pixels = square.getRGB(0, 0, side, side, null, 0, side);
        float[][] planes = new float[3][pixels.length];
        for (int p = 0; p < pixels.length; p++) {
            for (int c = 0; c < 3; c++) {
                planes[c][p] = ((pixels[p] >> 16 - 8 * c & 0xff) - mean[c]) / 255;
            }
        }
        return new Maps(side, side, planes);
    }

    /** Halved until one bilinear step is left, so that no pixel is passed over. */
    private static BufferedImage halved(BufferedImage frame, int width, int height) {
        BufferedImage now = frame;
        while (now.getWidth() >= 2 * width
                && now.getHeight() >= 2 * height
                && now.getWidth() > 1
                && now.getHeight() > 1) {
            BufferedImage half = new BufferedImage(now.getWidth() / 2, now.getHeight() / 2, BufferedImage.TYPE_INT_RGB);
            Graphics2D canvas = half.createGraphics();
            canvas.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
            canvas.drawImage(now, 0, 0, half.getWidth(), half.getHeight(), null);
            canvas.dispose();
            now = half;
        }
        return now;
    }
}
