package io.github.horkd.examples.watchlist;

import io.github.horkd.data.Degradation;
import io.github.horkd.data.ImageFolder;
import io.github.horkd.data.ImageShape;
import io.github.horkd.data.Limits;
import io.github.horkd.data.PairedImages;
import io.github.horkd.guide.Guide;
import io.github.horkd.guide.Scaling;
import io.github.horkd.model.Network;
import io.github.horkd.onnx.OnnxGuide;
import io.github.horkd.onnx.OnnxGuideBuilder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Starts the watchlist and says where it is; README.md lists the settings. Without networks it trains some on drawn faces first.
 */
public final class WatchlistExample {

    /** 8 MiB and 16 million pixels a picture: what a telephone takes. Files and bytes in all have no meaning here. */
    static final Limits LIMITS = new Limits(1, 8 << 20, 8 << 20, 16_000_000);

    private static final double CHOSEN = 0.5;
    private static final double RATE = 0.001;
    /** Enough for a student of a face model; more is better. */
    private static final int STEPS = 5000;
    /** The short training of the drawn faces would accept hardly anybody at the usual rate. */
    private static final double DRAWN_RATE = 0.01;

    private WatchlistExample() {}

    public static void main(String[] args) throws Exception {
        Path out = Path.of(given("out").orElse("target"));
        boolean demo = given("teacher").isEmpty() && given("student").isEmpty();
        Ready ready = demo
                ? new Ready(
                        DrawnDemo.recognisers(out.resolve("drawn"), number("rate", DRAWN_RATE), DrawnDemo.Effort.USUAL),
                        Optional.empty())
                : own(out);
        List<Tryout> tryouts = List.of();
        Optional<String> hint = Optional.empty();
        if (demo) {
            Path pictures = DrawnDemo.picturesToTry(out.resolve("drawn"), DrawnDemo.clearest(ready.recognisers()));
            tryouts = Tryout.of(pictures);
            hint = Optional.of(
                    "These networks know drawn faces only. The samples are in " + pictures.toAbsolutePath()
                            + ", to drag from there too. Ada is one who is recognised; with so short a training others are not.");
        }
        // Faces lie in photographs as they lie in the pictures that were learned from, or that the threshold is
        // calibrated on.
        Optional<FaceCuts> faces = given("faces")
                .filter(Boolean::parseBoolean)
                .map(yes -> ready.pictures().map(FaceCuts::as).orElseGet(FaceCuts::dlib));
        Watchlist watchlist =
                new Watchlist(ready.recognisers(), LIMITS, given("gallery").map(Path::of), faces);
        WatchlistServer server = WatchlistServer.start(
                watchlist,
                new WatchlistServer.Place(
                        given("host").orElse("127.0.0.1"),
                        whole("port", 8080),
                        given("login").map(Path::of).map(Login::in),
                        Uploads.Pace.USUAL),
                hint,
                tryouts);
        hint.ifPresent(System.out::println);
        System.out.println("The watchlist is at " + server.address() + " (Ctrl-C ends it)");
    }

    /** Who recognises, and the sharp pictures that were learned from or calibrated on. */
    private record Ready(Recognisers recognisers, Optional<PairedImages> pictures) {}

    private static Ready own(Path out) throws IOException {
        Guide teacher = teacher(file("teacher"));
        Optional<Path> data = given("data").map(Path::of);
        if (given("student").isEmpty() && data.isPresent()) {
            PairedImages pictures = pictures(data.get(), teacher, Degradation.downscaleTo(TaughtStudent.SMALL));
            int steps = whole("steps", STEPS);
            Path kept = out.resolve("taught").resolve(TaughtStudent.name(teacher, data.get(), steps));
            return new Ready(
                    TaughtStudent.recognisers(teacher, pictures, kept, steps, number("rate", RATE)),
                    Optional.of(pictures));
        }
        Network student = Network.load(file("student"));
        if (student.embeddingSpace().isEmpty() && teacher.embeddingWidth() != student.embeddingWidth()) {
            throw new IllegalArgumentException(
                    "student: wanted embeddings as wide as the teacher's, " + teacher.embeddingWidth() + ", got "
                            + student.embeddingWidth() + "; is it distilled from this teacher?");
        }
        if (data.isEmpty()) {
            return new Ready(Recognisers.at(number("threshold", CHOSEN), teacher, student), Optional.empty());
        }
        ImageShape small = student.input().shape();
        PairedImages heldOut = pictures(data.get(), teacher, Degradation.downscaleTo(small.height(), small.width()));
        return new Ready(Recognisers.calibrated(teacher, student, heldOut, number("rate", RATE)), Optional.of(heldOut));
    }

    private static PairedImages pictures(Path data, Guide teacher, Degradation small) {
        return ImageFolder.open(data, teacher.input().shape(), small);
    }

    /** A network of ours, or a model from elsewhere as an ONNX file. */
    private static Guide teacher(Path file) {
        if (!file.toString().endsWith(".onnx")) {
            return Network.load(file);
        }
        OnnxGuideBuilder model = OnnxGuide.from(file);
        given("scaling").map(Scaling::parse).ifPresent(model::scaling);
        return model.open();
    }

    private static Path file(String name) {
        return given(name)
                .map(Path::of)
                .orElseThrow(() -> new IllegalArgumentException(name + ": wanted -D" + name
                        + "=… beside the other network, or neither to try drawn faces, got nothing"
                        + (name.equals("student") ? "; with -Ddata=… a student is taught by this teacher" : "")));
    }

    private static int whole(String name, int otherwise) {
        double number = number(name, otherwise);
        if (number != (int) number || number < 0) {
            throw new IllegalArgumentException(
                    name + ": wanted a whole number, got " + given(name).orElse(""));
        }
        return (int) number;
    }

    private static double number(String name, double otherwise) {
        String text = given(name).orElse(Double.toString(otherwise));
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(name + ": wanted a number, got " + text, e);
        }
    }

    private static Optional<String> given(String name) {
        return Optional.ofNullable(System.getProperty("horkd." + name))
                .map(String::strip)
                .filter(text -> !text.isEmpty());
    }
}
