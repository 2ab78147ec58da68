package io.github.horkd.internal.inference;

import io.github.horkd.accelerate.Acceleration;
import io.github.horkd.accelerate.AccelerationTest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.transferlearning.TransferLearning;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** A folded network answers like the one it was made from. */
class FoldingTest {

    @ParameterizedTest
    @CsvSource({"FLOAT,NCHW,1e-5", "FLOAT,NHWC,1e-5", "DOUBLE,NCHW,1e-12"})
    void givesTheSameOutput(DataType type, CNN2DFormat format, double tolerance) {
        ComputationGraph network = trained(type, format);
        INDArray before = network.params().dup();
        ComputationGraph folded = Folding.fold(network);
        assertEquals(1, norms(folded)); // behind the convolution with a tanh
        assertClose(network.outputSingle(images(network)), folded.outputSingle(images(network)), tolerance);
        assertEquals(before, network.params());
        assertEquals(
                network.getConfiguration().getNetworkOutputs(),
                folded.getConfiguration().getNetworkOutputs());
    }

    @Test
    void foldsFrozenLayersToo() {
        var frozen = new TransferLearning.GraphBuilder(trained(DataType.FLOAT, CNN2DFormat.NCHW))
                .setFeatureExtractor("n2")
                .build();
        ComputationGraph folded = Folding.fold(frozen);
        assertEquals(1, norms(folded)); // behind the convolution with a tanh
        assertClose(frozen.outputSingle(images(frozen)), folded.outputSingle(images(frozen)), 1e-5);
    }

    @Test
    void keepsWhatItCannotFold() {
        // Another layer reads the first convolution as well: its batch norm stays.
        var network = new TransferLearning.GraphBuilder(trained(DataType.FLOAT, CNN2DFormat.NCHW))
                .addVertex("again", new org.deeplearning4j.nn.conf.graph.ScaleVertex(2), "c0")
                .setOutputs("out", "again")
                .build();
        ComputationGraph folded = Folding.fold(network);
        assertEquals(2, norms(folded));
        INDArray[] expected = network.output(images(network));
        INDArray[] actual = folded.output(images(network));
        for (int i = 0; i < expected.length; i++) {
            assertClose(expected[i], actual[i], 1e-5);
        }
    }

    @Test
    void isSavedLoadedAndAcceleratedLikeAnyOther(@TempDir Path folder) throws IOException {
        ComputationGraph network = trained(DataType.FLOAT, CNN2DFormat.NCHW);
        ComputationGraph folded = Folding.fold(network);
        ModelSerializer.writeModel(folded, folder.resolve("folded.zip").toFile(), false);
        ComputationGraph loaded = ModelSerializer.restoreComputationGraph(
                folder.resolve("folded.zip").toFile());
        Acceleration.on(loaded);
        assertClose(network.outputSingle(images(network)), loaded.outputSingle(images(network)), 1e-5);
    }

    private static ComputationGraph trained(DataType type, CNN2DFormat format) {
        ComputationGraph network = AccelerationTest.residual(type, format, WorkspaceMode.ENABLED);
        for (int step = 0; step < 3; step++) {
            var batch = AccelerationTest.batch(8, step);
            INDArray images = batch.getFeatures(0).castTo(type);
            network.fit(
                    new INDArray[] {
                        format == CNN2DFormat.NCHW
                                ? images
                                : images.permute(0, 2, 3, 1).dup()
                    },
                    new INDArray[] {batch.getLabels(0).castTo(type)});
        }
        return network;
    }

    private static INDArray images(ComputationGraph network) {
        INDArray images = AccelerationTest.batch(6, 77)
                .getFeatures(0)
                .castTo(network.getConfiguration().getDataType());
        boolean channelsLast = network.getLayer("c4").conf().getLayer()
                        instanceof org.deeplearning4j.nn.conf.layers.ConvolutionLayer layer
                && layer.getCnn2dDataFormat() == CNN2DFormat.NHWC;
        return channelsLast ? images.permute(0, 2, 3, 1).dup() : images;
    }

    private static long norms(ComputationGraph network) {
        return Arrays.stream(network.getLayers())
                .filter(layer -> layer.conf().getLayer() instanceof BatchNormalization)
                .count();
    }

    private static void assertClose(INDArray expected, INDArray actual, double tolerance) {
        double largest = expected.sub(actual).amaxNumber().doubleValue();
        assertTrue(largest <= tolerance * Math.max(1, expected.amaxNumber().doubleValue()), "differ by " + largest);
    }
}
