package io.github.horkd.experiment;

import io.github.horkd.distill.GuideLoss;
import io.github.horkd.internal.file.Sha256;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;

/**
 * What is learned from what, by which losses, over which seeds and variants, and how it is judged: a value, which is written to a file, read back and run.
 *
 * <pre>  Experiment.load(Path.of("faces.yaml")).in(Path.of("target/faces")).run()</pre>
 *
 * Every variant is run with every seed; one in which nothing depends on the seed is run once. Teachers and shared networks are there once for all of them.
 *
 * @param name       what it is called; letters, digits, '-' and '_'
 * @param about      what it is for; may be empty
 * @param data       sets of images by name
 * @param teachers   guides from outside, by name
 * @param networks   that variants share, in order; each is trained once for each seed that its own {@link Seed} gives
 * @param variants   in the order of the table
 * @param seeds      of the runs
 * @param evaluation how variants are judged
 * @param keepPictures whether pictures of the test are copied into the directory, for reports; ask before it is people's faces
 */
public record Experiment(
        String name,
        String about,
        Map<String, ImageSet> data,
        Map<String, TeacherSource> teachers,
        List<Training> networks,
        List<Variant> variants,
        List<Long> seeds,
        EvaluationPlan evaluation,
        boolean keepPictures) {

    /** Copies all, and checks that every name stands for something. */
    public Experiment {
        data = unmodifiable(data);
        teachers = unmodifiable(teachers);
        networks = List.copyOf(networks);
        variants = List.copyOf(variants);
        seeds = List.copyOf(seeds);
        if (!name.matches("[A-Za-z0-9_-]+")) {
            throw new IllegalArgumentException("name: wanted letters, digits, '-' and '_', got '" + name + "'");
        }
        if (seeds.isEmpty() || variants.isEmpty()) {
            throw new IllegalArgumentException("experiment: wanted at least one seed and one variant, got "
                    + seeds.size() + " and " + variants.size());
        }
        Set<String> guides = new HashSet<>(teachers.keySet());
        for (Training network : networks) {
            check(network, guides, data.keySet());
        }
        Set<String> named = new HashSet<>();
        for (Variant variant : variants) {
            if (!named.add(variant.name())) {
                throw new IllegalArgumentException("variants: two are called '" + variant.name() + "'");
            }
            Set<String> known = new HashSet<>(guides);
            for (Training training : variant.trainings()) {
                check(training, known, data.keySet());
            }
            String at = "variant " + variant.name();
            wantNamed(at + ", network", variant.probed(), known);
            wantNamed(at + ", gallery", variant.gallery().isEmpty() ? evaluation.teacher() : variant.gallery(), known);
        }
        wantNamed("evaluation, test", evaluation.test(), data.keySet());
        if (!evaluation.gallery().isEmpty()) {
            wantNamed("evaluation, gallery", evaluation.gallery(), data.keySet());
        }
        for (Map.Entry<String, ImageSet> set : data.entrySet()) {
            if (set.getValue().source() instanceof ImageSource.SetNamed other) {
                wantNamed("data " + set.getKey() + ", source", other.name(), data.keySet());
            }
        }
    }

    private static void check(Training training, Set<String> guides, Set<String> sets) {
        String at = "training " + training.name();
        wantNamed(at + ", images", training.images(), sets);
        if (!training.watch().images().isEmpty()) {
            wantNamed(at + ", watch", training.watch().images(), sets);
        }
        for (GuideLoss loss : training.losses()) {
            wantNamed(at + ", guide", loss.guide(), guides);
        }
        if (!guides.add(training.name())) {
            throw new IllegalArgumentException("networks: two are called '" + training.name() + "'");
        }
    }

    private static void wantNamed(String at, String name, Set<String> known) {
        if (!known.contains(name)) {
            throw new IllegalArgumentException(at + ": there is no '" + name + "'" + NearestName.advice(name, known));
        }
    }

    private static <T> Map<String, T> unmodifiable(Map<String, T> map) {
        return java.util.Collections.unmodifiableMap(new LinkedHashMap<>(map));
    }

    /**
     * Reads an experiment.
     *
     * @param file YAML or JSON by its ending
     * @return the experiment
     * @throws java.io.UncheckedIOException when it cannot be read
     * @throws IllegalArgumentException     when it is none; the message names the place
     */
    public static Experiment load(Path file) {
        return load(file, Map.of(), TypeRegistry.standard());
    }

    /**
     * Reads an experiment with kinds of the user's own.
     *
     * @param file   YAML or JSON by its ending
     * @param values what stands for {@code ${name}} and {@code ${name:otherwise}} in its texts
     * @param kinds  what its types are called
     * @return the experiment
     * @throws java.io.UncheckedIOException when it cannot be read
     * @throws IllegalArgumentException     when it is none, or a value is missing; the message names the place
     */
    public static Experiment load(Path file, Map<String, String> values, TypeRegistry kinds) {
        return of(TreeFile.read(file), file.getFileName().toString(), values, kinds);
    }

    /**
     * Reads an experiment that is a text already, one that comes with a program for instance.
     *
     * @param text   YAML or JSON by the ending of the name
     * @param name   for messages
     * @param values what stands for {@code ${name}} and {@code ${name:otherwise}} in its texts
     * @param kinds  what its types are called
     * @return the experiment
     * @throws IllegalArgumentException when it is none, or a value is missing; the message names the place
     */
    public static Experiment parse(String text, String name, Map<String, String> values, TypeRegistry kinds) {
        return of(TreeFile.parse(text, name), name, values, kinds);
    }

    private static Experiment of(Object tree, String name, Map<String, String> values, TypeRegistry kinds) {
        return ExperimentForm.of(kinds).read(Experiment.class, Placeholders.filled(tree, values, name), name);
    }

    /**
     * Writes this experiment.
     *
     * @param file YAML or JSON by its ending
     */
    public void save(Path file) {
        save(file, TypeRegistry.standard());
    }

    /**
     * Writes this experiment with kinds of the user's own.
     *
     * @param file  YAML or JSON by its ending
     * @param kinds what its types are called
     */
    public void save(Path file, TypeRegistry kinds) {
        TreeFile.write(file, "the experiment", ExperimentForm.of(kinds).write(this));
    }

    /**
     * Where it is run, or gone on with.
     *
     * @param directory of this experiment alone; made when it is not there
     * @return ready to run
     */
    public ExperimentRun in(Path directory) {
        return in(directory, TypeRegistry.standard());
    }

    /**
     * Where it is run, with kinds of the user's own.
     *
     * @param directory of this experiment alone; made when it is not there
     * @param kinds     what its types are called in the files that it leaves
     * @return ready to run
     */
    public ExperimentRun in(Path directory, TypeRegistry kinds) {
        return new ExperimentRun(this, directory, kinds);
    }

    /**
     * With other seeds.
     *
     * @param others of the runs
     * @return a changed copy
     */
    public Experiment withSeeds(long... others) {
        return new Experiment(
                name,
                about,
                data,
                teachers,
                networks,
                variants,
                LongStream.of(others).boxed().toList(),
                evaluation,
                keepPictures);
    }

    /**
     * With some of its variants.
     *
     * @param names of those that stay, in the order of the table
     * @return a changed copy
     * @throws IllegalArgumentException when there is no such variant
     */
    public Experiment withVariants(String... names) {
        Set<String> known = new HashSet<>();
        variants.forEach(variant -> known.add(variant.name()));
        for (String each : names) {
            wantNamed("variants", each, known);
        }
        return withVariants(variants.stream()
                .filter(variant -> List.of(names).contains(variant.name()))
                .toList());
    }

    /**
     * With other variants.
     *
     * @param others in the order of the table
     * @return a changed copy
     */
    public Experiment withVariants(List<Variant> others) {
        return new Experiment(name, about, data, teachers, networks, others, seeds, evaluation, keepPictures);
    }

    /**
     * With other shared networks.
     *
     * @param others in order
     * @return a changed copy
     */
    public Experiment withNetworks(List<Training> others) {
        return new Experiment(name, about, data, teachers, others, variants, seeds, evaluation, keepPictures);
    }

    /**
     * With another set in place of one, or besides.
     *
     * @param set  its name
     * @param what by description
     * @return a changed copy
     */
    public Experiment withData(String set, ImageSet what) {
        Map<String, ImageSet> more = new LinkedHashMap<>(data);
        more.put(set, what);
        return new Experiment(name, about, more, teachers, networks, variants, seeds, evaluation, keepPictures);
    }

    /**
     * With another teacher from outside in place of one, or besides.
     *
     * @param guide its name
     * @param what  by description
     * @return a changed copy
     */
    public Experiment withTeacher(String guide, TeacherSource what) {
        Map<String, TeacherSource> more = new LinkedHashMap<>(teachers);
        more.put(guide, what);
        return new Experiment(name, about, data, more, networks, variants, seeds, evaluation, keepPictures);
    }

    /** What tells it from others, seeds excepted: runs with further seeds belong to it. */
    String fingerprint(TypeRegistry kinds) {
        Map<String, Object> all = Form.map(ExperimentForm.of(kinds).write(withSeeds(1)), name);
        return Sha256.create().text(TreeFile.line(all)).hex();
    }
}
