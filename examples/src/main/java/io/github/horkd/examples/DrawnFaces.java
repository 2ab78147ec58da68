package io.github.horkd.examples;

import io.github.horkd.data.Degradation;
import io.github.horkd.data.ImageShape;
import io.github.horkd.data.MemoryImages;
import io.github.horkd.data.PairedImages;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferInt;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Faces drawn from a seed, so that the examples need no pictures of people and nothing to download.
 *
 * <p>A person number decides who it is ({@link DrawnPerson}), a shot number how the person was caught ({@link DrawnShot}): the same two
 * numbers give the same picture. People share their rough look and differ in detail, so that they are told apart easily at 64 pixels
 * and hardly at 12. The drawing is made at twice the size and averaged down; no fonts, no files, no clock.
 *
 * @param side   rows and columns of a picture, in pixels
 * @param colour three channels (red, green, blue) rather than one (gray)
 * @param seed   gives another population for the same person numbers
 */
public record DrawnFaces(int side, boolean colour, long seed) {

    /** Rejects pictures too small to hold a face. */
    public DrawnFaces {
        if (side < 8) {
            throw new IllegalArgumentException("side: wanted at least 8 pixels, got " + side);
        }
    }

    /**
     * Bytes per picture.
     *
     * @return channels × side × side
     */
    public int size() {
        return (colour ? 3 : 1) * side * side;
    }

    /**
     * One picture as numbers.
     *
     * @param person who it is; any number
     * @param shot   which picture of this person; any number
     * @return intensities 0…255 as unsigned bytes, channel after channel, row after row
     */
    public byte[] pixels(long person, long shot) {
        DrawnShot caught = DrawnShot.with(random(random(seed, person, 1).nextLong(), shot, 2));
        BufferedImage canvas = new BufferedImage(2 * side, 2 * side, BufferedImage.TYPE_INT_RGB);
        FacePainter.paint(new DrawnPerson(random(seed, person, 0)), caught, canvas);
        float[] light = averaged(((DataBufferInt) canvas.getRaster().getDataBuffer()).getData());
        Random random = random(caught.background(), 0, 3);
        float noise = (float) (255 * caught.noise());
        byte[] pixels = new byte[light.length];
        for (int i = 0; i < light.length; i++) {
            pixels[i] =
                    (byte) Math.max(0, Math.min(255, Math.round(light[i] + noise * nearlyNormal(random.nextInt()))));
        }
        return pixels;
    }

    /**
     * People 0 … people − 1 with shots 0 … shots − 1 of each, as a source to train on.
     *
     * @param people      how many people: the classes
     * @param shots       pictures of each
     * @param degradation how low resolution comes about
     * @return people × shots pictures, person after person
     */
    public PairedImages pairs(int people, int shots, Degradation degradation) {
        int count = people * shots;
        return MemoryImages.of(
                new ImageShape(colour ? 3 : 1, side, side),
                IntStream.range(0, count)
                        .parallel()
                        .mapToObj(i -> pixels(i / shots, i % shots))
                        .toList(),
                IntStream.range(0, count).map(i -> i / shots).toArray(),
                IntStream.range(0, people).mapToObj(p -> "person " + p).toList(),
                IntStream.range(0, count)
                        .mapToObj(i -> "person " + i / shots + ", shot " + i % shots)
                        .toList(),
                degradation);
    }

    /**
     * One picture as an image.
     *
     * @param person who it is; any number
     * @param shot   which picture of this person; any number
     * @return an image of {@link #side()} pixels to a side
     */
    public BufferedImage image(long person, long shot) {
        return image(pixels(person, shot), side);
    }

    /** Pixels, channel after channel, as an image of the JDK. */
    static BufferedImage image(byte[] pixels, int side) {
        int area = side * side;
        boolean gray = pixels.length == area;
        BufferedImage image = new BufferedImage(side, side, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < area; i++) {
            int red = pixels[i] & 255;
            int green = gray ? red : pixels[area + i] & 255;
            int blue = gray ? red : pixels[2 * area + i] & 255;
            image.setRGB(i % side, i / side, red << 16 | green << 8 | blue);
        }
        return image;
    }

    /** A generator whose stream has nothing to do with that of a neighbouring seed, number or purpose. */
    static Random random(long seed, long number, int purpose) {
        return new Random(scrambled(scrambled(scrambled(seed) + number) + purpose));
    }

    /** Every bit of the result hangs on every bit of the value (the finaliser of SplitMix64). */
    private static long scrambled(long value) {
        long z = value + 0x9E3779B97F4A7C15L;
        z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
        z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
        return z ^ z >>> 31;
    }

    /** Averages 2×2 pixels into one, channel after channel. */
    private float[] averaged(int[] drawing) {
        int area = side * side;
        float[] values = new float[size()];
        for (int y = 0; y < side; y++) {
            for (int x = 0; x < side; x++) {
                int at = 4 * side * y + 2 * x;
                int[] four = {drawing[at], drawing[at + 1], drawing[at + 2 * side], drawing[at + 2 * side + 1]};
                float red = 0;
                float green = 0;
                float blue = 0;
                for (int rgb : four) {
                    red += rgb >> 16 & 255;
                    green += rgb >> 8 & 255;
                    blue += rgb & 255;
                }
                int pixel = y * side + x;
                if (colour) {
                    values[pixel] = red / 4;
                    values[area + pixel] = green / 4;
                    values[2 * area + pixel] = blue / 4;
                } else {
                    values[pixel] = (0.299f * red + 0.587f * green + 0.114f * blue) / 4;
                }
            }
        }
        return values;
    }

    /** Mean 0, deviation 1, near enough to normal for noise: the sum of four bytes, one draw instead of a logarithm and a root. */
    private static float nearlyNormal(int bits) {
        int sum = (bits & 255) + (bits >> 8 & 255) + (bits >> 16 & 255) + (bits >>> 24);
        return (sum - 510) / 147.8f;
    }
}
