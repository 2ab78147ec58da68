package io.github.horkd.examples;

import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.nio.file.Path;

/**
 * Shows whom the Quickstart works with: a sheet of drawn people, one to a row, six shots at 64 pixels and the first three again at 16.
 *
 * <pre>  mvn -q -f examples -Dexample=DrawnFacesSheet [-Dseed=1] [-Dout=folder]</pre>
 * It takes two seconds and prints where the sheet is.
 */
public final class DrawnFacesSheet {

    private static final int PEOPLE = 8;
    private static final int SHOTS = 6;
    private static final int BLURRED = 3;
    private static final int TILE = 128;

    private DrawnFacesSheet() {}

    /**
     * Draws the sheet.
     *
     * @param args none; see {@link Settings}
     */
    public static void main(String[] args) {
        Settings settings = Settings.ofThisRun();
        DrawnFaces faces = new DrawnFaces(64, true, settings.seed());
        BufferedImage sheet = new BufferedImage((SHOTS + BLURRED) * TILE, PEOPLE * TILE, BufferedImage.TYPE_INT_RGB);
        Graphics2D g = sheet.createGraphics();
        g.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_NEAREST_NEIGHBOR);
        for (int person = 0; person < PEOPLE; person++) {
            for (int shot = 0; shot < SHOTS; shot++) {
                BufferedImage image = faces.image(person, shot);
                g.drawImage(image, shot * TILE, person * TILE, TILE, TILE, null);
                if (shot < BLURRED) {
                    g.drawImage(quartered(image), (SHOTS + shot) * TILE, person * TILE, TILE, TILE, null);
                }
            }
        }
        g.dispose();
        Path file = settings.out().resolve("drawn-faces.png");
        AnswerSheet.writePng(sheet, file);
        System.out.println(PEOPLE + " drawn people, 64 and 16 pixels: " + file.toAbsolutePath());
    }

    /** Averages blocks of 4×4 pixels. */
    private static BufferedImage quartered(BufferedImage image) {
        BufferedImage small =
                new BufferedImage(image.getWidth() / 4, image.getHeight() / 4, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < small.getHeight(); y++) {
            for (int x = 0; x < small.getWidth(); x++) {
                int[] sum = new int[3];
                for (int rgb : image.getRGB(4 * x, 4 * y, 4, 4, null, 0, 4)) {
                    sum[0] += rgb >> 16 & 255;
                    sum[1] += rgb >> 8 & 255;
                    sum[2] += rgb & 255;
                }
                small.setRGB(x, y, sum[0] / 16 << 16 | sum[1] / 16 << 8 | sum[2] / 16);
            }
        }
        return small;
    }
}
