package io.github.horkd.guide;

import java.util.List;
import java.util.Optional;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A guide whose embeddings are brought into a space. Logits and maps stay. */
record GuideInSpace(Guide guide, EmbeddingSpace space) implements Guide {

    GuideInSpace {
        SourceInSpace.check(guide, space);
    }

    @Override
    public Input input() {
        return guide.input();
    }

    @Override
    public Optional<EmbeddingSpace> embeddingSpace() {
        return SourceInSpace.lyingIn(guide, space);
    }

    @Override
    public String identity() {
        return SourceInSpace.identity(guide, space);
    }

    @Override
    public int embeddingWidth() {
        return space.width();
    }

    @Override
    public List<String> classes() {
        return guide.classes();
    }

    @Override
    public List<FeatureMap> maps() {
        return guide.maps();
    }

    @Override
    public Guide withMaps(String... names) {
        return new GuideInSpace(guide.withMaps(names), space);
    }

    @Override
    public Output output(INDArray images) {
        return SourceInSpace.applied(guide.output(images), space);
    }

    @Override
    public Guide forInference() {
        return new GuideInSpace(guide.forInference(), space);
    }
}
