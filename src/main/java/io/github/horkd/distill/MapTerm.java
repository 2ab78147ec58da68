package io.github.horkd.distill;

import io.github.horkd.loss.MapLoss;

/**
 * A loss between feature maps inside guide and learner. The guide is asked for its map by name ({@link io.github.horkd.guide.Guide#withMaps}); what it gives is kept with all else that is
 * known of it. A learned 1×1 convolution in front of a loss that wants as many channels on both sides, and the loss itself, are removed after training.
 *
 * @param guideMap the name of a layer, vertex or tensor of the guide
 * @param vertex   of the learner that gives a map; of our backbones "stem", "block1" and so on
 * @param weight   of the loss, ≥ 0
 * @param loss     between the two
 */
public record MapTerm(String guideMap, String vertex, double weight, MapLoss loss) {

    /** Checks that all is there. */
    public MapTerm {
        Arguments.present("guideMap", guideMap);
        Arguments.present("vertex", vertex);
        Arguments.weight("map term: weight", weight);
        Arguments.present("loss", loss);
    }

    /**
     * A loss at weight 1.
     *
     * @param guideMap the name of a layer, vertex or tensor of the guide
     * @param vertex   of the learner that gives a map
     * @param loss     between the two
     * @return the term
     */
    public static MapTerm of(String guideMap, String vertex, MapLoss loss) {
        return new MapTerm(guideMap, vertex, 1, loss);
    }

    /** What reports call it. */
    String label() {
        return loss.label() + " " + guideMap + " to " + vertex;
    }
}
