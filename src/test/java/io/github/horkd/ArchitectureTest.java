package io.github.horkd;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.github.horkd.data.PairedImages;
import io.github.horkd.data.WrappedImages;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The rooms of the house: who may know whom. A forbidden import turns this red and is named with its line. */
class ArchitectureTest {

    private static final String ROOT = "io.github.horkd.";

    /** Every room, with the public rooms and the internal ones that it may use. */
    private static final Map<String, Set<String>> MAY_USE = Map.ofEntries(
            Map.entry("internal.file", Set.of()),
            Map.entry("internal.parallel", Set.of()),
            Map.entry("internal.setup", Set.of()),
            Map.entry("internal.rows", Set.of("internal.parallel")),
            Map.entry("data", Set.of("internal.file", "internal.rows", "internal.parallel", "internal.setup")),
            Map.entry("loss", Set.of("internal.rows", "internal.parallel")),
            Map.entry("guide", Set.of("data", "internal.file", "internal.rows", "internal.parallel")),
            Map.entry("internal.onednn", Set.of("internal.parallel", "internal.rows", "internal.setup")),
            Map.entry("internal.graph", Set.of("internal.rows")),
            Map.entry(
                    "internal.training",
                    Set.of("internal.graph", "internal.onednn", "internal.parallel", "internal.rows")),
            Map.entry(
                    "internal.inference",
                    Set.of("internal.graph", "internal.onednn", "internal.parallel", "internal.rows")),
            Map.entry(
                    "accelerate", Set.of("internal.onednn", "internal.training", "internal.parallel", "internal.rows")),
            Map.entry(
                    "model",
                    Set.of(
                            "data",
                            "guide",
                            "loss",
                            "accelerate",
                            "internal.graph",
                            "internal.inference",
                            "internal.training",
                            "internal.file",
                            "internal.rows",
                            "internal.parallel",
                            "internal.setup")),
            Map.entry("knowledge", Set.of("data", "guide", "internal.file", "internal.rows", "internal.parallel")),
            // A stage is judged while it learns by what it is for: recognising people.
            Map.entry(
                    "distill",
                    Set.of(
                            "eval",
                            "data",
                            "loss",
                            "guide",
                            "accelerate",
                            "model",
                            "knowledge",
                            "internal.training",
                            "internal.file",
                            "internal.rows",
                            "internal.parallel")),
            // What came of training, evaluation and experiments, as a page: on top of all, so that none knows how it is
            // shown.
            Map.entry(
                    "report",
                    Set.of(
                            "data",
                            "guide",
                            "loss",
                            "model",
                            "distill",
                            "eval",
                            "experiment",
                            "internal.file",
                            "internal.rows")),
            Map.entry("eval", Set.of("data", "guide", "internal.file", "internal.rows", "internal.parallel")),
            Map.entry(
                    "recognise",
                    Set.of("data", "guide", "eval", "internal.file", "internal.rows", "internal.parallel")),
            Map.entry(
                    "onnx",
                    Set.of(
                            "data",
                            "guide",
                            "model",
                            "internal.graph",
                            "internal.file",
                            "internal.rows",
                            "internal.parallel")),
            // An experiment is made of everything: sources, guides, losses, stages, figures, files.
            Map.entry(
                    "experiment",
                    Set.of(
                            "data",
                            "loss",
                            "guide",
                            "accelerate",
                            "model",
                            "knowledge",
                            "distill",
                            "eval",
                            "onnx",
                            "internal.file",
                            "internal.rows",
                            "internal.parallel")));

    /** Read once, for {@link ApiRulesTest} too. */
    static final JavaClasses LIBRARY = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.github.horkd");

    @Test
    void everyRoomIsKnown() {
        Set<String> rooms = LIBRARY.stream()
                .map(ArchitectureTest::room)
                .filter(room -> !room.isEmpty())
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(new TreeSet<>(MAY_USE.keySet()), rooms);
    }

