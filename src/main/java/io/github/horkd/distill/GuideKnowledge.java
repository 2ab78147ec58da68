package io.github.horkd.distill;

import io.github.horkd.data.Pose;
import io.github.horkd.guide.EmbeddingSpace;
import io.github.horkd.guide.SpaceMethod;
import io.github.horkd.knowledge.Knowledge;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * What a guide knows, as losses see it: its embeddings in the space that is learned. In a raw space they are as they come; in any other they have length 1.
 *
 * @param knowledge what the guide said
 * @param space     fitted on what it said about the training images
 * @param agreement which images it is listened to about
 * @param trust     the share of their weight that losses against it keep, 0…1
 */
record GuideKnowledge(Knowledge knowledge, EmbeddingSpace space, GuideAgreement agreement, double trust) {

    INDArray embeddings(int[] indices, Pose[] poses) {
        INDArray raw = knowledge.embeddings(indices, poses);
        return space.kind() == SpaceMethod.Kind.RAW ? raw : space.apply(raw);
    }

    INDArray logits(int[] indices, Pose[] poses) {
        return knowledge.logits(indices, poses).orElseThrow();
    }

    /** A feature map, [B, channels · height · width]. */
    INDArray map(String name, int[] indices, Pose[] poses) {
        INDArray map = knowledge.map(name, indices, poses);
        return map.reshape(map.size(0), map.length() / map.size(0));
    }
}
