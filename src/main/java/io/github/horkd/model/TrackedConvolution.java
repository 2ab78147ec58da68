package io.github.horkd.model;

import org.deeplearning4j.nn.layers.convolution.ConvolutionLayer;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;

/**
 * A convolution layer that tells its {@link OneDnnConvolution} whether it trains, which DL4J's own does not.
 * Takes over everything from the layer object it stands in for.
 */
final class TrackedConvolution extends ConvolutionLayer {

    private static final long serialVersionUID = 1L;

    TrackedConvolution(ConvolutionLayer layer) {
        super(layer.conf(), DataType.FLOAT);
        for (Class<?> type = ConvolutionLayer.class; type != Object.class; type = type.getSuperclass()) {
            for (Field field : type.getDeclaredFields()) {
                if (!Modifier.isStatic(field.getModifiers()) && !Modifier.isFinal(field.getModifiers())) {
                    copy(field, layer);
                }
            }
        }
    }

    private void copy(Field field, ConvolutionLayer from) {
        try {
            field.setAccessible(true);
            field.set(this, field.get(from));
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(field + ": cannot be copied", e);
        }
    }

    void setHelper(OneDnnConvolution convolution) {
        helper = convolution;
    }

    @Override
    public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
        if (helper instanceof OneDnnConvolution convolution) {
            convolution.setTraining(training);
        }
        return super.activate(training, workspaces);
    }
}
