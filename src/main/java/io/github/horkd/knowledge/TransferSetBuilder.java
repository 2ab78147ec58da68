package io.github.horkd.knowledge;

import io.github.horkd.data.ImagePass;
import io.github.horkd.data.ImageShape;
import io.github.horkd.data.PairedImages;
import io.github.horkd.data.Pose;
import io.github.horkd.data.Resolution;
import io.github.horkd.guide.Embeddings;
import io.github.horkd.guide.KnowledgeSource;
import io.github.horkd.internal.file.WholeFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says what a shard of a {@link TransferSet} is to hold, and writes it in one pass over the pictures. */
public final class TransferSetBuilder {

    private static final Logger LOG = LoggerFactory.getLogger(TransferSetBuilder.class);
    private static final long SAID_EVERY = 10_000_000_000L;

    private final ImagePass pass;
    private KnowledgeSource guide;
    private KnownPoses poses = KnownPoses.asIs();
    private Precision precision = Precision.FLOAT32;
    private Consumer<TransferProgress> listener = progress -> {};

    TransferSetBuilder(ImagePass pass) {
        this.pass = Objects.requireNonNull(pass, "pass");
    }

    /**
     * Asks a guide about the high-resolution view in every pose.
     *
     * @param source sees pixels, in the shape of the pass's high-resolution view
     * @return this
     */
    public TransferSetBuilder guide(KnowledgeSource source) {
        if (!source.seesPixels()) {
            throw new IllegalArgumentException(
                    "guide: wanted one that sees pixels, got answers by names; train with those as they are");
        }
        this.guide = source;
        return this;
    }

    /**
     * Keeps every picture in other poses than as it is.
     *
     * @param wanted K of them; drawn ones are drawn by a picture's name
     * @return this
     */
    public TransferSetBuilder poses(KnownPoses wanted) {
        this.poses = Objects.requireNonNull(wanted, "poses");
        return this;
    }

    /**
     * Keeps the guide's answers in another precision than float32.
     *
     * @param wanted of each value
     * @return this
     */
    public TransferSetBuilder precision(Precision wanted) {
        this.precision = Objects.requireNonNull(wanted, "precision");
        return this;
    }

    /**
     * Tells somebody how far the pass is, after every {@value TransferLayout#IMAGES} pictures. The log says it every ten seconds.
     *
     * @param told is called by the thread that writes
     * @return this
     */
    public TransferSetBuilder listen(Consumer<TransferProgress> told) {
        this.listener = Objects.requireNonNull(told, "listener");
        return this;
    }

    /**
     * Makes the pass and writes the shard. It is written beside its place and moved there when it is whole. An interrupted writing goes on where it was, and
     * loses what a guide takes for {@value TransferLayout#IMAGES} pictures in their poses at most. A shard that is there, of the same files, guide and options, is left as it is;
     * another one is refused by a warning and replaced.
     *
     * @param file its name ends in {@link TransferSet#EXTENSION}; its folder is made when it is not there
     * @return the file
     * @throws UncheckedIOException     when pictures cannot be read, or the file cannot be written
     * @throws IllegalArgumentException when the guide takes another shape, or its answers are not finite; the picture is named
     */
    public Path write(Path file) {
        if (!file.getFileName().toString().endsWith(TransferSet.EXTENSION)) {
            throw new IllegalArgumentException(file + ": wanted a name that ends in " + TransferSet.EXTENSION
                    + ", so that it is found in its folder");
        }
        TransferLayout layout = layout();
        try {
            WholeFile.makeDirectory(file.toAbsolutePath().getParent());
            if (isThere(file, layout)) {
                return file;
            }
            Path part = file.resolveSibling(file.getFileName() + ".part");
            try (TransferWriter writer = TransferWriter.open(part, layout)) {
                writer.finish(gather(writer, layout));
                WholeFile.publish(part, file);
            }
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(
                    file + ": the transfer set could not be written, " + WholeFile.reason(file, e) + " ("
                            + e.getMessage() + ")",
                    e);
        }
    }

