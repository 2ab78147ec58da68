package io.github.horkd.eval;

import io.github.horkd.data.ImageShape;
import io.github.horkd.guide.Guide;
import io.github.horkd.guide.Input;
import io.github.horkd.guide.Scaling;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** A guide whose embedding is the image's pixels times a matrix, and whose logits are the first few of its entries. */
record FakeGuide(ImageShape shape, INDArray projection, List<String> classes) implements Guide {

    FakeGuide(ImageShape shape, INDArray projection, int classCount) {
        this(shape, projection, List.of("left", "right").subList(0, classCount));
    }

    @Override
    public Input input() {
        return new Input(shape, Scaling.ZERO_ONE);
    }

    @Override
    public int embeddingWidth() {
        return projection.columns();
    }

    @Override
    public String identity() {
        return "fake";
    }

    @Override
    public Output output(INDArray images) {
        INDArray embeddings = images.reshape(images.size(0), -1).mmul(projection);
        return classes.isEmpty()
                ? Output.of(embeddings)
                : Output.of(embeddings, embeddings.get(NDArrayIndex.all(), NDArrayIndex.interval(0, classes.size())));
    }
}
