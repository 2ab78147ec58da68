package io.github.horkd.distill;

import io.github.horkd.data.Degradation;
import io.github.horkd.data.ImageShape;
import io.github.horkd.data.MemoryImages;
import io.github.horkd.data.PairedImages;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** Pictures that a small network learns in seconds: four bars of different direction, 12×12 against 6×6, with shifts and noise. */
public final class Shapes {

    static final int SIDE = 12;
    private static final List<String> CLASSES = List.of("level", "upright", "falling", "rising");

    private Shapes() {}

    public static PairedImages drawn(int count, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<float[]> pixels = new ArrayList<>();
        int[] labels = IntStream.range(0, count).map(i -> i % 4).toArray();
        List<String> names = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            pixels.add(draw(labels[i], random));
            names.add("shape-" + i);
        }
        return MemoryImages.ofIntensities(
                ImageShape.gray(SIDE), pixels, labels, CLASSES, names, Degradation.downscaleTo(6));
    }

    private static float[] draw(int kind, SplittableRandom random) {
        float[] image = new float[SIDE * SIDE];
        int offset = random.nextInt(5) - 2;
        for (int y = 0; y < SIDE; y++) {
            for (int x = 0; x < SIDE; x++) {
                int distance = switch (kind) {
                    case 0 -> y - SIDE / 2;
                    case 1 -> x - SIDE / 2;
                    case 2 -> x - y;
                    default -> x + y - SIDE + 1;
                };
                double value = Math.abs(distance + offset) <= 1 ? 0.9 : 0.1;
                image[y * SIDE + x] = (float) Math.min(1, Math.max(0, value + 0.1 * random.nextGaussian()));
            }
        }
        return image;
    }
}
