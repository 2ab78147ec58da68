package io.github.horkd.model;

import java.io.IOException;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.nd4j.shade.jackson.databind.JsonNode;

/**
 * The classes that a model file may name: DL4J's and ND4J's own layers, vertices, activations, losses, updaters and what these are made of, our losses, and those that
 * the user added. DL4J makes an object of whatever class a file names, so names are looked at before it sees them.
 */
final class AllowedClasses {

    private static final String TYPE = "@class";

    /** Exactly these packages, none below them. SameDiff layers are not among them: they hold graphs of operations of their own. */
    private static final Set<String> PACKAGES = Set.of(
            "org.deeplearning4j.nn.conf.constraint",
            "org.deeplearning4j.nn.conf.distribution",
            "org.deeplearning4j.nn.conf.dropout",
            "org.deeplearning4j.nn.conf.graph",
            "org.deeplearning4j.nn.conf.graph.rnn",
            "org.deeplearning4j.nn.conf.inputs",
            "org.deeplearning4j.nn.conf.layers",
            "org.deeplearning4j.nn.conf.layers.convolutional",
            "org.deeplearning4j.nn.conf.layers.misc",
            "org.deeplearning4j.nn.conf.layers.objdetect",
            "org.deeplearning4j.nn.conf.layers.recurrent",
            "org.deeplearning4j.nn.conf.layers.util",
            "org.deeplearning4j.nn.conf.layers.variational",
            "org.deeplearning4j.nn.conf.preprocessor",
            "org.deeplearning4j.nn.conf.stepfunctions",
            "org.deeplearning4j.nn.conf.weightnoise",
            "org.deeplearning4j.nn.modelimport.keras.preprocessors",
            "org.deeplearning4j.nn.weights",
            "org.nd4j.linalg.activations.impl",
            "org.nd4j.linalg.learning.config",
            "org.nd4j.linalg.learning.regularization",
            "org.nd4j.linalg.lossfunctions.impl",
            "org.nd4j.linalg.schedule",
            "io.github.horkd.loss");

    private static final int LONGEST_NAME = 200;

    private final Map<String, Class<?>> own;

    AllowedClasses(Class<?>... own) {
        this.own = Stream.of(own).collect(Collectors.toMap(Class::getName, Function.identity(), (a, b) -> a));
    }

    /** One of the user's own, or null. */
    Class<?> own(String name) {
        return own.get(name);
    }

    /** Refuses a text that names any other class, however deep. */
    void check(JsonNode node) throws IOException {
        JsonNode type = node.get(TYPE);
        if (type != null && (!type.isTextual() || !isAllowed(type.asText()))) {
            String name = type.asText();
            throw new IOException("it names the class "
                    + (name.length() > LONGEST_NAME ? name.substring(0, LONGEST_NAME) + "…" : name)
                    + ", which is none of DL4J's own; if it is yours and you trust the file, load it with that class");
        }
        for (Iterator<JsonNode> parts = node.elements(); parts.hasNext(); ) {
            check(parts.next());
        }
    }

    private boolean isAllowed(String name) {
        return own.containsKey(name)
                || name.length() <= LONGEST_NAME
                        && name.matches("[A-Za-z0-9_.]+\\.[A-Z][A-Za-z0-9_]*(\\$[A-Za-z0-9_]+)*")
                        && PACKAGES.contains(name.substring(0, name.lastIndexOf('.')));
    }
}
