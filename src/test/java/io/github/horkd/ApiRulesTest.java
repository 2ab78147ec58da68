package io.github.horkd;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import io.github.horkd.data.PairedImages;
import io.github.horkd.loss.BatchLoss;
import java.io.File;
import java.io.UncheckedIOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertTrue;

/** The page of API rules (src/site/markdown/api-rules.md), as far as types and signatures can tell. Each test is one of its lines. */
class ApiRulesTest {

    private static final Set<Class<?>> OPTIONALS =
            Set.of(Optional.class, OptionalInt.class, OptionalLong.class, OptionalDouble.class);

    /** What comes out of the library is a record too; nobody is asked to make one of these. */
    private static final Set<String> RESULTS_WITH_OPTIONALS =
            Set.of("KnowledgeSource.Output", "Matching", "TrainingEvent.EpochFinished");

    private static final JavaClasses LIBRARY = ArchitectureTest.LIBRARY;

    /** Every type that a user can name, nested ones included. */
    private static final List<Class<?>> API = LIBRARY.stream()
            .filter(c -> !c.getPackageName().startsWith("io.github.horkd.internal"))
            .<Class<?>>map(JavaClass::reflect)
            .filter(ApiRulesTest::isPublic)
            .toList();

    private static boolean isPublic(Class<?> type) {
        for (Class<?> at = type; at != null; at = at.getEnclosingClass()) {
            if (!Modifier.isPublic(at.getModifiers())) {
                return false;
            }
        }
        return !type.isAnonymousClass() && !type.isLocalClass();
    }

    @Test
    void noOptionalIsAParameter() {
        assertNone(API.stream()
                .flatMap(type -> Stream.concat(methods(type), Arrays.stream(type.getConstructors())))
                .filter(each -> !(each instanceof Constructor && RESULTS_WITH_OPTIONALS.contains(name(each))))
                .filter(each -> Arrays.stream(each.getParameterTypes()).anyMatch(OPTIONALS::contains))
                .map(ApiRulesTest::words));
    }

    @Test
    void noPublicFieldCanBeChanged() {
        assertNone(API.stream()
                .flatMap(type -> Arrays.stream(type.getDeclaredFields()))
                .filter(field -> Modifier.isPublic(field.getModifiers()) && !field.isSynthetic())
                .filter(field -> !Modifier.isFinal(field.getModifiers())
                        || field.getType().isArray())
                .map(field -> field.getDeclaringClass().getName() + "." + field.getName()));
    }

    /** Open ideas are interfaces; what is a class is finished. */
    @Test
    void everyClassIsFinal() {
        assertNone(API.stream()
                .filter(type -> !type.isInterface() && !type.isEnum() && !Modifier.isFinal(type.getModifiers()))
                .map(Class::getName));
    }

    @Test
    void namesSayWhatAThingIs() {
        assertNone(LIBRARY.stream()
                .map(JavaClass::getSimpleName)
                .filter(name -> name.matches(".*(Util|Utils|Helper|Manager|Impl)")));
    }

    /** What stays open can be closed; sources of images map their files and need not be. */
    @Test
    void openGivesWhatStaysOnDiskOrCanBeClosed() {
        assertNone(API.stream()
                .filter(type -> !type.isInterface())
                .flatMap(ApiRulesTest::methods)
                .filter(method -> method.getName().equals("open"))
                .filter(method -> !AutoCloseable.class.isAssignableFrom(method.getReturnType())
                        && !PairedImages.class.isAssignableFrom(method.getReturnType())
                        // Of an experiment, which closes what can be closed.
                        && !name(method).startsWith("TeacherSource."))
                .map(ApiRulesTest::words));
    }

    @Test
    void loadReadsAFileIntoMemory() {
        assertNone(API.stream()
                .flatMap(ApiRulesTest::methods)
                .filter(method -> method.getName().equals("load"))
                .filter(method -> !Modifier.isStatic(method.getModifiers())
                        || method.getReturnType() != method.getDeclaringClass()
                        || method.getParameterTypes()[0] != Path.class
                        || AutoCloseable.class.isAssignableFrom(method.getReturnType()))
                .map(ApiRulesTest::words));
    }

    @Test
    void saveWritesAFile() {
        assertNone(API.stream()
                .flatMap(ApiRulesTest::methods)
                .filter(method -> method.getName().equals("save"))
                .filter(method -> method.getReturnType() != void.class || method.getParameterTypes()[0] != Path.class)
                .map(ApiRulesTest::words));
    }

    @Test
    void filesArePaths() {
        assertNone(API.stream()
                .flatMap(type -> Stream.concat(methods(type), Arrays.stream(type.getConstructors())))
                .filter(each -> List.of(each.getParameterTypes()).contains(File.class))
                .map(ApiRulesTest::words));
    }

    @Test
    void withGivesAChangedCopy() {
        assertNone(API.stream()
                .filter(Class::isRecord)
                .flatMap(ApiRulesTest::methods)
                .filter(method ->
                        method.getName().matches("with([A-Z].*)?") && !Modifier.isStatic(method.getModifiers()))
                .filter(method -> method.getReturnType() != method.getDeclaringClass())
                .map(ApiRulesTest::words));
    }

