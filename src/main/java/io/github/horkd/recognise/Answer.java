package io.github.horkd.recognise;

import java.util.Locale;

/**
 * One identity that a probe may show.
 *
 * @param identity   the name it was enrolled by
 * @param similarity cosine with the identity's best or mean template, −1…1; corrected ones and those of {@linkplain GalleryBuilder#localScaling local scaling} leave that scale
 */
public record Answer(String identity, double similarity) {

    @Override
    public String toString() {
        return identity + String.format(Locale.ROOT, " %.3f", similarity);
    }
}
