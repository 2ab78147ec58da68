package io.github.horkd.recognise;

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
    private final TemplateSearch search;
    private volatile Correction correction;

    ProbeSearch(PerIdentity perIdentity, IdentityTable identities, TemplateRows templates, TemplateRows searched) {
        this.perIdentity = perIdentity;
        this.identities = identities;
        this.templates = templates;
        this.search = new TemplateSearch(searched);
    }

    List<Answers> identify(INDArray probes, int top, double least) {
        if (top < 1) {
            throw new IllegalArgumentException("top: wanted 1 or more answers, got " + top);
        }
        List<Answers> all = new ArrayList<>();
        forEach(UnitRows.of("probes", probes, templates.width()), top, (probe, best) -> {
            List<Answer> ranked = new ArrayList<>();
            best.ranked((number, similarity) -> {
                if (plain(similarity) >= least && ranked.size() < top) {
                    ranked.add(new Answer(identities.name(number), plain(similarity)));
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
                (probe, best) -> genuine[probe] = plain(best.similarity(identities.number(names.get(probe)))));
        forEach(those, 1, (probe, best) -> best.ranked((number, similarity) -> impostors[probe] = plain(similarity)));
        return Threshold.calibrate(genuine, impostors, falseAcceptRate, Threshold.Per.PROBE);
    }

    private interface Visitor {
        void see(int probe, BestIdentities best);
    }

    private void forEach(UnitRows probes, int most, Visitor visitor) {
        int width = templates.width();
        int together = BestIdentities.probesAtOnce(most, identities.numbers());
        for (int from = 0; from < probes.count(); from += together) {
            int count = Math.min(together, probes.count() - from);
            float[] some = Arrays.copyOfRange(probes.values(), from * width, (from + count) * width);
            BestIdentities[] best = search.best(some, count, most, identities.numbers(), correction());
            for (int p = 0; p < count; p++) {
                visitor.see(from + p, best[p]);
            }
        }
    }

    private Correction correction() {
        if (correction == null) {
            // Two threads may both measure it, and get the same.
            correction = perIdentity == PerIdentity.CORRECTED_BEST
                    ? Correction.of(templates, identities.numbers())
                    : Correction.NONE;
        }
        return correction;
    }

    /** Rounding may carry the cosine of equal directions a little beyond 1. */
    private float plain(float similarity) {
        return perIdentity == PerIdentity.CORRECTED_BEST ? similarity : Math.max(-1, Math.min(1, similarity));
    }
}
