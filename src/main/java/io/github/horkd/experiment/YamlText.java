package io.github.horkd.experiment;

import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/** YAML 1.2 as maps and lists, by snakeyaml-engine, which makes no other objects. The one class that knows it. */
final class YamlText {

    private static final int MOST_ALIASES = 1000;
    private static final int MOST_CODE_POINTS = 4 << 20;

    private YamlText() {}

    static Object read(String text, String name) {
        try {
            return new Load(LoadSettings.builder()
                            .setLabel(name)
                            .setAllowDuplicateKeys(false)
                            .setMaxAliasesForCollections(MOST_ALIASES)
                            .setCodePointLimit(MOST_CODE_POINTS)
                            .build())
                    .loadFromString(text);
        } catch (NoClassDefFoundError e) {
            throw missing(name, e);
        } catch (YamlEngineException e) {
            throw new IllegalArgumentException(name + ": wanted YAML, " + e.getMessage(), e);
        } catch (StackOverflowError e) {
            throw new IllegalArgumentException(name + ": nested too deep for a file of this kind", e);
        }
    }

    static String write(Object tree) {
        try {
            return new Dump(DumpSettings.builder()
                            .setDefaultFlowStyle(FlowStyle.AUTO)
                            .setWidth(120)
                            .setDereferenceAliases(true)
                            .build())
                    .dumpToString(tree);
        } catch (NoClassDefFoundError e) {
            throw missing("YAML", e);
        }
    }

    private static IllegalStateException missing(String name, NoClassDefFoundError e) {
        return new IllegalStateException(
                name
                        + ": YAML needs org.snakeyaml:snakeyaml-engine on the class path; add it, or io.github.horkd:horkd-experiment (type pom), or use a .json file",
                e);
    }
}
