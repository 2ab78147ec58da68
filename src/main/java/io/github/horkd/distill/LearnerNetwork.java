package io.github.horkd.distill;

import io.github.horkd.data.ImageShape;
import io.github.horkd.data.PairedImages;
import io.github.horkd.guide.Input;
import io.github.horkd.guide.KnowledgeSource;
import io.github.horkd.model.Network;
import java.util.List;
import java.util.Map;

/** The network that a stage begins with. */
final class LearnerNetwork {

    private LearnerNetwork() {}

    static Network of(Stage stage, Map<String, KnowledgeSource> guides, PairedImages images) {
        ImageShape shape = images.shape(stage.resolution());
        if (stage.learner() instanceof Learner.Existing existing) {
            Network network = existing.network();
            if (!network.input().shape().equals(shape)) {
                throw new IllegalArgumentException("stage " + stage.name() + ": the existing network takes images of "
                        + network.input().shape() + ", the " + stage.resolution() + " view has " + shape);
            }
            return network;
        }
        Learner.New created = (Learner.New) stage.learner();
        List<String> classes = StageClasses.ofNewLearner(stage, guides, images);
        Input input = new Input(shape, stage.options().scaling());
        try {
            return Network.create(
                    created.backbone(),
                    created.head(),
                    input,
                    classes,
                    stage.options().seed());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "stage " + stage.name() + ", " + stage.resolution() + " view: " + e.getMessage(), e);
        }
    }
}
