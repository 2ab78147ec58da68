package io.github.horkd.experiment;

import io.github.horkd.data.Resolution;
import java.util.List;

/**
 * One way to recognise, which an experiment holds against others: a network, trained for it or shared by several, and what it is shown.
 *
 * @param name      what tables call it
 * @param trainings of networks that are this variant's alone, in order
 * @param network   who is shown the probes; empty for the last of the trainings
 * @param sees      the view that it is shown
 * @param enlarge   how low-resolution probes are enlarged for a network that takes larger ones
 * @param gallery   who makes the gallery; empty for the evaluation's teacher
 */
public record Variant(
        String name, List<Training> trainings, String network, Resolution sees, Enlarge enlarge, String gallery) {

    /** How low-resolution probes are enlarged. */
    public enum Enlarge {
        /** Not at all. */
        NO,
        /** Between 2 × 2 pixels. */
        BILINEAR,
        /** Over 4 × 4 pixels. */
        BICUBIC,
        /** Over 6 × 6 pixels. */
        LANCZOS
    }

    /** Checks that there is a network. */
    public Variant {
        trainings = List.copyOf(trainings);
        if (name.isBlank()) {
            throw new IllegalArgumentException("variant: wanted a name, got '" + name + "'");
        }
        if (network.isEmpty() && trainings.isEmpty()) {
            throw new IllegalArgumentException(
                    "variant " + name + ": wanted a network or a training, got neither; name who is shown the probes");
        }
    }

    /**
     * A network of its own, at low resolution.
     *
     * @param name      what tables call it
     * @param trainings in order; the last one gives the network
     * @return the variant
     */
    public static Variant of(String name, Training... trainings) {
        return new Variant(name, List.of(trainings), "", Resolution.LOW, Enlarge.NO, "");
    }

    /**
     * A network that others share.
     *
     * @param name    what tables call it
     * @param network of the experiment's networks or teachers
     * @param sees    the view that it is shown
     * @param enlarge how low-resolution probes are enlarged for it
     * @return the variant
     */
    public static Variant shared(String name, String network, Resolution sees, Enlarge enlarge) {
        return new Variant(name, List.of(), network, sees, enlarge, "");
    }

    /** Who is shown the probes. */
    String probed() {
        return network.isEmpty() ? trainings.get(trainings.size() - 1).name() : network;
    }

    /** Whether it is a network for high resolution that nobody taught low resolution. */
    boolean naive() {
        return trainings.isEmpty() && enlarge != Enlarge.NO;
    }
}
