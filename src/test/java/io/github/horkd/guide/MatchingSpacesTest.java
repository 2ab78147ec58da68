package io.github.horkd.guide;

import io.github.horkd.data.Interpolation;
import io.github.horkd.data.PairedImages;
import io.github.horkd.data.Pose;
import io.github.horkd.data.Resolution;
import io.github.horkd.distill.Shapes;
import io.github.horkd.eval.CrossResolution;
import io.github.horkd.eval.Evaluation;
import io.github.horkd.recognise.Gallery;
import io.github.horkd.recognise.GalleryBuilder;
import io.github.horkd.recognise.PerIdentity;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

/** A student that was taught in a space is never held against its teacher's raw embeddings. */
class MatchingSpacesTest {

    private static final PairedImages IMAGES = Shapes.drawn(40, 3);
    private static final Guide TEACHER = new Pixels(Resolution.HIGH, Optional.empty());
    private static final EmbeddingSpace SPACE = EmbeddingSpace.fit(
            EmbeddingRows.of(Embeddings.by(TEACHER).of(IMAGES, Resolution.HIGH)), SpaceMethod.whitened());
    private static final Guide STUDENT = new Pixels(Resolution.LOW, Optional.of(SPACE));

    /** Says the 6×6 pixels that both views have in common, off centre, and in a space if it was taught in one. */
    private record Pixels(Resolution view, Optional<EmbeddingSpace> embeddingSpace) implements Guide {

        @Override
        public String identity() {
            return "pixels " + view
                    + embeddingSpace.map(EmbeddingSpace::identity).orElse("");
        }

        @Override
        public int embeddingWidth() {
            return 36;
        }

        @Override
        public List<String> classes() {
            return List.of();
        }

        @Override
        public Input input() {
            return new Input(IMAGES.shape(view), Scaling.ZERO_ONE);
        }

        @Override
        public Output output(INDArray images) {
            INDArray small = view == Resolution.LOW ? images : Interpolation.BILINEAR.resize(images, 6, 6);
            INDArray rows = small.reshape(images.size(0), 36).add(2);
            return Output.of(embeddingSpace.map(space -> space.apply(rows)).orElse(rows));
        }
    }

    @Test
    void anEvaluationBringsTheTeacherIntoTheStudentsSpace() {
        CrossResolution got = Evaluation.crossResolution(TEACHER, STUDENT, IMAGES);
        CrossResolution wanted = Evaluation.crossResolution(TEACHER.in(SPACE), STUDENT, IMAGES);
        assertEquals(wanted.highLow().toString(), got.highLow().toString());
        assertEquals(wanted.highHigh().toString(), got.highHigh().toString());
        CrossResolution raw = Evaluation.crossResolution(TEACHER, new Pixels(Resolution.LOW, Optional.empty()), IMAGES);
        assertNotEquals(raw.highLow().toString(), got.highLow().toString());
        assertEquals(raw.naive().toString(), got.naive().toString(), "the naive use stays in the teacher's own space");
        assertEquals(
                Evaluation.crossResolution(TEACHER.in(SPACE), STUDENT, IMAGES, IMAGES)
                        .highLow()
                        .toString(),
                Evaluation.crossResolution(TEACHER, STUDENT, IMAGES, IMAGES)
                        .highLow()
                        .toString());
    }

    @Test
    void aGalleryTakesBothAsTheyAre() {
        GalleryBuilder builder = Gallery.builder(PerIdentity.BEST_TEMPLATE, TEACHER, STUDENT);
        int[] one = {5};
        builder.enrol("five", TEACHER, IMAGES.batch(Resolution.HIGH, one, Pose.IDENTITY));
        Gallery gallery = builder.build();
        INDArray probe = gallery.embed(STUDENT, IMAGES.batch(Resolution.LOW, one, Pose.IDENTITY));
        INDArray wanted = SPACE.apply(TEACHER.output(IMAGES.batch(Resolution.HIGH, one, Pose.IDENTITY))
                .embeddings());
        assertEquals(1, probe.mmul(wanted.transpose()).getDouble(0), 0.05);
    }

    @Test
    void whatLiesInOneSpaceStaysAndWhatDoesNotIsRefused() {
        assertSame(TEACHER, TEACHER.toMatch(TEACHER));
        assertSame(STUDENT, STUDENT.toMatch(STUDENT));
        assertEquals(TEACHER.in(SPACE), TEACHER.toMatch(STUDENT));
        assertEquals(TEACHER.in(SPACE), TEACHER.in(SPACE).toMatch(STUDENT));
        Guide other = new Pixels(
                Resolution.LOW,
                Optional.of(EmbeddingSpace.fit(
                        EmbeddingRows.of(Embeddings.by(TEACHER).of(IMAGES, Resolution.HIGH)), SpaceMethod.centred())));
        assertThrows(IllegalArgumentException.class, () -> STUDENT.toMatch(other));
        assertEquals(
                Optional.of(SPACE), STUDENT.upsampled(Interpolation.BILINEAR).embeddingSpace());
        assertThrows(IllegalArgumentException.class, () -> STUDENT.in(SPACE), "it lies there already");
        assertThrows(IllegalArgumentException.class, () -> TEACHER.in(SPACE).in(SPACE));
        assertThrows(
                IllegalArgumentException.class,
                () -> STUDENT.in(other.embeddingSpace().orElseThrow()),
                "nor in two");
        assertThrows(
                IllegalArgumentException.class,
                () -> Gallery.builder(PerIdentity.BEST_TEMPLATE, TEACHER).acceptInto(SPACE, STUDENT));
        assertThrows(IllegalArgumentException.class, () -> TEACHER.in(EmbeddingSpace.raw(35)));
        assertEquals(
                Optional.of(SPACE),
                STUDENT.in(EmbeddingSpace.raw(36)).embeddingSpace(),
                "unit length changes no space");
        assertThrows(
                IllegalArgumentException.class,
                () -> TEACHER.in(EmbeddingSpace.raw(36)).toMatch(STUDENT),
                "its space was fitted on rows with their lengths");
    }
}
