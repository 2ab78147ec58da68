package io.github.horkd.recognise;

import io.github.horkd.guide.LocalScaling;
import io.github.horkd.internal.rows.UnitRows;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Answers about probes, from the rows that a gallery searches. Safe to use from several threads. */
final class ProbeSearch {

    private final PerIdentity perIdentity;
    private final IdentityTable identities;
    private final TemplateRows templates;
    private final TemplateRows searched;
    private final TemplateSearch search;
    /** Null where cosines stay as they are. */
    private final LocalScaling scaling;

    private volatile Correction correction;

    ProbeSearch(
            PerIdentity perIdentity,
            IdentityTable identities,
            TemplateRows templates,
            TemplateRows searched,
            LocalScaling scaling) {
        this.perIdentity = perIdentity;
        this.identities = identities;
        this.templates = templates;
        this.searched = searched;
        this.search = new TemplateSearch(searched);
        this.scaling = scaling;
    }

    List<Answers> identify(INDArray probes, int top, double least) {
        if (top < 1) {
            throw new IllegalArgumentException("top: wanted 1 or more answers, got " + top);
        }
        List<Answers> all = new ArrayList<>();
        forEach(UnitRows.of("probes", probes, templates.width()), top, (probe, best, own) -> {
            List<Answer> ranked = new ArrayList<>();
            best.ranked((number, similarity) -> {
                float score = plain(similarity) - own;
                if (score >= least && ranked.size() < top) {
                    ranked.add(new Answer(identities.name(number), score));
                }
            });
            all.add(new Answers(ranked));
        });
        return all;
    }

    Threshold calibrate(INDArray known, List<String> names, INDArray strangers, double falseAcceptRate) {
        if (identities.live() == 0) {
            throw new IllegalArgumentException("gallery: wanted somebody enrolled before calibrating, got nobody");
        }
        UnitRows these = UnitRows.of("known probes", known, templates.width());
        UnitRows those = UnitRows.of("strangers", strangers, templates.width());
        if (these.count() != names.size()) {
            throw new IllegalArgumentException(
                    "names: wanted one per known probe, " + these.count() + ", got " + names.size());
        }
        names.stream().filter(name -> identities.number(name) < 0).findFirst().ifPresent(name -> {
            throw new IllegalArgumentException("known probe " + name + ": wanted somebody enrolled, got a stranger");
        });
        float[] genuine = new float[these.count()];
        float[] impostors = new float[those.count()];
        forEach(
                these,
                identities.numbers(),
                (probe, best, own) ->
                        genuine[probe] = plain(best.similarity(identities.number(names.get(probe)))) - own);
        forEach(
                those,
                1,
                (probe, best, own) -> best.ranked((number, similarity) -> impostors[probe] = plain(similarity) - own));
        return Threshold.calibrate(genuine, impostors, falseAcceptRate, Threshold.Per.PROBE);
    }

    private interface Visitor {
        /** {@code own} is what local scaling takes from all similarities of this probe. */
        void see(int probe, BestIdentities best, float own);
    }

    private void forEach(UnitRows probes, int most, Visitor visitor) {
        int width = templates.width();
        int together = BestIdentities.probesAtOnce(most, identities.numbers());
        for (int from = 0; from < probes.count(); from += together) {
            int count = Math.min(together, probes.count() - from);
            float[] some = Arrays.copyOfRange(probes.values(), from * width, (from + count) * width);
            BestIdentities[] best = search.best(some, count, most, identities.numbers(), correction());
            float[] means = scaling == null ? null : scaling.ofProbes(some);
            for (int p = 0; p < count; p++) {
                visitor.see(from + p, best[p], means == null ? 0 : means[p] / 2);
            }
        }
    }

    private Correction correction() {
        if (correction == null) {
            // Two threads may both measure it, and get the same.
            correction = measured();
        }
        return correction;
    }

    private Correction measured() {
        if (scaling != null) {
            return Correction.of(scaling, searched, identities.numbers());
        }
        return perIdentity == PerIdentity.CORRECTED_BEST
                ? Correction.of(templates, identities.numbers())
                : Correction.NONE;
    }

    /** Rounding may carry the cosine of equal directions a little beyond 1. */
    private float plain(float similarity) {
        boolean corrected = scaling != null || perIdentity == PerIdentity.CORRECTED_BEST;
        return corrected ? similarity : Math.max(-1, Math.min(1, similarity));
    }
}
