package io.github.horkd.experiment;

import io.github.horkd.data.PairedImages;
import io.github.horkd.distill.Learner;
import io.github.horkd.distill.Stage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

/** What comes between an experiment's sets and its trainings. */
class PreparationTest {

    private static final String TEXT = """
            {"name": "prepared",
             "data": {"train": {"source": "drawnShapes"}, "test": {"source": {"type": "drawnShapes", "count": 16, "seed": 9}}},
             "variants": [{"name": "two", "gallery": "second", "sees": "high", "trainings": [
               {"name": "first", "seed": 1, "sees": "high", "backbone": {"type": "plain", "width": 2, "embeddingWidth": 4}, "schedule": {"epochs": 1, "batchSize": 8},
                "preparation": {"type": "everySecond", "name": "${name:}", "from": "${from:0}"}},
               {"name": "second", "seed": 2, "sees": "high", "backbone": {"type": "plain", "width": 2, "embeddingWidth": 4}, "schedule": {"epochs": 1, "batchSize": 8},
                "preparation": {"type": "everySecond", "name": "", "from": "${from:0}"}}]}],
             "seeds": [5, 6],
             "evaluation": {"measures": [{"type": "nearest", "column": "rank-1"}]}}
            """;

    private static final TypeRegistry KINDS = DrawnShapes.KINDS.with("everySecond", new EverySecond("", Seed.fixed(0)));

    private static final List<String> PREPARED = new ArrayList<>();

    @TempDir
    Path folder;

    /** Every second picture. */
    public record EverySecond(String name, Seed from) implements Preparation {
        @Override
        public Prepared of(Prepared plain, PreparationContext context) {
            PREPARED.add(plain.stage().name() + " " + from.of(context.seed()));
            PairedImages some = context.once(List.of(plain.images(), from), PairedImages.class, () -> {
                PREPARED.add("made");
                return plain.images().where(i -> i % 2 == Math.floorMod(from.of(context.seed()), 2));
            });
            Stage stage = plain.stage();
            return new Prepared(
                    name.isEmpty()
                            ? stage
                            : new Stage(
                                    name,
                                    (Learner.New) stage.learner(),
                                    stage.resolution(),
                                    stage.losses(),
                                    stage.options()),
                    some,
                    plain.guides());
        }
    }

    @BeforeEach
    void anew() {
        PREPARED.clear();
    }

    private static Experiment prepared(Map<String, String> values) {
        return Experiment.parse(TEXT, "prepared.json", values, KINDS);
    }

    @Test
    void everyTrainingIsPreparedAndWhatTheyShareIsMadeOnce() {
        RunDirectory done = prepared(Map.of()).in(folder, KINDS).run();
        assertEquals(List.of("first 0", "made", "second 0"), PREPARED);
        assertEquals(1, done.runs().size(), "nothing depends on the seed");
        assertEquals(64, done.manifest().data().get(0).pictures());
        assertEquals(
                List.of("first", "second"),
                done.runs().get(0).networks().stream()
                        .map(RunResult.TrainedNetwork::name)
                        .toList());
    }

    @Test
    void itsSeedsAreThoseOfTheRun() {
        RunDirectory done = prepared(Map.of("from", "seed")).in(folder, KINDS).run();
        assertEquals(List.of(5L, 6L), done.runs().stream().map(RunResult::seed).toList());
        assertEquals(List.of("first 5", "made", "second 5", "first 6", "second 6"), PREPARED);
    }

    @Test
    void itIsPartOfTheFile() {
        Experiment experiment = prepared(Map.of("from", "seed + 1"));
        experiment.save(folder.resolve("again.json"), KINDS);
        assertEquals(experiment, Experiment.load(folder.resolve("again.json"), Map.of(), KINDS));
    }

    @Test
    void anotherNameIsRefused() {
        ExperimentRun renamed = prepared(Map.of("name", "third")).in(folder, KINDS);
        assertEquals(
                "training first: wanted a prepared stage of that name, got one called 'third'",
                assertThrows(IllegalArgumentException.class, renamed::run).getMessage());
    }
}
