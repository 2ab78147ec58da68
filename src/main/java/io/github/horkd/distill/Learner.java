package io.github.horkd.distill;

import io.github.horkd.model.Backbone;
import io.github.horkd.model.Head;
import io.github.horkd.model.Network;

/** Who learns in a stage: a new network, or one that is already there. */
public sealed interface Learner {

    /**
     * A new network of ours, made for the images that it learns from. It has a class head only where something trains one: labels, or a loss on logits.
     *
     * @param backbone from image to embedding
     * @param head     from embedding to logits
     */
    record New(Backbone backbone, Head head) implements Learner {

        /** Checks that both are there. */
        public New {
            Arguments.present("backbone", backbone);
            Arguments.present("head", head);
        }
    }

    /**
     * A network that is already there, the user's own architecture for instance. It is copied and stays as it is.
     *
     * @param network its input must fit the view that it learns from; its classes are paired with others by name
     */
    record Existing(Network network) implements Learner {

        /** Checks that it is there. */
        public Existing {
            Arguments.present("network", network);
        }
    }

    /**
     * A new network with a softmax head.
     *
     * @param backbone from image to embedding
     * @return the learner
     */
    static Learner of(Backbone backbone) {
        return new New(backbone, new Head.Softmax());
    }

    /**
     * A new network with a head of choice.
     *
     * @param backbone from image to embedding
     * @param head     from embedding to logits
     * @return the learner
     */
    static Learner of(Backbone backbone, Head head) {
        return new New(backbone, head);
    }

    /**
     * A network that is already there.
     *
     * @param network is copied and stays as it is
     * @return the learner
     */
    static Learner of(Network network) {
        return new Existing(network);
    }
}