    @Test
    void roomsUseOnlyWhatTheyMay() {
        assertNone(crossing(
                d -> !MAY_USE.getOrDefault(room(d.getOriginClass()), Set.of()).contains(room(d.getTargetClass()))));
    }

    @Test
    void allowedArrowsMakeNoCycle() {
        Map<String, Set<String>> left = new TreeMap<>();
        MAY_USE.forEach((room, used) -> left.put(room, new TreeSet<>(used)));
        while (!left.isEmpty()) {
            List<String> bottom = left.entrySet().stream()
                    .filter(e -> e.getValue().isEmpty())
                    .map(Map.Entry::getKey)
                    .toList();
            assertTrue(!bottom.isEmpty(), "rooms that use each other: " + left);
            bottom.forEach(left::remove);
            left.values().forEach(used -> used.removeAll(bottom));
        }
    }

    @Test
    void lossesKnowNoNetworks() {
        assertNone(dependencies(d -> room(d.getOriginClass()).equals("loss")
                && (d.getTargetClass().getPackageName().startsWith("org.deeplearning4j"))));
    }

    @Test
    void forkJoinKnowsNeitherNetworksNorOneDnn() {
        assertNone(dependencies(d -> room(d.getOriginClass()).equals("internal.parallel")
                && (d.getTargetClass().getPackageName().startsWith("org.deeplearning4j")
                        || d.getTargetClass().getPackageName().startsWith("org.nd4j")
                        || d.getTargetClass().getPackageName().startsWith("org.bytedeco"))));
    }

    /** A public signature that shows an internal type would make a user import it. */
    @Test
    void publicApiShowsNothingInternal() {
        assertNone(LIBRARY.stream()
                .filter(c -> isApi(c) && c.getModifiers().contains(JavaModifier.PUBLIC))
                .flatMap(c -> c.getMembers().stream())
                .filter(m -> m.getModifiers().contains(JavaModifier.PUBLIC)
                        && !m.getModifiers().contains(JavaModifier.SYNTHETIC))
                .filter(m -> m.getAllInvolvedRawTypes().stream().anyMatch(t -> room(t).startsWith("internal.")))
                .map(m -> m.getFullName() + " shows an internal type"));
    }

    /** ND4J carries old releases with known weaknesses; SECURITY.md says why no file of ours reaches them. */
    @Test
    void oldReleasesInsideNd4jAreNotUsed() {
        assertNone(dependencies(d -> {
            String used = d.getTargetClass().getPackageName();
            return used.startsWith("org.nd4j.shade") && !used.startsWith("org.nd4j.shade.jackson")
                    || used.startsWith("org.nd4j.shade.jackson.dataformat")
                    || used.startsWith("com.ctc.wstx")
                    || used.startsWith("org.yaml.snakeyaml");
        }));
    }

    /** Images made of a source's tell what the source left out: they forward to it, or say so themselves. */
    @Test
    void wrappersOfImagesTellWhatTheirSourceLeftOut() {
        assertNone(LIBRARY.stream()
                .filter(c -> c.isAssignableTo(PairedImages.class) && !c.isAssignableTo(WrappedImages.class))
                .filter(c -> c.getFields().stream()
                        .flatMap(f -> f.getType().getAllInvolvedRawTypes().stream())
                        .anyMatch(t -> t.isAssignableTo(PairedImages.class)))
                .filter(c -> c.tryGetMethod("leftOut").isEmpty())
                .map(c -> c.getName() + " wraps images and does not tell what was left out; implement WrappedImages"));
    }

    /** One name, one type: who reads it without its import is not to guess which. */
    @Test
    void noTwoPublicTypesHaveOneName() {
        Map<String, List<String>> named = LIBRARY.stream()
                .filter(c -> isApi(c) && c.isTopLevelClass() && c.getModifiers().contains(JavaModifier.PUBLIC))
                .collect(Collectors.groupingBy(
                        JavaClass::getSimpleName, Collectors.mapping(JavaClass::getName, Collectors.toList())));
        assertNone(named.values().stream().filter(types -> types.size() > 1).map(List::toString));
    }

