package io.github.horkd.examples;

import io.github.horkd.eval.Spread;
import io.github.horkd.eval.Table;
import io.github.horkd.experiment.Experiment;
import io.github.horkd.experiment.RunDirectory;
import io.github.horkd.experiment.RunResult;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Labeled Faces in the Wild, 64×64 against 16×16: verification and identification of people never seen in training. The experiment is {@code experiments/lfw.yaml}.
 * <pre>  mvn -q -f examples -Dexample=Lfw -Ddata=DIR</pre>
 * DIR holds {@code lfw64.zip} (or a folder of that name, {@code Name/Name_0001.png}) and the protocol files {@code peopleDevTrain.txt, peopleDevTest.txt,
 * pairsDevTrain.txt, pairsDevTest.txt}. Training uses people of DevTrain only: 298 of them labelled, the others without label. {@code -Dseeds=3}, {@code -Dsetting=1} (how many different
 * teachers the seeds are dealt out over) and {@code -Dout=DIR} are optional. A teacher takes about ten minutes on one core, a student one to two. {@code -Dteacher=face.onnx} runs
 * {@link LfwPublicTeacher} instead.
 */
public final class Lfw {

    private Lfw() {}

    public static void main(String[] args) throws Exception {
        Settings settings = Settings.ofThisRun();
        if (settings.teacher().isPresent()) {
            LfwPublicTeacher.run(settings);
            return;
        }
        settings.dataOrSay("lfw64.zip and the protocol files");
        long[] seeds = settings.seeds(3);
        int teachers = settings.setting().isEmpty() ? 1 : Integer.parseInt(settings.setting());
        List<RunDirectory> done = new ArrayList<>();
        for (int t = 0; t < teachers; t++) {
            // Seeds are dealt out over the teachers, so that their difference is in the spread.
            int number = t;
            Map<String, String> values = Experiments.values(settings);
            values.put("teacherSeed", Integer.toString(("teacher-" + (1000 + t)).hashCode()));
            values.put("rivalSeed", Integer.toString(("mixed-" + (1000 + t)).hashCode()));
            Experiment experiment = Experiments.load("lfw", values)
                    .withSeeds(IntStream.range(0, seeds.length)
                            .filter(i -> i % teachers == number)
                            .mapToLong(i -> seeds[i])
                            .toArray());
            Path directory = settings.out().resolve("lfw-" + (1000 + t));
            done.add(Experiments.run(experiment.in(directory, Experiments.KINDS), directory));
            Experiments.sayWhere(directory);
        }
        System.out.println(together(done).markdown());
    }

    /** One table of the runs with all teachers. */
    private static Table together(List<RunDirectory> done) {
        List<String> columns = done.get(0).manifest().columns();
        List<String> header = new ArrayList<>(List.of("", "seeds"));
        header.addAll(columns);
        Table table = Table.of(header.toArray(String[]::new));
        for (String variant : done.get(0).manifest().variants()) {
            List<RunResult> runs = done.stream()
                    .flatMap(each -> each.finished(variant).stream())
                    .toList();
            List<Object> cells = new ArrayList<>(List.of(variant, runs.size()));
            columns.forEach(column -> cells.add(Spread.of(
                    runs.stream().mapToDouble(run -> run.figures().get(column)).toArray())));
            table = table.row(cells.toArray());
        }
        return table;
    }
}
