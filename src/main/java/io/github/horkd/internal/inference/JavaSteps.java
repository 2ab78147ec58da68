package io.github.horkd.internal.inference;

import io.github.horkd.internal.graph.Extent;
import io.github.horkd.internal.graph.GraphStep;
import java.util.Arrays;
import java.util.List;

/** The steps that oneDNN has not, in plain loops. */
final class JavaSteps {

    private JavaSteps() {}

    /** x / (1 + |x|). */
    static PlanInJava softSign() {
        return new PlanInJava((inputs, result, images) -> {
            float[] x = inputs[0];
            for (int i = 0; i < x.length; i++) {
                result[i] = x[i] / (1 + Math.abs(x[i]));
            }
        });
    }

    /** The sum of each channel's map. */
    static PlanInJava channelSum(Extent from) {
        int plane = from.height() * from.width();
        return new PlanInJava((inputs, result, images) -> {
            for (int i = 0; i < result.length; i++) {
                double sum = 0;
                for (int at = i * plane; at < (i + 1) * plane; at++) {
                    sum += inputs[0][at];
                }
                result[i] = (float) sum;
            }
        });
    }

    /** The Euclidean length of each channel's map. */
    static PlanInJava channelLength(Extent from) {
        int plane = from.height() * from.width();
        return new PlanInJava((inputs, result, images) -> {
            for (int i = 0; i < result.length; i++) {
                result[i] = (float) length(inputs[0], i * plane, plane, 1);
            }
        });
    }

    /** Each image, or each pixel's channels, over its length. */
    static PlanInJava unitLength(Extent of, GraphStep.UnitLength unit) {
        int plane = of.height() * of.width();
        int vectors = unit.eachPixel() ? plane : 1;
        int count = unit.eachPixel() ? of.channels() : of.size();
        int stride = unit.eachPixel() ? plane : 1;
        return new PlanInJava((inputs, result, images) -> {
            for (int image = 0; image < images; image++) {
                for (int v = 0; v < vectors; v++) {
                    int from = image * of.size() + v;
                    float factor = (float) (1 / Math.max(length(inputs[0], from, count, stride), unit.least()));
                    for (int i = 0; i < count; i++) {
                        result[from + i * stride] = inputs[0][from + i * stride] * factor;
                    }
                }
            }
        });
    }

    private static double length(float[] values, int from, int count, int stride) {
        double squares = 0;
        for (int i = 0; i < count; i++) {
            double value = values[from + i * stride];
            squares += value * value;
        }
        return Math.sqrt(squares);
    }

    /** Channel after channel of some values. */
    static PlanInJava merge(List<Extent> parts) {
        return new PlanInJava((inputs, result, images) -> {
            int at = 0;
            for (int image = 0; image < images; image++) {
                for (int part = 0; part < inputs.length; part++) {
                    int size = parts.get(part).size();
                    System.arraycopy(inputs[part], image * size, result, at, size);
                    at += size;
                }
            }
        });
    }

    /** Some of the channels. */
    static PlanInJava subset(Extent from, Extent to, int first) {
        int plane = from.height() * from.width();
        return new PlanInJava((inputs, result, images) -> {
            for (int image = 0; image < images; image++) {
                System.arraycopy(inputs[0], image * from.size() + first * plane, result, image * to.size(), to.size());
            }
        });
    }

    /** Zeros around a map. */
    static PlanInJava pad(Extent from, Extent to, GraphStep.Pad pad) {
        return new PlanInJava((inputs, result, images) -> {
            Arrays.fill(result, 0);
            for (int map = 0; map < images * from.channels(); map++) {
                for (int y = 0; y < from.height(); y++) {
                    int line = (map * to.height() + pad.top() + y) * to.width() + pad.left();
                    System.arraycopy(inputs[0], (map * from.height() + y) * from.width(), result, line, from.width());
                }
            }
        });
    }

    /** x above 0, its slope times x below. */
    static PlanInJava slopes(Extent of, GraphStep.Slopes slopes) {
        Extent sides = slopes.sides();
        float[] each = new float[of.size()];
        for (int i = 0; i < each.length; i++) {
            int column = i % of.width();
            int line = i / of.width() % of.height();
            int channel = i / of.width() / of.height();
            each[i] = slopes.values()[
                    (channel % sides.channels() * sides.height() + line % sides.height()) * sides.width()
                            + column % sides.width()];
        }
        return new PlanInJava((inputs, result, images) -> {
            float[] x = inputs[0];
            for (int i = 0; i < x.length; i++) {
                result[i] = x[i] > 0 ? x[i] : x[i] * each[i % each.length];
            }
        });
    }
}