    /** A clock that jumps changes nothing, for nobody reads it: what is measured comes from {@link System#nanoTime}. An experiment writes down when it was run. */
    @Test
    void nobodyReadsTheClock() {
        assertNone(LIBRARY.stream()
                .filter(c -> !Set.of("experiment", "report").contains(room(c)))
                .flatMap(c -> c.getAccessesFromSelf().stream())
                .filter(call -> call.getName().equals("currentTimeMillis")
                        || call.getTargetOwner().isEquivalentTo(java.util.Date.class)
                        || call.getTargetOwner().isEquivalentTo(java.util.Calendar.class)
                        || call.getName().equals("now")
                                && call.getTargetOwner().getPackageName().equals("java.time"))
                .map(call -> call.getDescription()));
    }

    /** By its name, a file may be another one than the one that is open, and without a limit it may be of any length: {@code BoundedFile}. */
    @Test
    void filesAreReadByOneOpeningAndWithinALimit() {
        // How far a pass is, what room a disk has, and the size of a file just written, for a table: no bound of what
        // is read.
        Set<String> noBounds = Set.of("Packing", "ImagePass", "KnowledgeFile", "RunFiles");
        Set<String> unbounded = Set.of("readAllBytes", "readAllLines", "readString");
        assertNone(LIBRARY.stream()
                .flatMap(c -> c.getMethodCallsFromSelf().stream())
                .filter(call -> call.getTargetOwner().isEquivalentTo(java.nio.file.Files.class)
                                && (unbounded.contains(call.getName())
                                        || call.getName().equals("size")
                                                && !noBounds.contains(
                                                        call.getOriginOwner().getSimpleName()))
                        || call.getTargetOwner().isEquivalentTo(java.io.File.class)
                                && call.getName().equals("length")
                                && !noBounds.contains(call.getOriginOwner().getSimpleName()))
                .map(call -> call.getDescription()));
    }

    @Test
    void nothingInternalIsPublicByAccident() {
        Set<JavaClass> usedElsewhere = LIBRARY.stream()
                .flatMap(c -> c.getDirectDependenciesFromSelf().stream())
                .filter(d -> !d.getOriginClass()
                        .getPackageName()
                        .equals(d.getTargetClass().getPackageName()))
                .map(Dependency::getTargetClass)
                .collect(Collectors.toSet());
        assertNone(LIBRARY.stream()
                .filter(c -> room(c).startsWith("internal.") && c.getModifiers().contains(JavaModifier.PUBLIC))
                .filter(c -> !usedElsewhere.contains(c))
                // A lambda leaves no trace of the interface that it implements.
                .filter(c -> !c.isAnnotatedWith(FunctionalInterface.class))
                .map(c -> c.getName() + " is public and used in its own package alone"));
    }

    private static java.util.stream.Stream<String> crossing(Predicate<Dependency> forbidden) {
        return dependencies(d -> !room(d.getOriginClass()).equals(room(d.getTargetClass()))
                && !room(d.getTargetClass()).isEmpty()
                && forbidden.test(d));
    }

    private static java.util.stream.Stream<String> dependencies(Predicate<Dependency> forbidden) {
        return LIBRARY.stream()
                .flatMap(c -> c.getDirectDependenciesFromSelf().stream())
                .filter(forbidden)
                .map(d -> d.getOriginClass().getName() + " -> "
                        + d.getTargetClass().getName());
    }

    private static boolean isApi(JavaClass c) {
        return !room(c).isEmpty() && !room(c).startsWith("internal.");
    }

    private static void assertNone(java.util.stream.Stream<String> found) {
        Set<String> all = found.collect(Collectors.toCollection(TreeSet::new));
        assertTrue(all.isEmpty(), () -> all.size() + " found:\n" + String.join("\n", all));
    }

    /** The package below the root, or an empty text for a class of somebody else's. */
    private static String room(JavaClass c) {
        JavaClass element = c.getBaseComponentType();
        String name = element.getPackageName();
        return name.startsWith(ROOT) ? name.substring(ROOT.length()) : "";
    }
}
