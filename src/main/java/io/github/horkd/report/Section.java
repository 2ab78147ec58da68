package io.github.horkd.report;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A section of a {@link Report}.
 *
 * @param anchor the place that links name: {@code report.html#learning}. Those of this library are constants here
 * @param title  its heading
 * @param lead   one or two sentences: what is shown, and what to look at
 * @param parts  charts, tables and pictures, in order
 */
public record Section(String anchor, String title, String lead, List<Part> parts) {

    /** The most important figures. */
    public static final String SUMMARY = "summary";
    /** The loss and its terms, by stage. */
    public static final String LEARNING = "learning";
    /** Metrics on held-out pictures while training. */
    public static final String VALIDATION = "validation";
    /** The figures of every recogniser. */
    public static final String RESULTS = "results";
    /** Rank-1 against the side of the probe. */
    public static final String RESOLUTION = "resolution";
    /** ROC and DET. */
    public static final String VERIFICATION = "verification";
    /** Cumulative match curves. */
    public static final String IDENTIFICATION = "identification";
    /** DIR at FPIR. */
    public static final String OPEN_SET = "open-set";
    /** Spectrum, cosines and map of the embeddings. */
    public static final String SPACE = "space";
    /** Who is taken for whom. */
    public static final String CONFUSION = "confusion";
    /** Test pictures with right and wrong answers. */
    public static final String PICTURES = "pictures";
    /** Variants with their spread over seeds. */
    public static final String ABLATION = "ablation";
    /** How long stages took. */
    public static final String TIMES = "times";
    /** How large and fast networks are. */
    public static final String SIZES = "sizes";
    /** Options, versions, data: what the run was made from. */
    public static final String MADE_FROM = "made-from";

    /** The order in which sections stand; others follow. */
    static final List<String> ORDER = List.of(
            SUMMARY,
            RESULTS,
            PICTURES,
            ABLATION,
            LEARNING,
            VALIDATION,
            VERIFICATION,
            IDENTIFICATION,
            OPEN_SET,
            RESOLUTION,
            SPACE,
            CONFUSION,
            SIZES,
            TIMES,
            MADE_FROM);

    private static final Pattern ANCHOR = Pattern.compile("[a-z][a-z0-9-]*");

    public Section {
        if (!ANCHOR.matcher(anchor).matches()) {
            throw new IllegalArgumentException(
                    "anchor: wanted lower-case letters, digits and hyphens, got '" + anchor + "'");
        }
        parts = List.copyOf(parts);
    }

    /**
     * A section.
     *
     * @param anchor the place that links name
     * @param title  its heading
     * @param lead   what is shown, and what to look at
     * @param parts  in order
     * @return the section
     */
    public static Section of(String anchor, String title, String lead, Part... parts) {
        return new Section(anchor, title, lead, List.of(parts));
    }

    /**
     * This section with more at its end.
     *
     * @param more a part
     * @return a longer section
     */
    public Section with(Part more) {
        List<Part> all = new ArrayList<>(parts);
        all.add(more);
        return new Section(anchor, title, lead, all);
    }
}
