package io.github.horkd.examples;

import io.github.horkd.data.ImageFile;
import io.github.horkd.examples.faces.EyePlaces;
import io.github.horkd.examples.faces.Face;
import io.github.horkd.examples.faces.FaceFinder;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import javax.imageio.ImageIO;

/**
 * Finds the faces of a frame and writes each upright, as networks want them: {@code mvn -q -f examples -Dexample=Frames -Ddata=photo.jpg}. The crops are in {@code examples/target/faces};
 * enrol them, or ask a {@code Recogniser} about them. A frame has to be upright, and a face a twentieth of its longer side at least.
 */
public final class Frames {

    private static final int SIDE = 150;

    private Frames() {}

    public static void main(String[] args) throws IOException {
        Settings settings = Settings.ofThisRun();
        Path file = settings.dataOrSay("a photograph of one or several people");
        BufferedImage frame = ImageFile.load(file).toBufferedImage();
        long began = System.nanoTime();
        List<Face> faces = FaceFinder.usual().faces(frame);
        System.out.printf(
                Locale.ROOT,
                "%d faces in %dx%d pixels, %.1f s%n",
                faces.size(),
                frame.getWidth(),
                frame.getHeight(),
                (System.nanoTime() - began) / 1e9);
        Path out = Files.createDirectories(settings.out().resolve("faces"));
        for (int i = 0; i < faces.size(); i++) {
            Face face = faces.get(i);
            Path crop = out.resolve((i + 1) + ".png");
            ImageIO.write(FaceFinder.upright(frame, face, SIDE, EyePlaces.DLIB), "png", crop.toFile());
            System.out.printf(
                    Locale.ROOT,
                    "%s: score %.2f, %.0fx%.0f pixels at %.0f, %.0f%n",
                    crop,
                    face.score(),
                    face.width(),
                    face.height(),
                    face.x(),
                    face.y());
        }
    }
}
