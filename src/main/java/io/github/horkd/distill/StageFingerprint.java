package io.github.horkd.distill;

import io.github.horkd.data.PairedImages;
import io.github.horkd.data.Resolution;
import io.github.horkd.guide.KnowledgeSource;
import io.github.horkd.internal.file.Sha256;
import io.github.horkd.knowledge.ImageDigest;
import java.util.Map;

/** What identifies a run of a stage: its options, its guides and its images. A file of another run is told by it. */
final class StageFingerprint {

    private StageFingerprint() {}

    static String of(Stage stage, Map<String, KnowledgeSource> guides, PairedImages images) {
        Sha256 sha = Sha256.create();
        // An existing network is part of the options by its parameters, not by its address.
        Object learner = stage.learner() instanceof Learner.Existing existing
                ? existing.network().identity()
                : stage.learner();
        add(
                sha,
                stage.name(),
                learner,
                stage.resolution(),
                stage.scaling(),
                stage.labelWeight(),
                stage.losses(),
                stage.schedule(),
                stage.sampling(),
                stage.augmentation(),
                stage.earlyStopping(),
                stage.seed());
        for (GuideLoss loss : stage.losses()) {
            add(sha, loss.guide(), guides.get(loss.guide()).identity());
        }
        add(sha, ImageDigest.of(images, Resolution.HIGH), ImageDigest.of(images, Resolution.LOW), images.classes());
        for (int i = 0; i < images.size(); i++) {
            add(sha, images.label(i));
        }
        return sha.hex();
    }

    private static void add(Sha256 sha, Object... parts) {
        for (Object part : parts) {
            sha.text(part + "\0");
        }
    }
}
