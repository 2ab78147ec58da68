package io.github.horkd.examples.guides;

import io.github.horkd.distill.Schedule;
import io.github.horkd.examples.DrawnFaces;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;

/** What stands for yours in the guides' programs: folders of drawn faces, one directory a person, and how long to train. */
final class Drawn {

    private Drawn() {}

    /** Where a guide's program writes. */
    static Path out(String guide) {
        String out = System.getProperty("horkd.out", "");
        return Path.of(out.isEmpty() ? "target" : out).resolve("guides").resolve(guide);
    }

    /** Draws people {@code first} and on, {@code shots} pictures of {@code side} gray pixels each. */
    static Path folder(Path folder, int side, int first, int people, int shots) {
        DrawnFaces faces = new DrawnFaces(side, false, 1);
        IntStream.range(first, first + people).parallel().forEach(person -> {
            Path own = folder.resolve("person-" + person);
            try {
                Files.createDirectories(own);
                for (int shot = 0; shot < shots; shot++) {
                    ImageIO.write(
                            faces.image(person, shot),
                            "png",
                            own.resolve(shot + ".png").toFile());
                }
            } catch (IOException e) {
                throw new UncheckedIOException(own.toString(), e);
            }
        });
        return folder;
    }

    /** So many steps of 32 pictures; with {@code -Dquick=true} a fiftieth, to see that everything works. */
    static Schedule steps(int count) {
        int steps = Boolean.getBoolean("horkd.quick") ? count / 50 : count;
        return Schedule.steps(steps).withBatchSize(32);
    }

    /** So many epochs of a loop of one's own. */
    static int epochs(int count) {
        return Boolean.getBoolean("horkd.quick") ? 2 : count;
    }
}
