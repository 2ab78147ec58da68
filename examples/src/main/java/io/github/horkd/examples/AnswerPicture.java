package io.github.horkd.examples;

import io.github.horkd.data.ImageShape;
import io.github.horkd.data.PairedImages;
import io.github.horkd.data.Pose;
import io.github.horkd.data.Resolution;
import io.github.horkd.data.Split;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.stream.IntStream;

/** From test images and what some contenders answered to an {@link AnswerSheet}. */
final class AnswerPicture {

    private static final int PROBES = 9;

    private AnswerPicture() {}

    static AnswerSheet of(Split split, List<Contender> contenders, List<int[]> named) {
        AnswerSheet sheet = new AnswerSheet(
                contenders.stream().map(c -> c.name().replace(", ", "\n")).toList());
        int[] firstOf = new int[split.train().classes().size()];
        for (int i = split.train().size() - 1; i >= 0; i--) {
            firstOf[split.train().label(i)] = i;
        }
        PairedImages test = split.test();
        for (int column = 0; column < PROBES; column++) {
            int probe = (int) ((column + 0.5) * test.size() / PROBES);
            List<AnswerSheet.Answer> answers = named.stream()
                    .map(classes -> new AnswerSheet.Answer(
                            image(split.train(), firstOf[classes[probe]], Resolution.HIGH),
                            classes[probe] == test.label(probe)))
                    .toList();
            sheet.add(image(test, probe, Resolution.HIGH), image(test, probe, Resolution.LOW), answers);
        }
        return sheet;
    }

    private static BufferedImage image(PairedImages images, int index, Resolution resolution) {
        ImageShape shape = images.shape(resolution);
        float[] values = new float[shape.size()];
        boolean high = resolution == Resolution.HIGH;
        images.read(index, Pose.IDENTITY, high ? values : null, 0, high ? null : values, 0);
        BufferedImage image = new BufferedImage(shape.width(), shape.height(), BufferedImage.TYPE_INT_RGB);
        int plane = shape.height() * shape.width();
        IntStream.range(0, plane).forEach(at -> {
            int rgb = 0;
            for (int c = 0; c < 3; c++) {
                rgb = rgb << 8
                        | Math.round(255
                                * Math.min(1, Math.max(0, values[shape.channels() == 3 ? c * plane + at : at])));
            }
            image.setRGB(at % shape.width(), at / shape.width(), rgb);
        });
        return image;
    }
}
