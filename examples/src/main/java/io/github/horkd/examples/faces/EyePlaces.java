package io.github.horkd.examples.faces;

/**
 * Where the eyes stand in the pictures that a network was trained on; shares of the picture's side. Ask the network's maker, or average the landmarks of its training pictures.
 *
 * @param distance between the middles of the eyes
 * @param height   of the eyes, from above
 */
public record EyePlaces(double distance, double height) {

    /** As dlib cuts its face chips (padding 0.25): for its face descriptor and for what was taught by it. */
    public static final EyePlaces DLIB = new EyePlaces(0.350, 0.314);
    /** The 112×112 pictures of ArcFace and its kin (InsightFace), from their five reference points. */
    public static final EyePlaces ARCFACE = new EyePlaces(0.315, 0.461);

    public EyePlaces {
        if (!(distance > 0 && distance < 1 && height > 0 && height < 1)) {
            throw new IllegalArgumentException(
                    "eyes: wanted shares of the side between 0 and 1, got " + distance + " and " + height);
        }
    }
}
