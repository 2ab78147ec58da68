package io.github.horkd.distill;

import io.github.horkd.model.Backbone;
import io.github.horkd.model.Head;
import io.github.horkd.model.Network;

/** Who learns in a stage. */
public sealed interface Learner {

    /**
     * A new network of ours, made for the images it will see.
     *
     * @param backbone from image to embedding
     * @param head     from embedding to logits
     */
    record New(Backbone backbone, Head head) implements Learner {}

    /**
     * A network that is already there, the user's own architecture for instance. It is copied: the one passed in stays as it is.
     *
     * @param network its input must fit the view that the stage shows, its classes those of the images
     */
    record Existing(Network network) implements Learner {}

    /**
     * A new network with a softmax head.
     *
     * @param backbone from image to embedding
     * @return the learner
     */
    static Learner of(Backbone backbone) {
        return new New(backbone, new Head.Softmax());
    }
}
