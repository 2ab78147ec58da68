package io.github.horkd.experiment;

import io.github.horkd.data.Degradation;
import java.util.List;

/** One step from the high-resolution view to the low one. A kind of one's own is a record that implements it, see {@link TypeRegistry}. */
public interface DegradationStep {

    /**
     * What the step does.
     *
     * @return the degradation
     */
    Degradation degradation();

    /**
     * All steps, one after the other.
     *
     * @param steps in this order
     * @return one degradation; of a single step, that step's own
     */
    static Degradation all(List<DegradationStep> steps) {
        return steps.size() == 1
                ? steps.get(0).degradation()
                : steps.stream().map(DegradationStep::degradation).reduce(Degradation.none(), Degradation::then);
    }

    /**
     * Shrinks by the mean over areas.
     *
     * @param height rows
     * @param width  columns
     */
    record DownscaleTo(int height, int width) implements DegradationStep {
        @Override
        public Degradation degradation() {
            return Degradation.downscaleTo(height, width);
        }
    }

    /**
     * Blurs.
     *
     * @param sigma in pixels
     */
    record Blur(double sigma) implements DegradationStep {
        @Override
        public Degradation degradation() {
            return Degradation.blur(sigma);
        }
    }

    /**
     * Adds noise of a sensor.
     *
     * @param sigma of intensities 0…1
     */
    record Noise(double sigma) implements DegradationStep {
        @Override
        public Degradation degradation() {
            return Degradation.noise(sigma);
        }
    }

    /**
     * Compresses.
     *
     * @param quality 1…100
     */
    record Jpeg(int quality) implements DegradationStep {
        @Override
        public Degradation degradation() {
            return Degradation.jpeg(quality);
        }
    }
}
