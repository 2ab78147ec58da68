package io.github.horkd.experiment;

import io.github.horkd.data.PairedImages;
import io.github.horkd.data.Pose;
import io.github.horkd.data.Resolution;
import io.github.horkd.distill.TrainingEvent;
import io.github.horkd.distill.TrainingListener;
import io.github.horkd.experiment.RunResult.Epoch;
import io.github.horkd.experiment.RunResult.TrainedNetwork;
import io.github.horkd.experiment.RunResult.ValidationPoint;
import io.github.horkd.internal.file.Sha256;
import io.github.horkd.internal.file.WholeFile;
import io.github.horkd.model.Network;
import io.github.horkd.onnx.OnnxExport;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The directory of one run: written after every epoch, gone on with where it is there already. */
final class RunFiles implements TrainingListener {

    private static final Logger LOG = LoggerFactory.getLogger(RunFiles.class);
    private static final String PICTURES = "pictures";
    private static final int SPEED_BATCH = 64;
    private static final int SPEED_RUNS = 12;
    private static final int WARM_UP = 3;
    /** Epochs of a step or two end many times a second, and every file is forced to the disk. */
    private static final long PAUSE_NANOS = 1_000_000_000L;

    final Path directory;
    private final String variant;
    private final long seed;
    private final Runnable written;
    private final List<Epoch> epochs;
    private final List<ValidationPoint> validation;
    private final List<TrainedNetwork> networks = new ArrayList<>();
    private final RunDirectory.Summary before;
    private double secondsBefore;
    private long began = System.nanoTime();
    private long told = began;

    RunFiles(Path directory, String variant, long seed, Runnable written) {
        this.directory = directory;
        this.variant = variant;
        this.seed = seed;
        this.written = written;
        Path run = directory.resolve(RunDirectory.RUN);
        before = Files.exists(run)
                ? RunDirectory.read(RunDirectory.Summary.class, run)
                : new RunDirectory.Summary(variant, seed, RunState.PLANNED, 0, Map.of(), List.of());
        RunDirectory.History history = RunDirectory.orElse(
                RunDirectory.History.class, directory.resolve(RunDirectory.HISTORY), RunDirectory.History.EMPTY);
        epochs = new ArrayList<>(history.epochs());
        validation = new ArrayList<>(history.validation());
        secondsBefore = before.seconds();
    }

    boolean finished() {
        return before.state() == RunState.FINISHED;
    }

    RunDirectory.Summary summary() {
        return before;
    }

    void begin() {
        began = System.nanoTime();
        write(RunState.RUNNING, Map.of());
    }

    @Override
    public void on(TrainingEvent event) {
        if (event instanceof TrainingEvent.EpochFinished e) {
            // An epoch that is run again after an interruption takes the place of itself, and of nothing else.
            epochs.removeIf(each -> each.stage().equals(e.stage()) && each.epoch() == e.epoch());
            epochs.add(new Epoch(
                    e.stage(),
                    e.epoch(),
                    e.epochs(),
                    e.loss(),
                    e.heldOutLoss().orElse(Double.NaN),
                    e.learningRate(),
                    e.pairsPerSecond(),
                    e.terms()));
            keepHistory();
            if (System.nanoTime() - told >= PAUSE_NANOS) {
                write(RunState.RUNNING, Map.of());
            }
        } else if (event instanceof TrainingEvent.Validated e) {
            validation.removeIf(each -> each.stage().equals(e.stage()) && each.epoch() == e.epoch());
            validation.add(new ValidationPoint(
                    e.stage(), e.epoch(), e.rankOne(), e.auc(), e.naiveRankOne(), e.naiveAuc(), e.best()));
            write(RunState.RUNNING, Map.of());
        } else if (event instanceof TrainingEvent.StageFinished e) {
            add(e.stage(), e.network(), e.took().toMillis() / 1000.0, e.bestEpoch());
        } else if (event instanceof TrainingEvent.StageSkipped e) {
            before.networks().stream()
                    .filter(known -> known.name().equals(e.stage()))
                    .findFirst()
                    .ifPresentOrElse(
                            networks::add,
                            () -> add(
                                    e.stage(),
                                    e.network(),
                                    Double.NaN,
                                    Integer.parseInt(e.network().provenance().getOrDefault("epoch", "0"))));
        }
    }

    private void add(String stage, Network network, double seconds, int bestEpoch) {
        Path file = directory.resolve(stage + ".zip");
        networks.add(new TrainedNetwork(
                stage,
                file.getFileName().toString(),
                exported(network, stage),
                network.parameterCount(),
                size(file),
                seconds,
                bestEpoch,
                imagesPerSecond(network)));
    }

