package io.github.horkd.report;

import io.github.horkd.eval.Table;
import io.github.horkd.experiment.Manifest;
import io.github.horkd.experiment.RunDirectory;
import io.github.horkd.experiment.RunResult;
import io.github.horkd.experiment.RunResult.TrainedNetwork;
import io.github.horkd.experiment.RunState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Times and sizes of an experiment, and what it was made from. */
final class ExperimentFacts {

    private final RunDirectory run;
    private final Manifest manifest;

    ExperimentFacts(RunDirectory run) {
        this.run = run;
        this.manifest = run.manifest();
    }

    List<Section> sections() {
        List<Section> sections = new ArrayList<>();
        Table times = Table.of("Run", "Seed", "State", "Took");
        Table sizes = Table.of("Network", "Parameters", "On disk", "Images a second", "Training took", "Best epoch");
        for (RunResult each : run.runs()) {
            String name = each.variant().equals(RunResult.SHARED) ? shared(each) : each.variant();
            times = times.row(
                    name,
                    each.seed(),
                    each.state().name().toLowerCase(java.util.Locale.ROOT),
                    Text.duration(each.seconds()));
            for (TrainedNetwork network : each.networks()) {
                sizes = sizes.row(
                        trained(each, network) + ", seed " + each.seed(),
                        Text.count(network.parameters()),
                        bytes(network.bytes()),
                        Double.isNaN(network.imagesPerSecond())
                                ? "–"
                                : Text.count(Math.round(network.imagesPerSecond())),
                        Text.duration(network.seconds()),
                        network.bestEpoch());
            }
        }
        if (!sizes.rows().isEmpty()) {
            sections.add(Section.of(
                    Section.SIZES,
                    "Sizes",
                    "Images a second: 64 at a time on the machine of this run.",
                    new DataTable("Networks that were trained", sizes)));
        }
        sections.add(Section.of(
                Section.TIMES,
                "Times",
                "The whole experiment took " + Text.duration(manifest.seconds())
                        + (manifest.state() == RunState.RUNNING ? " so far." : "."),
                new DataTable("Runs", times)));
        sections.add(Section.of(
                Section.MADE_FROM,
                "What it was made from",
                "With the same experiment, data and versions the same machine gives the same numbers. Begun "
                        + time(manifest.started()) + ", written " + time(manifest.changed()) + ".",
                new DataTable("Data", data()),
                new DataTable("Versions and machine", versions())));
        return sections;
    }

    /** As people write it: 2026-11-26 10:39:44 UTC. */
    private static String time(String instant) {
        return instant.replaceFirst("^([\\d-]{10})T([\\d:]{8})(\\.\\d+)?Z$", "$1 $2 UTC");
    }

    private static String shared(RunResult run) {
        String names = String.join(
                ", ", run.networks().stream().map(TrainedNetwork::name).toList());
        return names.isEmpty() ? "shared network" : "shared: " + names;
    }

    private static String trained(RunResult run, TrainedNetwork network) {
        if (run.variant().equals(RunResult.SHARED)) {
            return network.name();
        }
        return run.networks().size() == 1 ? run.variant() : run.variant() + ", " + network.name();
    }

    private static String bytes(long bytes) {
        return bytes <= 0
                ? "–"
                : bytes < 1 << 20
                        ? Math.round(bytes / 1024.0) + " KB"
                        : String.format(java.util.Locale.ROOT, "%.1f MB", bytes / 1048576.0);
    }

    private Table data() {
        Table table = Table.of("Images", "Pictures", "Labelled", "Classes", "High", "Low", "Left out", "Fingerprint");
        for (Manifest.DataSet set : manifest.data()) {
            table = table.row(
                    set.name(),
                    Text.count(set.pictures()),
                    Text.count(set.labelled()),
                    Text.count(set.classes()),
                    set.high(),
                    set.low(),
                    set.leftOut().isEmpty() ? "nothing" : set.leftOut(),
                    set.fingerprint());
        }
        return table;
    }

    private Table versions() {
        Table table = Table.of("What", "Which").row("experiment", manifest.fingerprint());
        for (Map<String, String> facts : List.of(manifest.versions(), manifest.machine(), manifest.revision())) {
            for (Map.Entry<String, String> fact : facts.entrySet()) {
                table = table.row(fact.getKey().equals("heapMegabytes") ? "heap, MB" : fact.getKey(), fact.getValue());
            }
        }
        for (Map.Entry<String, String> file : manifest.files().entrySet()) {
            table = table.row(file.getKey(), file.getValue());
        }
        return table;
    }
}
