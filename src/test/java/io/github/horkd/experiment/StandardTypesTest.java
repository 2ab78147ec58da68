package io.github.horkd.experiment;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.github.horkd.loss.BatchLoss;
import io.github.horkd.loss.HybridOrderLoss;
import io.github.horkd.model.Backbone;
import io.github.horkd.model.Head;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** What the library has, a file can name: a new loss, head, backbone, source, selection or measure joins by one line. */
class StandardTypesTest {

    @ParameterizedTest
    @ValueSource(
            classes = {
                BatchLoss.class,
                Head.class,
                Backbone.class,
                ImageSource.class,
                Selection.class,
                DegradationStep.class,
                TeacherSource.class,
                Measure.class
            })
    void everyRecordOfAKindHasAName(Class<?> kind) {
        Set<String> named = StandardTypes.ALL.of(kind).stream()
                .map(each -> each.type().getName())
                .collect(Collectors.toSet());
        Set<String> missing = new ClassFileImporter()
                        .withImportOption(new ImportOption.DoNotIncludeTests())
                        .importPackages(
                                List.of("io.github.horkd.loss", "io.github.horkd.model", "io.github.horkd.experiment"))
                        .stream()
                        .filter(each -> each.isAssignableTo(kind) && each.isRecord())
                        .filter(each -> each.getModifiers().contains(JavaModifier.PUBLIC))
                        .map(JavaClass::getName)
                        // A file writes its terms as a list.
                        .filter(name -> !name.equals(HybridOrderLoss.class.getName()) && !named.contains(name))
                        .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(Set.of(), missing);
    }
}
