package io.github.horkd.guide;

/**
 * How an {@link EmbeddingSpace} is fitted.
 *
 * <pre>  SpaceMethod.automatic()                    // centred where that is needed: the default
 *  SpaceMethod.whitened()                     // every direction weighs alike
 *  SpaceMethod.principal(64)                  // the 64 directions of the largest variance</pre>
 *
 * <p>With the eigenvalues λ of the covariance, their mean λ̄ and the axes a that go with them, a projected space has the coordinates
 * <pre>  y_k = ⟨a_k, x − μ⟩ / (λ_k + shrinkage · λ̄)^(power / 2)</pre>
 *
 * @param kind       what is done to a row before it is divided by its length
 * @param power      0…1: 0 turns the axes only, 1 gives directions of much more than λ̄ the same variance
 * @param shrinkage  at least 0; 1 weighs no direction up by more than that of the mean eigenvalue
 * @param dimensions how many axes are kept, those of the largest variance first; 0 for all
 */
public record SpaceMethod(Kind kind, double power, double shrinkage, int dimensions) {

    /** What is done to a row before it is divided by its length. */
    public enum Kind {
        /** {@link #CENTRED}, or with a power {@link #PROJECTED}, when the rows are off centre by more than {@link SpaceReport#OFF_CENTRE}; {@link #RAW} otherwise. */
        AUTOMATIC,
        /** Nothing. */
        RAW,
        /** The mean is taken away. */
        CENTRED,
        /** The mean is taken away, and axes are turned, weighted and chosen. */
        PROJECTED
    }

    public SpaceMethod {
        if (!(power >= 0 && power <= 1)) {
            throw new IllegalArgumentException("power: wanted 0 to 1, got " + power);
        }
        if (!(shrinkage >= 0 && shrinkage <= Double.MAX_VALUE)) {
            throw new IllegalArgumentException("shrinkage: wanted at least 0, got " + shrinkage);
        }
        if (dimensions < 0) {
            throw new IllegalArgumentException("dimensions: wanted 1 or more, or 0 for all, got " + dimensions);
        }
    }

    /**
     * Centred where that is needed.
     *
     * @return the default
     */
    public static SpaceMethod automatic() {
        return new SpaceMethod(Kind.AUTOMATIC, 0, 0, 0);
    }

    /**
     * {@linkplain #whitened() Whitened} where rows are off centre, as they are where not: what distillations begin with.
     *
     * @return the method
     */
    public static SpaceMethod whitenedWhereOffCentre() {
        return new SpaceMethod(Kind.AUTOMATIC, 1, 1, 0);
    }

    /**
     * Rows as they are, whatever they are like. Where they are off centre, a warning says by how much.
     *
     * @return the method
     */
    public static SpaceMethod raw() {
        return new SpaceMethod(Kind.RAW, 0, 0, 0);
    }

    /**
     * The mean is taken away.
     *
     * @return the method
     */
    public static SpaceMethod centred() {
        return new SpaceMethod(Kind.CENTRED, 0, 0, 0);
    }

    /**
     * Whitened: power 1, shrunk by the mean eigenvalue, all dimensions.
     *
     * @return the method
     */
    public static SpaceMethod whitened() {
        return new SpaceMethod(Kind.PROJECTED, 1, 1, 0);
    }

    /**
     * The principal components, as they are weighted by nature.
     *
     * @param dimensions how many are kept, at least 1
     * @return the method
     */
    public static SpaceMethod principal(int dimensions) {
        if (dimensions < 1) {
            throw new IllegalArgumentException("dimensions: wanted 1 or more, got " + dimensions);
        }
        return new SpaceMethod(Kind.PROJECTED, 0, 0, dimensions);
    }

    /**
     * The same with another power.
     *
     * @param other 0…1
     * @return a projected method
     */
    public SpaceMethod withPower(double other) {
        return new SpaceMethod(Kind.PROJECTED, other, shrinkage, dimensions);
    }

    /**
     * The same with another shrinkage.
     *
     * @param other in mean eigenvalues, at least 0
     * @return a projected method
     */
    public SpaceMethod withShrinkage(double other) {
        return new SpaceMethod(Kind.PROJECTED, power, other, dimensions);
    }

    /**
     * The same with fewer dimensions.
     *
     * @param count how many are kept, 0 for all
     * @return a projected method
     */
    public SpaceMethod withDimensions(int count) {
        return new SpaceMethod(Kind.PROJECTED, power, shrinkage, count);
    }
}
