package io.github.horkd.distill;

import io.github.horkd.data.PairedImages;
import io.github.horkd.data.Resolution;
import io.github.horkd.model.Backbone;
import io.github.horkd.model.Network;
import java.util.List;
import java.util.Map;

/** Trains a network on labels alone, a teacher for instance: a single {@link Stage} without losses against guides. */
public final class Classifier {

    private Classifier() {}

    /**
     * Trains a network with a softmax head, without augmentation.
     *
     * @param backbone from image to embedding
     * @param images   labelled; images without label are passed over
     * @param resolution     the view that it sees
     * @param schedule how long and how fast
     * @param seed     seeds everything
     * @return the trained network
     */
    public static Network train(
            Backbone backbone, PairedImages images, Resolution resolution, Schedule schedule, long seed) {
        return train(Stage.onLabels("teacher", backbone, resolution, schedule, seed), images, Listeners.log());
    }

    /**
     * Trains a network as a stage says.
     *
     * @param stage    without losses against guides
     * @param images   labelled; images without label are passed over
     * @param listener is told what happens
     * @return the trained network
     */
    public static Network train(Stage stage, PairedImages images, TrainingListener listener) {
        if (!stage.losses().isEmpty()) {
            throw new IllegalArgumentException(
                    "stage " + stage.name() + ": wanted no losses against guides, since a classifier has no guide, got "
                            + stage.losses() + "; run it with Stages or Distillation");
        }
        int[] labelled = java.util.stream.IntStream.range(0, images.size())
                .filter(i -> images.label(i) != PairedImages.UNLABELLED)
                .toArray();
        if (labelled.length == 0) {
            throw new IllegalArgumentException("stage " + stage.name()
                    + ": wanted images with labels, since a classifier learns from nothing else, got "
                    + (images.size() == 0 ? "no image" : images.size() + " without"));
        }
        return Stages.run(
                        List.of(stage),
                        Map.of(),
                        labelled.length == images.size() ? images : images.subset(labelled),
                        listener)
                .get(stage.name());
    }
}
