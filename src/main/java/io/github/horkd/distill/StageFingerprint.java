package io.github.horkd.distill;

import io.github.horkd.data.PairedImages;
import io.github.horkd.data.Resolution;
import io.github.horkd.guide.KnowledgeSource;
import io.github.horkd.internal.file.Sha256;
import io.github.horkd.knowledge.ImageDigest;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/** What identifies a run of a stage: its options, its guides and its images. A file of another run is told by it. */
final class StageFingerprint {

    private StageFingerprint() {}

    static String of(Stage stage, Map<String, KnowledgeSource> guides, PairedImages images) {
        List<Object> parts = new ArrayList<>();
        // An existing network is part of the options by its parameters, not by its address.
        parts.add(
                stage.learner() instanceof Learner.Existing existing
                        ? existing.network().identity()
                        : stage.learner());
        parts.addAll(List.of(stage.name(), stage.resolution(), stage.losses(), stage.options()));
        // Only what is looked at: a set may have no other view to read.
        Set<Resolution> seen = EnumSet.of(stage.resolution());
        for (GuideLoss loss : stage.losses()) {
            parts.add(loss.guide());
            parts.add(guides.get(loss.guide()).identity());
            if (guides.get(loss.guide()).seesPixels()) {
                seen.add(loss.resolution());
            }
        }
        seen.forEach(view -> parts.add(ImageDigest.of(images, view)));
        parts.add(images.classes());
        IntStream.range(0, images.size()).map(images::label).forEach(parts::add);
        Sha256 sha = Sha256.create();
        parts.forEach(part -> sha.text(part + "\0"));
        return sha.hex();
    }
}