    private TransferLayout layout() {
        ImageShape low = pass.shape(Resolution.LOW);
        return new TransferLayout(
                low,
                pass.shape(Resolution.HIGH),
                poses.count(),
                precision,
                guide == null ? 0 : guide.embeddingWidth(),
                ImageDigest.ofParts(pass.identity(), poses),
                guide == null ? "" : guide.identity(),
                guide == null ? List.of() : guide.classes());
    }

    private static boolean isThere(Path file, TransferLayout layout) {
        if (!Files.exists(file)) {
            return false;
        }
        try {
            if (TransferShard.open(file).layout().equals(layout)) {
                return true;
            }
            LOG.warn("{}: refused, it is of another source, guide or options; written anew", file);
        } catch (IOException e) {
            LOG.warn("{}: refused, {}; written anew", file, e.getMessage());
        }
        return false;
    }

    private ImagePass.Found gather(TransferWriter writer, TransferLayout layout) {
        KnowledgeSource asked = guide == null ? null : guide.forInference();
        long began = System.nanoTime();
        long[] written = {writer.known().size()};
        double[] begun = {-1};
        long[] said = {began};
        return pass.run(TransferLayout.IMAGES, writer.known(), (images, share) -> {
            if (images.size() > 0) {
                add(images, asked, writer, layout);
            }
            written[0] += images.size();
            // What an earlier run did is passed over in no time and says nothing of the rest.
            begun[0] = begun[0] < 0 ? (written[0] == images.size() ? 0 : share) : begun[0];
            long now = System.nanoTime();
            double left = share <= begun[0] ? 0 : (now - began) / (share - begun[0]) * (1 - share);
            TransferProgress progress = new TransferProgress(written[0], share, Duration.ofNanos((long) left));
            listener.accept(progress);
            if (now - said[0] > SAID_EVERY) {
                said[0] = now;
                LOG.info(
                        "{}: {} pictures, {} %, about {} s left",
                        pass,
                        written[0],
                        Math.round(100 * share),
                        progress.left().toSeconds());
            }
        });
    }

    private void add(PairedImages images, KnowledgeSource asked, TransferWriter writer, TransferLayout layout)
            throws IOException {
        int count = images.size();
        int k = layout.poses();
        int width = layout.values();
        int[] all = IntStream.range(0, count).toArray();
        float[] answers = new float[count * k * width];
        byte[] views = new byte[count * layout.viewBytes()];
        if (asked != null) {
            asked.require(images, Resolution.HIGH);
        }
        for (int which = 0; which < k; which++) {
            int number = which;
            Pose[] moved = IntStream.of(all)
                    .mapToObj(i -> poses.pose(number(images.name(i)), number))
                    .toArray(Pose[]::new);
            if (asked != null) {
                float[] rows = Embeddings.by(asked).rows(images, Resolution.HIGH, all, moved);
                for (int i = 0; i < count; i++) {
                    System.arraycopy(rows, i * width, answers, (i * k + which) * width, width);
                    precision.check(
                            answers,
                            (i * k + which) * width,
                            layout.width(),
                            width - layout.width(),
                            width,
                            images.name(i));
                }
            }
            IntStream.of(all)
                    .parallel()
                    .forEach(i -> view(
                            images,
                            i,
                            moved[i],
                            views,
                            (i * k + number) * layout.low().size()));
        }
        List<String> names = new ArrayList<>();
        IntStream.of(all).forEach(i -> names.add(images.name(i)));
        writer.add(names, views, answers);
    }

    /** Rounded to 8 bits, as a camera does. */
    private static void view(PairedImages images, int index, Pose pose, byte[] views, int at) {
        float[] low = new float[images.shape(Resolution.LOW).size()];
        images.read(index, pose, null, 0, low, 0);
        for (int i = 0; i < low.length; i++) {
            views[at + i] = (byte) Math.round(255 * Math.max(0, Math.min(1, low[i])));
        }
    }

    /** A picture's number for drawing its poses: by its name, so that it does not matter in which part of a source it comes. */
    private static int number(String name) {
        CRC32C sum = new CRC32C();
        sum.update(name.getBytes(StandardCharsets.UTF_8));
        return (int) (sum.getValue() & Integer.MAX_VALUE);
    }
}
