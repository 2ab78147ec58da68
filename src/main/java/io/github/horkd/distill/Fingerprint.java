package io.github.horkd.distill;

import io.github.horkd.data.PairedImages;
import io.github.horkd.data.Resolution;
import io.github.horkd.model.Guide;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;

/** What identifies a run of a stage: its options, its guides and its images. A file of another run is told by it. */
final class Fingerprint {

    private Fingerprint() {
    }

    static String of(Stage stage, Map<String, Guide> guides, PairedImages images) {
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            // A given network is part of the options by its parameters, not by its address.
            Object learner = stage.learner() instanceof Learner.Given given ? given.network().identity() : stage.learner();
            add(sha, stage.name(), learner, stage.sees(), stage.scaling(), stage.labelWeight(), stage.lessons(), stage.schedule(),
                    stage.sampling(), stage.augmentation(), stage.earlyStopping(), stage.seed());
            for (Lesson lesson : stage.lessons()) {
                add(sha, lesson.guide(), guides.get(lesson.guide()).identity());
            }
            add(sha, images.size(), images.shape(Resolution.HIGH), images.shape(Resolution.LOW), images.classes());
            for (int i = 0; i < images.size(); i++) {
                add(sha, images.name(i), images.label(i));
            }
            return HexFormat.of().formatHex(sha.digest(), 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static void add(MessageDigest sha, Object... parts) {
        for (Object part : parts) {
            sha.update(String.valueOf(part).getBytes(StandardCharsets.UTF_8));
            sha.update((byte) 0);
        }
    }
}
