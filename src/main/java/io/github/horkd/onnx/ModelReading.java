package io.github.horkd.onnx;

import io.github.horkd.guide.EmbeddingSpace;
import io.github.horkd.guide.Input;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * How a model is read.
 *
 * @param input        what the guide takes
 * @param images       the name of the input for images
 * @param layout       from our images to the model's
 * @param standardised whether each image is standardised first
 * @param atOnce       images a run takes
 * @param fixed        whether a run takes exactly that many
 * @param embedding    the name of an output
 * @param logits       the name of an output, null when there are none
 * @param maps         names of the outputs that give feature maps
 * @param classes      names of the logits; empty when they have none
 * @param unitLength   whether embeddings are divided by their length
 * @param constants    what further inputs always get
 * @param space        the space that embeddings lie in, where the file says so
 */
record ModelReading(
        Input input,
        String images,
        PixelLayout layout,
        boolean standardised,
        int atOnce,
        boolean fixed,
        String embedding,
        String logits,
        List<String> maps,
        List<String> classes,
        boolean unitLength,
        Map<String, Double> constants,
        Optional<EmbeddingSpace> space) {

    List<String> outputs() {
        List<String> all = new ArrayList<>(logits == null ? List.of(embedding) : List.of(embedding, logits));
        all.addAll(maps);
        return all;
    }

    /** The place of the first map among the outputs. */
    int firstMap() {
        return logits == null ? 1 : 2;
    }

    /** All that changes answers, in words. */
    @Override
    public String toString() {
        return String.join(
                "|",
                input.toString(),
                images,
                layout.from().toString(),
                layout.channels() + (layout.channelsLast() ? "last" : "first"),
                layout.blueFirst() ? "BGR" : "RGB",
                Arrays.toString(layout.mean()),
                Arrays.toString(layout.deviation()),
                standardised ? "standardised" : "",
                embedding,
                String.valueOf(logits),
                classes.toString(),
                unitLength ? "unit" : "raw",
                new TreeMap<>(constants).toString(),
                maps.isEmpty() ? "" : maps.toString());
    }
}
