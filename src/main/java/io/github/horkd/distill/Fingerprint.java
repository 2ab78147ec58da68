package io.github.horkd.distill;

import io.github.horkd.data.ImageShape;
import io.github.horkd.data.PairedImages;
import io.github.horkd.data.Pose;
import io.github.horkd.data.Resolution;
import io.github.horkd.model.Guide;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;

/** What identifies a run of a stage: its options, its guides and its images. A file of another run is told by it. */
final class Fingerprint {

    private static final int LOOKED_AT = 64;

    private Fingerprint() {
    }

    static String of(Stage stage, Map<String, Guide> guides, PairedImages images) {
        MessageDigest sha = sha();
        // A given network is part of the options by its parameters, not by its address.
        Object learner = stage.learner() instanceof Learner.Given given ? given.network().identity() : stage.learner();
        add(sha, stage.name(), learner, stage.sees(), stage.scaling(), stage.labelWeight(), stage.lessons(), stage.schedule(),
                stage.sampling(), stage.augmentation(), stage.earlyStopping(), stage.seed());
        for (Lesson lesson : stage.lessons()) {
            add(sha, lesson.guide(), guides.get(lesson.guide()).identity());
        }
        add(sha, of(images, Resolution.HIGH), of(images, Resolution.LOW), images.classes());
        for (int i = 0; i < images.size(); i++) {
            add(sha, images.label(i));
        }
        return hex(sha);
    }

    /** One view of some images: names and shape of all, pixels of {@value #LOOKED_AT} spread over them. */
    static String of(PairedImages images, Resolution sees) {
        MessageDigest sha = sha();
        ImageShape shape = images.shape(sees);
        add(sha, images.size(), shape);
        for (int i = 0; i < images.size(); i++) {
            add(sha, images.name(i));
        }
        float[] pixels = new float[shape.size()];
        boolean high = sees == Resolution.HIGH;
        for (int i = 0; i < Math.min(LOOKED_AT, images.size()); i++) {
            int index = (int) ((long) i * images.size() / Math.min(LOOKED_AT, images.size()));
            images.read(index, Pose.IDENTITY, high ? pixels : null, 0, high ? null : pixels, 0);
            add(sha, Arrays.hashCode(pixels));
        }
        return hex(sha);
    }

    private static MessageDigest sha() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static String hex(MessageDigest sha) {
        return HexFormat.of().formatHex(sha.digest(), 0, 16);
    }

    private static void add(MessageDigest sha, Object... parts) {
        for (Object part : parts) {
            sha.update(String.valueOf(part).getBytes(StandardCharsets.UTF_8));
            sha.update((byte) 0);
        }
    }
}
