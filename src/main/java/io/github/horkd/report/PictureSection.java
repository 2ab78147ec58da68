package io.github.horkd.report;

import io.github.horkd.data.ImageShape;
import io.github.horkd.data.PairedImages;
import io.github.horkd.data.Pose;
import io.github.horkd.data.Resolution;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;

/** Test pictures with answers: some evenly over the test, and some that the first recogniser got wrong. */
final class PictureSection {

    /** Larger pictures are thinned, so that a page stays small. */
    private static final int LARGEST = 128;

    private static final double GOLDEN_RATIO = 0.6180339887498949;

    private final PairedImages gallery;
    private final PairedImages test;
    private final List<String> names;

    PictureSection(PairedImages gallery, PairedImages test, List<String> names) {
        this.gallery = gallery;
        this.test = test;
        this.names = names;
    }

    Section of(List<Judged> all, int count) {
        int[] labelled = IntStream.range(0, test.size())
                .filter(i -> test.label(i) != PairedImages.UNLABELLED)
                .toArray();
        int[] wrong = IntStream.of(labelled).filter(i -> !all.get(0).right(i)).toArray();
        Section section = Section.of(
                Section.PICTURES,
                "Pictures",
                "Test pictures at both resolutions. Below each is what each recogniser took it for, with the nearest picture of the gallery.",
                new Pictures("Taken evenly from the test pictures", rows(all, spread(labelled, count))));
        return wrong.length == 0
                ? section
                : section.with(new Pictures(
                        "Where " + Text.quoted(all.get(0).by().name()) + " is wrong: " + wrong.length + " of "
                                + labelled.length,
                        rows(all, spread(wrong, count))));
    }

    /** Steps of the golden ratio come to every part of a set, whatever the order that it is in. */
    private static int[] spread(int[] from, int count) {
        return IntStream.range(0, from.length)
                .map(i -> (int) ((i + 1) * GOLDEN_RATIO % 1 * from.length))
                .distinct()
                .limit(count)
                .sorted()
                .map(i -> from[i])
                .toArray();
    }

    private List<Pictures.Row> rows(List<Judged> all, int[] probes) {
        List<Pictures.Row> rows = new ArrayList<>();
        for (int probe : probes) {
            rows.add(new Pictures.Row(
                    names.get(test.label(probe)),
                    picture(test, probe, Resolution.HIGH),
                    picture(test, probe, Resolution.LOW),
                    all.stream()
                            .filter(j -> j.nearest()[probe] >= 0)
                            .map(j -> new Pictures.Answer(
                                    j.by().name(),
                                    names.get(j.answer(probe)),
                                    j.right(probe),
                                    j.cosines()[probe],
                                    picture(gallery, j.nearest()[probe], Resolution.HIGH)))
                            .toList()));
        }
        return rows;
    }

    private static Pictures.Picture picture(PairedImages images, int index, Resolution view) {
        ImageShape shape = images.shape(view);
        float[] values = new float[shape.size()];
        boolean high = view == Resolution.HIGH;
        images.read(index, Pose.IDENTITY, high ? values : null, 0, high ? null : values, 0);
        int step = (Math.max(shape.height(), shape.width()) + LARGEST - 1) / LARGEST;
        int height = shape.height() / step;
        int width = shape.width() / step;
        int plane = shape.height() * shape.width();
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int rgb = 0;
                for (int c = 0; c < 3; c++) {
                    int from = shape.channels() >= 3 ? c * plane : 0;
                    float value = values[from + y * step * shape.width() + x * step];
                    rgb = rgb << 8 | Math.round(255 * Math.min(1, Math.max(0, value)));
                }
                image.setRGB(x, y, rgb);
            }
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            ImageIO.write(image, "png", bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Pictures.Picture(bytes.toByteArray(), shape.width(), shape.height());
    }
}