    private String exported(Network network, String stage) {
        Path file = directory.resolve(stage + ".onnx");
        try {
            OnnxExport.write(network, file);
            return file.getFileName().toString();
        } catch (IllegalStateException | IllegalArgumentException | NoClassDefFoundError e) {
            LOG.info("{}: not written as ONNX: {}", stage, e.getMessage());
            return "";
        }
    }

    private static long size(Path file) {
        try {
            return Files.exists(file) ? Files.size(file) : 0;
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": its size could not be read", e);
        }
    }

    /** The median after a warm-up. */
    private static double imagesPerSecond(Network network) {
        var shape = network.input().shape();
        INDArray images =
                Nd4j.valueArrayOf(new long[] {SPEED_BATCH, shape.channels(), shape.height(), shape.width()}, 0.5f);
        double[] seconds = new double[SPEED_RUNS];
        for (int i = 0; i < seconds.length; i++) {
            long start = System.nanoTime();
            network.embed(images);
            seconds[i] = (System.nanoTime() - start) / 1e9;
        }
        double[] warm = java.util.Arrays.copyOfRange(seconds, WARM_UP, seconds.length);
        java.util.Arrays.sort(warm);
        return SPEED_BATCH / warm[warm.length / 2];
    }

    void write(RunState state, Map<String, Double> figures) {
        double seconds = secondsBefore + (System.nanoTime() - began) / 1e9;
        keepHistory();
        RunDirectory.write(
                directory.resolve(RunDirectory.RUN),
                "the state of a run",
                new RunDirectory.Summary(variant, seed, state, seconds, figures, List.copyOf(networks)));
        written.run();
        told = System.nanoTime();
    }

    /** After every epoch: a checkpoint may be the next thing that is written, and whoever goes on from it has the lines before. */
    private void keepHistory() {
        RunDirectory.write(
                directory.resolve(RunDirectory.HISTORY),
                "the history of a run",
                new RunDirectory.History(List.copyOf(epochs), List.copyOf(validation)));
    }

    void finish(List<String> columns, double[] figures) {
        Map<String, Double> named = new LinkedHashMap<>();
        IntStream.range(0, figures.length).forEach(i -> named.put(columns.get(i), figures[i]));
        write(RunState.FINISHED, named);
    }

    void evaluation(RunDirectory.EvaluationDetails details) {
        RunDirectory.write(directory.resolve(RunDirectory.EVALUATION), "the evaluation of a run", details);
    }

    /** Copies the pictures that a report shows: some of the test, and the nearest of the gallery. */
    void pictures(Trial trial, RunDirectory.EvaluationDetails details, int count) {
        PairedImages test = trial.set(trial.test());
        PairedImages gallery = trial.gallerySet().isEmpty() ? test : trial.set(trial.gallerySet());
        Map<String, Integer> enrolled = places(gallery);
        Map<String, Integer> probes = places(test);
        int answers = details.answers().size();
        for (int k = 0; k < Math.min(count, answers); k++) {
            RunResult.Answer answer = details.answers().get((int) ((long) k * answers / Math.min(count, answers)));
            picture(test, probes.get(answer.picture()), Resolution.HIGH);
            picture(test, probes.get(answer.picture()), Resolution.LOW);
            answer.nearest().forEach(near -> picture(gallery, enrolled.get(near.picture()), Resolution.HIGH));
        }
    }

    private static Map<String, Integer> places(PairedImages images) {
        Map<String, Integer> places = new LinkedHashMap<>();
        IntStream.range(0, images.size()).forEach(i -> places.putIfAbsent(images.name(i), i));
        return places;
    }

    private void picture(PairedImages images, int index, Resolution view) {
        Path file = pictureFile(directory, images.name(index), view);
        if (Files.exists(file)) {
            return;
        }
        INDArray pixels = images.batch(view, new int[] {index}, Pose.IDENTITY);
        int height = (int) pixels.size(2);
        int width = (int) pixels.size(3);
        boolean gray = pixels.size(1) == 1;
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int rgb = 0;
                for (int c = 0; c < 3; c++) {
                    double value = pixels.getDouble(0, gray ? 0 : c, y, x);
                    rgb = rgb << 8 | (int) Math.round(255 * Math.max(0, Math.min(1, value)));
                }
                image.setRGB(x, y, rgb);
            }
        }
        WholeFile.write(file, "a picture", out -> ImageIO.write(image, "png", out));
    }

    static Path pictureFile(Path directory, String name, Resolution view) {
        return directory
                .resolve(PICTURES)
                .resolve(Sha256.create().text(name).hex() + (view == Resolution.HIGH ? "-high.png" : "-low.png"));
    }
}
