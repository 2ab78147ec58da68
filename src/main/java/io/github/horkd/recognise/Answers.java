package io.github.horkd.recognise;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What a gallery answers about one probe, the most similar identity first. No answer means: nobody here.
 *
 * @param ranked by falling similarity; equal ones in the order of their first enrolment
 */
public record Answers(List<Answer> ranked) {

    public Answers {
        ranked = List.copyOf(ranked);
    }

    /**
     * The most similar identity.
     *
     * @return empty when the probe shows nobody of the gallery
     */
    public Optional<Answer> best() {
        return ranked.stream().findFirst();
    }

    /**
     * Whether the probe shows nobody of the gallery.
     *
     * @return true when no identity was similar enough
     */
    public boolean nobody() {
        return ranked.isEmpty();
    }

    @Override
    public String toString() {
        return nobody() ? "nobody here" : ranked.stream().map(Answer::toString).collect(Collectors.joining(", "));
    }
}
