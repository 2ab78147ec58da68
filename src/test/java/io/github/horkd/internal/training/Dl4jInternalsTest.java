package io.github.horkd.internal.training;

import io.github.horkd.accelerate.AccelerationTest;
import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.layers.convolution.ConvolutionLayer;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

/** What is reached by reflection belongs to one version of DL4J, and another one is told so. */
class Dl4jInternalsTest {

    /** Red with another DL4J on the class path: look through {@link Dl4jInternals} and the layers in this package, then change its version. */
    @Test
    void theDl4jOnTheClassPathIsTheOneItFits() throws IOException {
        var properties = new Properties();
        String place = "/META-INF/maven/org.deeplearning4j/deeplearning4j-nn/pom.properties";
        try (InputStream in = ComputationGraph.class.getResourceAsStream(place)) {
            assertNotNull(in, "deeplearning4j-nn's jar has no " + place);
            properties.load(in);
        }
        assertEquals(
                Dl4jInternals.VERSION,
                properties.getProperty("version"),
                "Dl4jInternals fits another version of DL4J than the one on the class path");
    }

    @Test
    void anotherVersionIsToldWhichOneIsWanted() {
        var error =
                assertThrows(IllegalStateException.class, () -> Dl4jInternals.field(ConvolutionLayer.class, "gone"));
        assertEquals(
                ConvolutionLayer.class.getName()
                        + ": wanted DL4J 1.0.0-M2.1, where it has a field 'gone'; this version has none."
                        + " Depend on DL4J 1.0.0-M2.1",
                error.getMessage());
    }

    @Test
    void allFieldsAreThere() {
        ComputationGraph network = AccelerationTest.residual(DataType.FLOAT, CNN2DFormat.NCHW, WorkspaceMode.ENABLED);
        assertSame(
                network.getVertex("c0"), Dl4jInternals.verticesByName(network).get("c0"));
        Dl4jInternals.setHelper((ConvolutionLayer) network.getLayer("c0"), null);
    }
}
