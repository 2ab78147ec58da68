package io.github.horkd.knowledge;

import io.github.horkd.data.ImagePass;
import io.github.horkd.data.ImageShape;
import io.github.horkd.data.LeftOut;
import io.github.horkd.data.PairedImages;
import io.github.horkd.data.Pose;
import io.github.horkd.data.Resolution;
import io.github.horkd.guide.KnowledgeSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * What a student learns from, kept on disk and mapped into memory: the low-resolution views of pictures in K poses each, one byte a sample, with what a
 * guide answered about the same poses in high resolution. (The transfer set of Hinton et al., 2015.) The pictures and the guide are needed once:
 * <pre>  Path file = folder.resolve("faces" + TransferSet.EXTENSION);
 *  TransferSet.from(ImagePass.over(rec, ImageShape.colour(112), Degradation.downscaleTo(16), ImageOptions.defaults()))
 *          .guide(teacher).poses(KnownPoses.drawn(augmentation, 2, seed)).write(file);
 *  TransferSet faces = TransferSet.open(folder);
 *  Distillation.from(faces.guide()) … .build().run(faces)</pre>
 *
 * <p>A million views of 3×16×16 take 0.8 GB, and 4 · D bytes more each with a guide. Index i is picture i mod n in its pose i / n, as in an
 * {@link io.github.horkd.data.AugmentedPool}. Pictures are numbered by their names, so neither their order nor the number of shards they lie in has a bearing on
 * a training. Poses and noise are drawn by a picture's name and the seed.
 *
 * <p>There is no high-resolution view to read. The low one may be read mirrored, which mirrors the view that is kept; the guide's answer stays.
 *
 * <p>A folder may hold any number of shards, each written by a process of its own from a {@linkplain ImagePass#part part} of the source. They are read as one.
 * Opening checks headers and indices; {@link #verify} reads and checks everything. A file must not be changed while it is open.
 */
public final class TransferSet implements PairedImages {

    /** What the name of a shard ends with. */
    public static final String EXTENSION = ".transfer";

    private final List<TransferShard> shards;
    private final TransferOrder order;
    private final TransferLayout layout;

    TransferSet(List<TransferShard> shards) throws IOException {
        this.shards = List.copyOf(shards);
        this.layout = shards.get(0).layout();
        this.order = TransferOrder.of(shards);
    }

    /**
     * The way to a set from a pass over pictures.
     *
     * @param pass over the pictures, or a part of them
     * @return views as they are, without a guide, until more is said
     */
    public static TransferSetBuilder from(ImagePass pass) {
        return new TransferSetBuilder(pass);
    }

    /**
     * Opens a set.
     *
     * @param path a shard, or a folder with shards
     * @return the set
     * @throws UncheckedIOException when there is none, one is damaged, or they do not belong together
     */
    public static TransferSet open(Path path) {
        List<Path> files = new ArrayList<>();
        try {
            if (Files.isDirectory(path)) {
                try (Stream<Path> all = Files.list(path)) {
                    all.filter(each -> each.getFileName().toString().endsWith(EXTENSION))
                            .sorted()
                            .forEach(files::add);
                }
            } else {
                files.add(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(path + ": cannot be read (" + e + ")", e);
        }
        if (files.isEmpty()) {
            throw new UncheckedIOException(
                    path + ": wanted shards of a transfer set (*" + EXTENSION + "), got none",
                    new NoSuchFileException(path.toString()));
        }
        List<TransferShard> shards = new ArrayList<>();
        for (Path file : files) {
            try {
                shards.add(TransferShard.open(file));
                requireAlike(shards.get(0), shards.get(shards.size() - 1));
            } catch (IOException e) {
                throw new UncheckedIOException(
                        file + ": refused, "
                                + (e instanceof NoSuchFileException ? "there is no such file" : e.getMessage()),
                        e);
            }
        }
        try {
            return new TransferSet(shards);
        } catch (IOException e) {
            throw new UncheckedIOException(path + ": " + e.getMessage(), e);
        }
    }

    private static void requireAlike(TransferShard first, TransferShard other) throws IOException {
        TransferLayout a = first.layout();
        TransferLayout b = other.layout();
        if (!a.low().equals(b.low())
                || !a.high().equals(b.high())
                || a.poses() != b.poses()
                || a.width() != b.width()
                || a.precision() != b.precision()
                || !a.guide().equals(b.guide())
                || !a.classes().equals(b.classes())) {
            throw new IOException("it is of another guide, or has other views, than "
                    + first.path().getFileName());
        }
    }

    /**
     * The guide's answers as a source to learn from. It knows the images of this set, and of whatever is made of them under their names.
     *
     * @return the source
     * @throws IllegalStateException when the set was written without a guide
     */
    public KnowledgeSource guide() {
        if (layout.width() == 0) {
            throw new IllegalStateException("transfer set: was written without a guide; ask one with .guide(…)");
        }
        return new TransferAnswers(this);
    }

    /**
     * Reads all shards and holds every block against the mark it was written with.
     *
     * @throws UncheckedIOException when one is damaged; the message names it
     */
    public void verify() {
        for (TransferShard shard : shards) {
            try {
                shard.verify();
            } catch (IOException e) {
                throw new UncheckedIOException(
                        shard.path() + ": refused, " + e.getMessage() + "; remove it, and write it anew", e);
            }
        }
    }

    /** How many poses a picture is there in: K. */
    public int poses() {
        return layout.poses();
    }

    TransferLayout layout() {
        return layout;
    }

    /** A digest of all shards' indices. */
    String digest() {
        return ImageDigest.ofParts(
                shards.stream().map(shard -> shard.index().mark()).toArray());
    }

    @Override
    public int size() {
        return order.count() * layout.poses();
    }

    @Override
    public ImageShape shape(Resolution resolution) {
        return resolution == Resolution.HIGH ? layout.high() : layout.low();
    }

    @Override
    public List<String> classes() {
        return order.classes();
    }

    @Override
    public int label(int index) {
        return order.label(picture(index));
    }

    @Override
    public String name(int index) {
        String name = order.name(picture(index));
        return layout.poses() == 1 ? name : name + "#" + index / order.count();
    }

    /** Where an image is by its name; −1 when it is not here. */
    int find(String name) {
        int which = 0;
        String plain = name;
        if (layout.poses() > 1) {
            int hash = name.lastIndexOf('#');
            String number = name.substring(hash + 1);
            if (hash < 0 || !number.matches("\\d{1,9}") || Integer.parseInt(number) >= layout.poses()) {
                return -1;
            }
            which = Integer.parseInt(number);
            plain = name.substring(0, hash);
        }
        int picture = order.find(plain);
        return picture < 0 ? -1 : which * order.count() + picture;
    }

    @Override
    public LeftOut leftOut() {
        return order.leftOut();
    }

    /** A number for the samples of the low-resolution view, there being no other. */
    @Override
    public long fingerprint(int index) {
        long hash = 0xcbf29ce484222325L;
        for (byte sample : samples(index)) {
            hash = (hash ^ sample & 0xff) * 0x100000001b3L;
        }
        return hash;
    }

    @Override
    public void read(int index, Pose pose, float[] high, int highAt, float[] low, int lowAt) {
        if (high != null) {
            throw new IllegalArgumentException("transfer set: " + name(index)
                    + " is wanted in high resolution, and low views alone are kept; ask a guide about its source");
        }
        if (low == null) {
            return;
        }
        if (!pose.mirrorsAtMost()) {
            throw new IllegalArgumentException("transfer set: wanted a pose that mirrors at most, got " + pose
                    + "; poses are drawn when the set is written: TransferSet.from(…).poses(KnownPoses.drawn(…))");
        }
        byte[] view = samples(index);
        int width = layout.low().width();
        for (int k = 0; k < view.length; k++) {
            int from = pose.mirrored() ? k - k % width + width - 1 - k % width : k;
            low[lowAt + k] = (view[from] & 0xff) / 255f;
        }
    }

    private byte[] samples(int index) {
        int picture = picture(index);
        return order.shard(picture).view(order.place(picture), index / order.count());
    }

    /** Some values of the guide's answer about an image. */
    void answer(int index, int column, float[] to, int at, int many) {
        int picture = picture(index);
        order.shard(picture).answer(order.place(picture), index / order.count(), column, to, at, many);
    }

    private int picture(int index) {
        return Objects.checkIndex(index, size()) % order.count();
    }
}