    /** A builder's choices give the builder back, and {@code build} ends it; where something is opened or written, that verb does. */
    @Test
    void aBuilderEndsInOneWord() {
        assertNone(API.stream()
                .filter(type -> type.getSimpleName().endsWith("Builder"))
                .filter(type -> methods(type)
                                .filter(method ->
                                        Set.of("build", "open", "write").contains(method.getName()))
                                .count()
                        != 1)
                .map(Class::getName));
        assertNone(API.stream()
                .filter(type -> !type.getSimpleName().endsWith("Builder"))
                .flatMap(ApiRulesTest::methods)
                .filter(method -> method.getName().equals("build"))
                .map(ApiRulesTest::words));
    }

    /** JSON of a loss is its components; a bean's name would write something else besides. */
    @Test
    void noGetters() {
        assertNone(API.stream()
                .flatMap(ApiRulesTest::methods)
                .filter(method -> method.getName().matches("(get|set)[A-Z].*"))
                .map(ApiRulesTest::words));
    }

    /** Arguments are refused by {@link IllegalArgumentException}, files by {@link UncheckedIOException}; callbacks and streams of a user's own may throw. */
    @Test
    void noCheckedExceptions() {
        assertNone(API.stream()
                .filter(type -> !type.isInterface())
                .flatMap(type -> Stream.concat(methods(type), Arrays.stream(type.getConstructors())))
                .filter(each -> !Set.of("readState", "writeState").contains(each.getName()))
                .filter(each -> Arrays.stream(each.getExceptionTypes())
                        .anyMatch(thrown -> !RuntimeException.class.isAssignableFrom(thrown)))
                .map(ApiRulesTest::words));
    }

    @Test
    void nobodyDrawsWithoutASeed() {
        assertNone(LIBRARY.stream()
                .flatMap(c -> c.getAccessesFromSelf().stream())
                .filter(access -> {
                    String owner = access.getTargetOwner().getName();
                    String called = access.getTarget().getFullName();
                    return owner.equals(ThreadLocalRandom.class.getName())
                            || called.equals("java.lang.Math.random()")
                            || called.equals(Random.class.getName() + ".<init>()")
                            || called.equals("java.util.SplittableRandom.<init>()");
                })
                .map(access -> access.getDescription()));
    }

    /** The library speaks SLF4J. That SLF4J has nobody to speak to is the one thing said past it. */
    /** What a loss inside remembers would be lost at a checkpoint, or kept from stage to stage. */
    @Test
    void aLossAroundAnotherHandsItsStateOn() {
        List<JavaClass> wrappers = LIBRARY.stream()
                .filter(type -> type.isAssignableTo(BatchLoss.class))
                .filter(type -> type.getFields().stream()
                        .filter(field -> !field.getModifiers().contains(JavaModifier.STATIC))
                        .anyMatch(field -> field.getRawType().isAssignableTo(BatchLoss.class)))
                .toList();
        assertTrue(wrappers.size() >= 4, () -> "wrappers: " + wrappers);
        assertNone(wrappers.stream()
                .flatMap(type -> Stream.of("reset", "writeState", "readState")
                        .filter(name -> type.getMethods().stream()
                                .noneMatch(method -> method.getName().equals(name)))
                        .map(name -> type.getName() + " does not hand on " + name)));
    }

    @Test
    void nothingIsPrinted() {
        assertNone(LIBRARY.stream()
                .filter(c -> !c.getPackageName().equals("io.github.horkd.internal.setup"))
                .flatMap(c -> c.getFieldAccessesFromSelf().stream())
                .filter(access -> access.getTargetOwner().getName().equals("java.lang.System"))
                .map(access -> access.getDescription()));
        assertNone(LIBRARY.stream()
                .flatMap(c -> c.getDirectDependenciesFromSelf().stream())
                .filter(d ->
                        d.getTargetClass().getPackageName().matches("java\\.util\\.logging|org\\.apache\\.log4j.*"))
                .map(d -> d.getDescription()));
    }

    /** A package holds what belongs together; only what users name is public. */
    @Test
    void publicTypesStandAloneInTheirFiles() {
        assertNone(LIBRARY.stream()
                .filter(c -> c.isTopLevelClass() && c.getModifiers().contains(JavaModifier.PUBLIC))
                .filter(c -> c.getSource()
                        .flatMap(source -> source.getFileName())
                        .filter(file -> !file.equals(c.getSimpleName() + ".java"))
                        .isPresent())
                .map(JavaClass::getName));
    }

    private static Stream<Method> methods(Class<?> type) {
        return Arrays.stream(type.getDeclaredMethods())
                .filter(method -> Modifier.isPublic(method.getModifiers()))
                .filter(method -> !method.isSynthetic() && !method.isBridge())
                // DL4J's and Java's own interfaces say what they say.
                .filter(method -> !isInherited(type, method));
    }

    private static boolean isInherited(Class<?> type, Method method) {
        for (Class<?> above : type.getInterfaces()) {
            boolean foreign = !above.getName().startsWith("io.github.horkd.");
            if (foreign && declares(above, method) || isInherited(above, method)) {
                return true;
            }
        }
        return false;
    }

    private static boolean declares(Class<?> type, Method method) {
        return Arrays.stream(type.getMethods())
                .anyMatch(each -> each.getName().equals(method.getName())
                        && each.getParameterCount() == method.getParameterCount());
    }

    private static String name(Executable each) {
        Class<?> type = each.getDeclaringClass();
        return type.getName().substring(type.getPackageName().length() + 1).replace('$', '.');
    }

    private static String words(Executable each) {
        return each.toGenericString();
    }

    private static void assertNone(Stream<String> found) {
        Set<String> all = found.collect(Collectors.toCollection(TreeSet::new));
        assertTrue(all.isEmpty(), () -> all.size() + " found:\n" + String.join("\n", all));
    }
}
