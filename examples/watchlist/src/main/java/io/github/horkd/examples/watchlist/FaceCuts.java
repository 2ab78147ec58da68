package io.github.horkd.examples.watchlist;

import io.github.horkd.data.ImageFile;
import io.github.horkd.data.ImageShape;
import io.github.horkd.data.PairedImages;
import io.github.horkd.data.Pixels;
import io.github.horkd.data.Pose;
import io.github.horkd.data.Resolution;
import io.github.horkd.examples.faces.EyePlaces;
import io.github.horkd.examples.faces.Face;
import io.github.horkd.examples.faces.FaceFinder;
import java.awt.image.BufferedImage;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The faces of photographs, cut out as they lie in the pictures that the networks know: a face that is larger or higher in the picture than those is recognised worse.
 *
 * @param finder finds them
 * @param eyes   where their eyes come to stand
 */
record FaceCuts(FaceFinder finder, EyePlaces eyes) {

    private static final int MOST_FACES = 12;
    /** A face is cut out at this side at least, and then brought to the network's size by exact area. */
    private static final int FINE_FACE = 150;
    /** Pictures whose eyes are looked for, and the side at which the finder sees them: enough for one face. */
    private static final int LOOKED_AT = 40;

    private static final int SIDE = 224;
    private static final double LEAST = 0.5;

    /** As dlib's face descriptor wants them. */
    static FaceCuts dlib() {
        return new FaceCuts(FaceFinder.usual(), EyePlaces.DLIB);
    }

    /**
     * As they lie in pictures of one face each.
     *
     * @param images sharp, as the teacher takes them
     */
    static FaceCuts as(PairedImages images) {
        List<BufferedImage> some = IntStream.range(0, LOOKED_AT)
                .map(i -> (int) ((long) i * images.size() / LOOKED_AT))
                .distinct()
                .mapToObj(i -> picture(images, i))
                .toList();
        return FaceFinder.seeing(SIDE, LEAST)
                .eyePlaces(some)
                .map(eyes -> new FaceCuts(FaceFinder.usual(), eyes))
                .orElseGet(FaceCuts::dlib);
    }

    private static BufferedImage picture(PairedImages images, int index) {
        ImageShape shape = images.shape(Resolution.HIGH);
        float[] view = new float[shape.size()];
        images.read(index, Pose.IDENTITY, view, 0, null, 0);
        return Picture.image(new Pixels(shape, view));
    }

    /**
     * The most certain faces, upright, from left to right.
     *
     * @param photograph upright
     * @param side       that a network takes
     */
    List<ImageFile> of(ImageFile photograph, int side) {
        BufferedImage frame = photograph.toBufferedImage();
        return finder.faces(frame).stream()
                .limit(MOST_FACES)
                .sorted(Comparator.comparingDouble(Face::x))
                .map(face -> ImageFile.of(FaceFinder.upright(frame, face, Math.max(FINE_FACE, side), eyes)))
                .toList();
    }
}
