package io.github.horkd.examples;

import io.github.horkd.data.ImageFolder;
import io.github.horkd.data.ImageShape;
import io.github.horkd.data.Interpolation;
import io.github.horkd.data.PairedImages;
import io.github.horkd.data.Pixels;
import io.github.horkd.data.Pose;
import io.github.horkd.data.Resolution;
import io.github.horkd.guide.Embeddings;
import io.github.horkd.guide.Guide;
import io.github.horkd.guide.Input;
import io.github.horkd.guide.Scaling;
import io.github.horkd.model.Backbone;
import io.github.horkd.model.Head;
import io.github.horkd.model.Network;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.ndarray.INDArray;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** Each picture is seen by the student of the nearest size, as that student would see it. */
class NearestOfSizesTest {

    private static final int[] SIDES = {8, 16};

    @TempDir
    Path folder;

    @Test
    void everyPictureGoesToTheNearestStudent() throws Exception {
        Path data = Path.of(SmallLfw.in(folder).get("data"));
        List<Path> files = new ArrayList<>();
        List<INDArray> bySide = new ArrayList<>();
        PairedImages sharp = null;
        for (int side : SIDES) {
            Network student = Network.create(
                    Backbone.plain(2, 8),
                    new Head.Softmax(),
                    new Input(ImageShape.colour(side), Scaling.ZERO_ONE),
                    List.of(),
                    side);
            files.add(folder.resolve(side + ".zip"));
            student.save(files.get(files.size() - 1));
            sharp = ImageFolder.open(data, ImageShape.colour(130), new OwnSize(5, 40, side, Interpolation.BICUBIC));
            bySide.add(Embeddings.by(student.folded()).withMirror().of(sharp, Resolution.LOW));
        }
        Guide nearest = new NearestOfSizes(files, 5, 40, 130).open();
        INDArray seen = Embeddings.by(nearest.upsampled(Interpolation.BILINEAR))
                .withMirror()
                .of(sharp, Resolution.HIGH);
        TreeSet<Integer> used = new TreeSet<>();
        for (int i = 0; i < sharp.size(); i++) {
            float[] pixels = new float[3 * 130 * 130];
            sharp.read(i, Pose.IDENTITY, pixels, 0, null, 0);
            double size = new OwnSize(5, 40, 8, Interpolation.BICUBIC).of(new Pixels(ImageShape.colour(130), pixels));
            int expected = Math.abs(Math.log(8 / size)) < Math.abs(Math.log(16 / size)) ? 0 : 1;
            used.add(expected);
            double distance = seen.getRow(i).distance2(bySide.get(expected).getRow(i));
            assertEquals(0, distance, 1e-5, sharp.name(i));
        }
        assertEquals(2, used.size());
    }
}
