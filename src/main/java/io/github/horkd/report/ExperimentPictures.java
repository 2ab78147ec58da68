package io.github.horkd.report;

import io.github.horkd.data.Resolution;
import io.github.horkd.experiment.RunResult;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;

/** Test pictures that an experiment copied into a run's directory, with the answers about them. */
final class ExperimentPictures {

    private static final int MOST = 12;

    private final RunResult run;

    ExperimentPictures(RunResult run) {
        this.run = run;
    }

    /** Empty where the experiment keeps no pictures. */
    Optional<Section> section() {
        List<RunResult.Answer> kept =
                run.answers().stream().filter(this::isKept).toList();
        List<RunResult.Answer> some = evenly(kept);
        List<Pictures.Row> even = rows(some);
        List<Pictures.Row> wrong = rows(evenly(kept.stream()
                .filter(answer -> !answer.right() && !some.contains(answer))
                .toList()));
        if (even.isEmpty()) {
            return Optional.empty();
        }
        Section section = Section.of(
                Section.PICTURES,
                "Pictures",
                "Test pictures at both resolutions. Below each are the classes of the gallery that are nearest by "
                        + Text.quoted(run.variant()) + "; the first is the answer.",
                new Pictures("Taken evenly from the test pictures", even));
        return Optional.of(wrong.isEmpty() ? section : section.with(new Pictures("More wrong answers", wrong)));
    }

    private boolean isKept(RunResult.Answer answer) {
        return run.picture(answer.picture(), Resolution.HIGH).isPresent()
                && run.picture(answer.picture(), Resolution.LOW).isPresent();
    }

    /** So many at most, from the first to the last: answers stand in the order of their classes. */
    static <T> List<T> evenly(List<T> from) {
        int count = Math.min(MOST, from.size());
        return IntStream.range(0, count)
                .mapToObj(i -> from.get((int) ((i + 0.5) * from.size() / count)))
                .toList();
    }

    private List<Pictures.Row> rows(List<RunResult.Answer> answers) {
        return answers.stream().map(this::row).flatMap(Optional::stream).toList();
    }

    private Optional<Pictures.Row> row(RunResult.Answer answer) {
        Optional<Pictures.Picture> high = picture(answer.picture(), Resolution.HIGH);
        Optional<Pictures.Picture> low = picture(answer.picture(), Resolution.LOW);
        if (high.isEmpty() || low.isEmpty()) {
            return Optional.empty();
        }
        List<Pictures.Answer> nearest = new ArrayList<>();
        for (RunResult.Neighbour near :
                answer.nearest().subList(0, Math.min(3, answer.nearest().size()))) {
            picture(near.picture(), Resolution.HIGH)
                    .ifPresent(face -> nearest.add(new Pictures.Answer(
                            nearest.isEmpty() ? "the answer" : "place " + (nearest.size() + 1),
                            near.person(),
                            near.person().equals(answer.person()),
                            near.cosine(),
                            face)));
        }
        return Optional.of(new Pictures.Row(answer.person(), high.get(), low.get(), nearest));
    }

    private Optional<Pictures.Picture> picture(String name, Resolution view) {
        return run.picture(name, view).flatMap(ExperimentPictures::read);
    }

    /** Decoded and written anew, so that what comes into the page is a picture. */
    private static Optional<Pictures.Picture> read(Path file) {
        try {
            BufferedImage image = ImageIO.read(file.toFile());
            if (image == null) {
                return Optional.empty();
            }
            ByteArrayOutputStream png = new ByteArrayOutputStream();
            ImageIO.write(image, "png", png);
            return Optional.of(new Pictures.Picture(png.toByteArray(), image.getWidth(), image.getHeight()));
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": the picture cannot be read (" + e.getMessage() + ")", e);
        }
    }
}
