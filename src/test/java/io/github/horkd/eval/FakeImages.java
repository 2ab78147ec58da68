package io.github.horkd.eval;

import io.github.horkd.data.ImageShape;
import io.github.horkd.data.PairedImages;
import io.github.horkd.data.Pose;
import io.github.horkd.data.Resolution;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Images whose pixels are told: HR is the given values, LR the mean of each 2x2 box. A mirrored pose turns rows around.
 */
record FakeImages(ImageShape high, List<String> names, List<String> classes, int[] labels, float[][] pixels)
        implements PairedImages {

    static FakeImages named(ImageShape shape, String... names) {
        int[] labels = IntStream.range(0, names.length).map(i -> UNLABELLED).toArray();
        return new FakeImages(shape, List.of(names), List.of(), labels, new float[names.length][shape.size()]);
    }

    static FakeImages of(ImageShape shape, List<String> classes, int[] labels, float[]... pixels) {
        List<String> names =
                IntStream.range(0, labels.length).mapToObj(i -> "image" + i).toList();
        return new FakeImages(shape, names, classes, labels, pixels);
    }

    @Override
    public int size() {
        return labels.length;
    }

    @Override
    public ImageShape shape(Resolution resolution) {
        return resolution == Resolution.HIGH ? high : new ImageShape(1, high.height() / 2, high.width() / 2);
    }

    @Override
    public int label(int index) {
        return labels[index];
    }

    @Override
    public String name(int index) {
        return names.get(index);
    }

    @Override
    public void read(int index, Pose pose, float[] highTo, int highAt, float[] lowTo, int lowAt) {
        int width = high.width();
        float[] image = new float[high.size()];
        for (int p = 0; p < image.length; p++) {
            int x = pose.mirrored() ? width - 1 - p % width : p % width;
            image[p] = pixels[index][p / width * width + x];
        }
        if (highTo != null) {
            System.arraycopy(image, 0, highTo, highAt, image.length);
        }
        if (lowTo != null) {
            for (int p = 0; p < image.length / 4; p++) {
                int at = 2 * (p / (width / 2)) * width + 2 * (p % (width / 2));
                lowTo[lowAt + p] = (image[at] + image[at + 1] + image[at + width] + image[at + width + 1]) / 4;
            }
        }
    }
}
