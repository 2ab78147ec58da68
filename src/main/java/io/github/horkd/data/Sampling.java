package io.github.horkd.data;

/**
 * How the batches of a training run are drawn, as an option: {@link Batches} is the plan that comes of it for given images.
 *
 * @param classes        P, classes a batch; 0 for batches drawn without regard to classes
 * @param imagesPerClass K, images of each of them; 0 with {@code classes} 0
 * @param capPerClass    most images of one class in an epoch; 0 for no limit
 */
public record Sampling(int classes, int imagesPerClass, int capPerClass) {

    /**
     * Rejects negative numbers and half a choice.
     */
    public Sampling {
        if (classes < 0 || imagesPerClass < 0 || capPerClass < 0 || (classes == 0) != (imagesPerClass == 0)) {
            throw new IllegalArgumentException(
                    "sampling: wanted classes and imagesPerClass both above 0 or both 0, and a cap of at least 0, got "
                            + classes + " x " + imagesPerClass + ", cap " + capPerClass);
        }
    }

    /**
     * Every image once an epoch, in random order.
     *
     * @return the option
     */
    public static Sampling shuffled() {
        return new Sampling(0, 0, 0);
    }

    /**
     * P classes with K images each in every batch.
     *
     * @param classes        P, at least 1
     * @param imagesPerClass K, at least 1; P × K must be the batch size of the schedule
     * @return the option
     */
    public static Sampling balanced(int classes, int imagesPerClass) {
        return new Sampling(classes, imagesPerClass, 0);
    }

    /**
     * This, with at most so many images of any class in an epoch.
     *
     * @param images at least 1
     * @return a new option
     */
    public Sampling cappedAt(int images) {
        return new Sampling(classes, imagesPerClass, images);
    }

    /**
     * The plan for given images.
     *
     * @param images    to draw from
     * @param batchSize images a batch
     * @param seed      seeds the plan
     * @return the plan
     * @throws IllegalArgumentException when the images do not fill a batch, or P × K is not the batch size
     */
    public Batches over(PairedImages images, int batchSize, long seed) {
        if (classes > 0 && classes * imagesPerClass != batchSize) {
            throw new IllegalArgumentException("sampling: " + classes + " classes x " + imagesPerClass + " images make "
                    + classes * imagesPerClass + ", but batchSize is " + batchSize + "; make them equal");
        }
        Batches plan = classes > 0
                ? Batches.balanced(images, classes, imagesPerClass, seed)
                : Batches.shuffled(images, batchSize, seed);
        return capPerClass > 0 ? plan.capPerClass(capPerClass) : plan;
    }
}
