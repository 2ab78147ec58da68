package io.github.horkd.experiment;

import io.github.horkd.data.Interpolation;
import io.github.horkd.data.PairedImages;
import io.github.horkd.data.Pose;
import io.github.horkd.data.Resolution;
import io.github.horkd.guide.EmbeddingSpace;
import io.github.horkd.guide.Guide;
import io.github.horkd.guide.KnowledgeSource;
import java.util.List;
import java.util.Optional;

/** A teacher from outside, which takes pictures of any size: they are brought to its own. Closed with the run. */
record OpenedTeacher(Guide guide, Interpolation how) implements KnowledgeSource {

    OpenedTeacher(Guide guide, TeacherSource source) {
        this(guide, source.interpolation());
    }

    private KnowledgeSource fitted() {
        return guide.upsampled(how);
    }

    @Override
    public String identity() {
        return fitted().identity();
    }

    @Override
    public int embeddingWidth() {
        return guide.embeddingWidth();
    }

    @Override
    public List<String> classes() {
        return guide.classes();
    }

    @Override
    public Optional<EmbeddingSpace> embeddingSpace() {
        return guide.embeddingSpace();
    }

    @Override
    public boolean seesPixels() {
        return guide.seesPixels();
    }

    @Override
    public void require(PairedImages images, Resolution view) {
        fitted().require(images, view);
    }

    @Override
    public Output outputs(PairedImages images, Resolution view, int[] indices, Pose[] poses) {
        return fitted().outputs(images, view, indices, poses);
    }

    @Override
    public KnowledgeSource upsampled(Interpolation other) {
        return guide.upsampled(other);
    }

    void close() {
        if (guide instanceof AutoCloseable closeable) {
            try {
                closeable.close();
            } catch (Exception e) {
                throw new IllegalStateException("teacher " + identity() + ": could not be closed (" + e + ")", e);
            }
        }
    }
}
