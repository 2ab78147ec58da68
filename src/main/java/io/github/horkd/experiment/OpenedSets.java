package io.github.horkd.experiment;

import io.github.horkd.data.ImageShape;
import io.github.horkd.data.PairedImages;
import io.github.horkd.data.Resolution;
import io.github.horkd.internal.file.Sha256;
import io.github.horkd.knowledge.ImageDigest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;

/** The sets of an experiment as runs open them: once, or once a seed. */
final class OpenedSets {

    private final Experiment experiment;
    private final SeedUse use;
    private final Map<String, PairedImages> same = new HashMap<>();
    private final Map<String, PairedImages> ofSeed = new HashMap<>();
    private final Map<String, Manifest.DataSet> described = new LinkedHashMap<>();
    private final Set<String> opening = new HashSet<>();
    private long seed;

    OpenedSets(Experiment experiment) {
        this.experiment = experiment;
        this.use = new SeedUse(experiment);
    }

    /** Opens everything that a run of a seed needs: what is wrong with it is said before the first training. */
    void open(long run, List<Manifest.DataSet> before) {
        begin(run);
        experiment.data().keySet().forEach(this::set);
        for (Manifest.DataSet now : described()) {
            for (Manifest.DataSet then : before) {
                if (now.name().equals(then.name())
                        && (now.seed() == then.seed() || !use.set(now.name()))
                        && !now.fingerprint().equals(then.fingerprint())) {
                    throw new IllegalArgumentException(
                            "data " + now.name()
                                    + ": has changed since the directory was begun, so its runs would not be comparable; give this experiment another directory");
                }
            }
        }
    }

    /** Finds sets in the run of a seed; those of the seed before are given up. */
    Function<String, PairedImages> of(long run) {
        begin(run);
        return this::set;
    }

    private void begin(long run) {
        if (run != seed) {
            ofSeed.clear();
            seed = run;
        }
    }

    private PairedImages set(String name) {
        boolean varies = use.set(name);
        Map<String, PairedImages> opened = varies ? ofSeed : same;
        PairedImages known = opened.get(name);
        if (known != null) {
            return known;
        }
        if (!opening.add(name)) {
            throw new IllegalArgumentException("data " + name + ": is made of itself");
        }
        try {
            ImageSet set = experiment.data().get(name);
            SourceContext run = new SourceContext(seed, this::set);
            PairedImages images = set.source().open(run);
            for (Selection selection : set.selections()) {
                images = selection.of(images, run);
            }
            if (images.size() == 0) {
                throw new IllegalArgumentException("data " + name + ": wanted at least one picture, got none");
            }
            opened.put(name, images);
            described.put(name + (varies ? "/" + seed : ""), describe(name, images));
            return images;
        } finally {
            opening.remove(name);
        }
    }

    private Manifest.DataSet describe(String name, PairedImages images) {
        Sha256 sha = Sha256.create();
        sha.text(ImageDigest.of(images, Resolution.HIGH)).text(ImageDigest.of(images, Resolution.LOW));
        IntStream.range(0, images.size())
                .map(images::label)
                .forEach(label -> sha.text((label == PairedImages.UNLABELLED
                                ? ""
                                : images.classes().get(label)) + "\0"));
        return new Manifest.DataSet(
                name,
                seed,
                sha.hex(),
                images.size(),
                (int) IntStream.range(0, images.size())
                        .filter(i -> images.label(i) != PairedImages.UNLABELLED)
                        .count(),
                images.classes().size(),
                shape(images.shape(Resolution.HIGH)),
                shape(images.shape(Resolution.LOW)),
                images.leftOut().equals(io.github.horkd.data.LeftOut.NOTHING)
                        ? ""
                        : images.leftOut().toString());
    }

    private static String shape(ImageShape shape) {
        return shape.channels() + "×" + shape.height() + "×" + shape.width();
    }

    List<Manifest.DataSet> described() {
        return new ArrayList<>(described.values());
    }
}
