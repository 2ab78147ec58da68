package io.github.horkd.eval;

import io.github.horkd.data.Interpolation;
import io.github.horkd.data.PairedImages;
import io.github.horkd.data.Resolution;
import io.github.horkd.guide.Embeddings;
import java.util.Locale;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The rival that a student has to beat: the network for high resolution, given enlarged low-resolution views.
 *
 * @param name the interpolation, in words
 * @param way  how embeddings are made so
 * @param view what it says of the images
 */
record NaiveUse(String name, Embeddings way, View view) {

    private static final Logger LOG = LoggerFactory.getLogger(NaiveUse.class);

    /** The best interpolation by the area under the curve across resolutions; empty where the network cannot be given low-resolution views. */
    static Optional<NaiveUse> best(Embeddings high, PairedImages test, View sharp) {
        if (!high.source().seesPixels()) {
            return Optional.empty();
        }
        boolean sameSize = test.shape(Resolution.LOW).equals(test.shape(Resolution.HIGH));
        NaiveUse best = null;
        double bestArea = Double.NaN;
        for (Interpolation how : Interpolation.values()) {
            if (best != null && sameSize) {
                break; // Nothing is enlarged, so all interpolations are one.
            }
            Embeddings way = high.upsampled(how);
            try {
                way.source().require(test, Resolution.LOW);
            } catch (IllegalArgumentException e) {
                LOG.info("the naive use of the high-resolution network is not measured: {}", e.getMessage());
                return Optional.empty();
            }
            View view = View.of(way, test, Resolution.LOW, sharp.labels());
            double area = sharp.across(view).auc();
            if (best == null || area > bestArea) {
                String name = sameSize ? "naive" : "naive, " + how.name().toLowerCase(Locale.ROOT);
                best = new NaiveUse(name, way, view);
                bestArea = area;
            }
        }
        return Optional.of(best);
    }
}
