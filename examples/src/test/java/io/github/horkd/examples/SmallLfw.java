package io.github.horkd.examples;

import io.github.horkd.data.ImageShape;
import io.github.horkd.guide.Input;
import io.github.horkd.guide.Scaling;
import io.github.horkd.model.Backbone;
import io.github.horkd.model.Head;
import io.github.horkd.model.Network;
import io.github.horkd.onnx.OnnxExport;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;

/** A data set as LFW lies on disk: 16 people of three pictures each, half of them the test's, two folds; and a teacher that learned nothing. */
final class SmallLfw {

    private static final int SIDE = 130;
    private static final int PEOPLE = 16;

    private SmallLfw() {}

    /** Draws it. */
    static Map<String, String> in(Path folder) throws IOException {
        Path pictures = folder.resolve("pictures");
        for (int p = 0; p < PEOPLE; p++) {
            Path own = Files.createDirectories(pictures.resolve(name(p)));
            for (int k = 1; k <= 3; k++) {
                Path file = own.resolve(String.format("%s_%04d.png", name(p), k));
                ImageIO.write(picture(p, k), "png", file.toFile());
            }
        }
        people(folder.resolve("peopleDevTrain.txt"), 0, 8);
        people(folder.resolve("peopleDevTest.txt"), 8, PEOPLE);
        Files.writeString(folder.resolve("pairsDevTrain.txt"), "6\n" + pairs(0, 6));
        Files.writeString(folder.resolve("pairsDevTest.txt"), "6\n" + pairs(8, 6));
        Files.writeString(folder.resolve("people.txt"), "2\n8\n" + list(0, 8) + "8\n" + list(8, PEOPLE));
        Files.writeString(folder.resolve("pairs.txt"), "2\t6\n" + pairs(0, 6) + pairs(8, 6));
        Network teacher = Network.create(
                Backbone.plain(2, 128),
                new Head.Softmax(),
                new Input(ImageShape.colour(150), Scaling.ZERO_ONE),
                List.of(),
                1);
        Path model = folder.resolve("teacher.onnx");
        OnnxExport.of(teacher).withoutMetadata().write(model);
        return Map.of("data", pictures.toString(), "protocol", folder.toString(), "teacher", model.toString());
    }

    private static String name(int person) {
        return String.format("Some_Person_%c", 'A' + person);
    }

    private static void people(Path file, int from, int to) throws IOException {
        Files.writeString(file, to - from + "\n" + list(from, to));
    }

    private static String list(int from, int to) {
        return IntStream.range(from, to).mapToObj(p -> name(p) + "\t3\n").collect(Collectors.joining());
    }

    /** Matched pairs, and as many mismatched ones. */
    private static String pairs(int from, int count) {
        return IntStream.range(from, from + count)
                        .mapToObj(p -> name(p) + "\t1\t2\n")
                        .collect(Collectors.joining())
                + IntStream.range(from, from + count)
                        .mapToObj(p -> name(p) + "\t1\t" + name(p + 1) + "\t3\n")
                        .collect(Collectors.joining());
    }

    /** A soft pattern of its own for each person, with noise. */
    private static BufferedImage picture(int person, int number) {
        double[] waves = new SplittableRandom(person).doubles(6, -0.15, 0.15).toArray();
        SplittableRandom random = new SplittableRandom(100L * person + number);
        BufferedImage image = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < SIDE; y++) {
            for (int x = 0; x < SIDE; x++) {
                int rgb = 0;
                for (int c = 0; c < 3; c++) {
                    double value = 127 + 90 * Math.sin(waves[2 * c] * x + waves[2 * c + 1] * y) + random.nextDouble(30);
                    rgb = rgb << 8 | (int) Math.min(Math.max(value, 0), 255);
                }
                image.setRGB(x, y, rgb);
            }
        }
        return image;
    }
}
