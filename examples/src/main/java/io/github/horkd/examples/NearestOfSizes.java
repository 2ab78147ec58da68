package io.github.horkd.examples;

import io.github.horkd.data.ImageShape;
import io.github.horkd.data.Interpolation;
import io.github.horkd.data.PairedImages;
import io.github.horkd.data.Pixels;
import io.github.horkd.data.Pose;
import io.github.horkd.data.Resolution;
import io.github.horkd.experiment.TeacherSource;
import io.github.horkd.guide.EmbeddingSpace;
import io.github.horkd.guide.Guide;
import io.github.horkd.guide.Input;
import io.github.horkd.guide.KnowledgeSource;
import io.github.horkd.guide.Scaling;
import io.github.horkd.model.Network;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * One student a size, as one guide: each picture is seen as small as its {@link OwnSize} says, by the student whose side is nearest to that. It is shown sharp pictures and makes them small itself.
 *
 * @param students networks of one space
 * @param lowest   the smallest size, in pixels
 * @param highest  the largest
 * @param side     of the sharp pictures
 */
public record NearestOfSizes(List<Path> students, int lowest, int highest, int side) implements TeacherSource {

    /** Copies the list. */
    public NearestOfSizes {
        students = List.copyOf(students);
    }

    @Override
    public Guide open() {
        return new Nearest(
                students.stream().map(Network::load).map(Network::folded).toList(), this);
    }

    private record Nearest(List<Network> students, NearestOfSizes sizes) implements Guide {

        private Network nearest(Pixels picture) {
            double size = degradation(students.get(0)).of(picture);
            return students.stream()
                    .min(Comparator.comparingDouble(student -> Math.abs(Math.log(side(student) / size))))
                    .orElseThrow();
        }

        private static int side(Network student) {
            return student.input().shape().height();
        }

        private OwnSize degradation(Network student) {
            return new OwnSize(sizes.lowest, sizes.highest, side(student), Interpolation.BICUBIC);
        }

        @Override
        public Output outputs(PairedImages images, Resolution view, int[] indices, Pose[] poses) {
            float[][] seen = new float[indices.length][];
            ImageShape shape = images.shape(view);
            for (int i = 0; i < indices.length; i++) {
                Network student = nearest(read(images, indices[i], Pose.IDENTITY, shape));
                seen[i] = embedding(student, read(images, indices[i], poses[i], shape));
            }
            return Output.of(Nd4j.create(seen));
        }

        private static Pixels read(PairedImages images, int index, Pose pose, ImageShape shape) {
            float[] pixels = new float[shape.size()];
            images.read(index, pose, pixels, 0, null, 0);
            return new Pixels(shape, pixels);
        }

        private float[] embedding(Network student, Pixels sharp) {
            Pixels small = degradation(student).apply(sharp, 0);
            long[] one = {
                1,
                small.shape().channels(),
                small.shape().height(),
                small.shape().width()
            };
            return student.output(Nd4j.create(small.values(), one, 'c'))
                    .embeddings()
                    .data()
                    .asFloat();
        }

        @Override
        public Output output(INDArray images) {
            float[][] seen = new float[(int) images.size(0)][];
            for (int i = 0; i < seen.length; i++) {
                Pixels sharp = new Pixels(
                        input().shape(), images.slice(i).dup('c').data().asFloat());
                seen[i] = embedding(nearest(sharp), sharp);
            }
            return Output.of(Nd4j.create(seen));
        }

        @Override
        public KnowledgeSource upsampled(Interpolation how) {
            return this;
        }

        @Override
        public Input input() {
            return new Input(ImageShape.colour(sizes.side), Scaling.ZERO_ONE);
        }

        @Override
        public Optional<EmbeddingSpace> embeddingSpace() {
            return students.get(0).embeddingSpace();
        }

        @Override
        public int embeddingWidth() {
            return students.get(0).embeddingWidth();
        }

        @Override
        public List<String> classes() {
            return List.of();
        }

        @Override
        public String identity() {
            return students.stream().map(Network::identity).collect(Collectors.joining("/", "nearest of sizes ", ""));
        }
    }
}
