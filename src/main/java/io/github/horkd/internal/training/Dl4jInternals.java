package io.github.horkd.internal.training;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.Map;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.deeplearning4j.nn.layers.convolution.ConvolutionHelper;
import org.deeplearning4j.nn.layers.convolution.ConvolutionLayer;
import org.deeplearning4j.nn.layers.normalization.BatchNormalization;
import org.deeplearning4j.nn.layers.normalization.BatchNormalizationHelper;

/** All that is reached in DL4J by reflection, because it has no setter. It fits one version, {@value #VERSION}. */
final class Dl4jInternals {

    /** The version of DL4J whose fields these are. */
    static final String VERSION = "1.0.0-M2.1";

    private static final Field CONVOLUTION_HELPER = field(ConvolutionLayer.class, "helper");
    private static final Field BATCH_NORM_HELPER = field(BatchNormalization.class, "helper");
    private static final Field VERTICES_BY_NAME = field(ComputationGraph.class, "verticesMap");

    private Dl4jInternals() {}

    /** Has a layer ask this for its convolution. */
    static void setHelper(ConvolutionLayer layer, ConvolutionHelper helper) {
        set(CONVOLUTION_HELPER, layer, helper);
    }

    /** Has a layer ask this for its batch normalisation. */
    static void setHelper(BatchNormalization layer, BatchNormalizationHelper helper) {
        set(BATCH_NORM_HELPER, layer, helper);
    }

    /** A graph's own map of its vertices by name. */
    @SuppressWarnings("unchecked")
    static Map<String, GraphVertex> verticesByName(ComputationGraph network) {
        return (Map<String, GraphVertex>) get(VERTICES_BY_NAME, network);
    }

    /**
     * Lets one layer object take over everything from another that it stands in for: all fields that a type and its supertypes declare, final ones aside.
     *
     * @param from what is replaced
     * @param to   what replaces it
     * @param type a type of both
     */
    static <L extends Layer> void copy(L from, L to, Class<L> type) {
        for (Class<?> declaring = type; declaring != Object.class; declaring = declaring.getSuperclass()) {
            for (Field field : declaring.getDeclaredFields()) {
                if (!Modifier.isStatic(field.getModifiers()) && !Modifier.isFinal(field.getModifiers())) {
                    field.setAccessible(true);
                    set(field, to, get(field, from));
                }
            }
        }
    }

    /** A field of DL4J's, or an error that names the version which has it. */
    static Field field(Class<?> type, String name) {
        try {
            Field field = type.getDeclaredField(name);
            field.setAccessible(true);
            return field;
        } catch (NoSuchFieldException e) {
            throw new IllegalStateException(
                    type.getName() + ": wanted DL4J " + VERSION + ", where it has a field '" + name
                            + "'; this version has none. Depend on DL4J " + VERSION,
                    e);
        }
    }

    private static Object get(Field field, Object owner) {
        try {
            return field.get(owner);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(field + ": cannot be read", e);
        }
    }

    private static void set(Field field, Object owner, Object value) {
        try {
            field.set(owner, value);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(field + ": cannot be set", e);
        }
    }
}
