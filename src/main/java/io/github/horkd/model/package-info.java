/**
 * Networks: a {@link io.github.horkd.model.Backbone} from image to embedding, a {@link io.github.horkd.model.Head} from embedding to classes, and the
 * {@link io.github.horkd.model.Network} that is made of them or of a user's own graph, with its file. A network is a
 * {@link io.github.horkd.guide.Guide}.
 *
 * <p>The way of the data: images with intensities 0…1 → {@link io.github.horkd.guide.Scaling} → backbone → embedding → {@link io.github.horkd.model.Head}, over cosines a {@link
 * io.github.horkd.model.CosineHead} → logits.
 *
 * <p>A file may come from a stranger. Before DL4J sees any of it: exactly three entries, once each, of bounded size; class names from a list
 * (DL4J's and ND4J's own layers, vertices, activations, losses and updaters, and this library's losses); no settings, shapes or parameters beyond bounds
 * (2²⁸ parameters, 2²⁸ values between the layers for one image) or not finite. Nothing is deserialised, no code of the file runs. What a file
 * <em>can</em> do is answer wrongly: a network is only as good as whoever trained it, and one that was trained to mistake a certain face looks like any other.
 */
package io.github.horkd.model;
