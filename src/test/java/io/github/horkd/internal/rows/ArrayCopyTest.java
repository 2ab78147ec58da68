package io.github.horkd.internal.rows;

import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.memory.conf.WorkspaceConfiguration;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

/** Whatever an array's layout and type, Java sees its values in C order. */
class ArrayCopyTest {

    /** 6 × 5, value 10 · row + column. */
    private static INDArray counted(DataType type) {
        INDArray array = Nd4j.create(type, 6, 5);
        for (int i = 0; i < 6; i++) {
            for (int j = 0; j < 5; j++) {
                array.putScalar(i, j, 10 * i + j);
            }
        }
        return array;
    }

    static Stream<Named<INDArray>> layouts() {
        INDArray[] all = {
            counted(DataType.FLOAT), counted(DataType.DOUBLE), counted(DataType.INT32), counted(DataType.FLOAT16)
        };
        return Stream.of(all)
                .flatMap(a -> Stream.of(
                        Named.of(a.dataType() + " as made", a),
                        Named.of(a.dataType() + " f order", a.dup('f')),
                        Named.of(a.dataType() + " transposed", a.transpose()),
                        Named.of(a.dataType() + " later rows", a.get(NDArrayIndex.interval(2, 5), NDArrayIndex.all())),
                        Named.of(a.dataType() + " one row", a.getRow(3)),
                        Named.of(a.dataType() + " one row kept a matrix", a.getRow(3, true)),
                        Named.of(a.dataType() + " one column", a.getColumn(2)),
                        Named.of(a.dataType() + " one column kept a matrix", a.getColumn(2, true)),
                        Named.of(
                                a.dataType() + " inner columns",
                                a.get(NDArrayIndex.all(), NDArrayIndex.interval(1, 4))),
                        Named.of(
                                a.dataType() + " every other row",
                                a.get(NDArrayIndex.interval(1, 2, 6), NDArrayIndex.all())),
                        Named.of(
                                a.dataType() + " three axes", a.reshape(2, 3, 5).permute(2, 0, 1)),
                        Named.of(a.dataType() + " scalar", a.getScalar(4, 3))));
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("layouts")
    void everyLayoutIsReadInRowOrder(INDArray array) {
        double[] wanted = array.castTo(DataType.DOUBLE).dup('c').data().asDouble();
        assertArrayEquals(wanted, ArrayCopy.doubles(array), 0);
        float[] floats = ArrayCopy.floats(array);
        assertEquals(wanted.length, floats.length);
        for (int i = 0; i < wanted.length; i++) {
            assertEquals(wanted[i], floats[i], 0);
        }
    }

    @Test
    void emptyArraysHaveNoValues() {
        assertEquals(0, ArrayCopy.floats(Nd4j.create(DataType.FLOAT, 0, 7)).length);
        assertEquals(0, ArrayCopy.doubles(Nd4j.empty(DataType.FLOAT)).length);
        assertEquals(0, ArrayCopy.matrix(new float[0], 0, 7).length());
    }

    @Test
    void longArraysAreConvertedWithoutALoss() {
        float[] values = new float[10_001];
        for (int i = 0; i < values.length; i++) {
            values[i] = i / 3f;
        }
        INDArray array = ArrayCopy.matrix(values, 1, values.length);
        double[] wide = ArrayCopy.doubles(array);
        for (int i = 0; i < values.length; i++) {
            assertEquals(values[i], wide[i], 0);
        }
        INDArray back = ArrayCopy.write(wide, ArrayCopy.uninitialised(1, values.length, DataType.FLOAT));
        assertArrayEquals(values, ArrayCopy.floats(back));
        INDArray doubles = ArrayCopy.write(wide, ArrayCopy.uninitialised(1, values.length, DataType.DOUBLE));
        assertArrayEquals(wide, ArrayCopy.doubles(doubles));
    }

    @Test
    void wholeNumbersBeyondFloatStayWhatTheyAre() {
        assertEquals(16_777_217, ArrayCopy.doubles(Nd4j.createFromArray(16_777_217L))[0], 0);
    }

    @Test
    void aLongerJavaArrayIsFilledFromItsBeginning() {
        float[] into = {9, 9, 9, 9};
        ArrayCopy.read(Nd4j.createFromArray(1f, 2f), into);
        assertArrayEquals(new float[] {1, 2, 9, 9}, into);
    }

    @Test
    void aMatrixOutlivesTheWorkspaceItWasMadeIn() {
        INDArray made;
        try (MemoryWorkspace workspace = Nd4j.getWorkspaceManager()
                .getAndActivateWorkspace(
                        WorkspaceConfiguration.builder().initialSize(1 << 16).build(), "rows")) {
            made = ArrayCopy.matrix(new float[] {1, 2, 3, 4}, 2, 2);
            assertArrayEquals(
                    new float[] {1, 3, 2, 4},
                    ArrayCopy.floats(
                            Nd4j.createFromArray(1f, 2f, 3f, 4f).reshape(2, 2).transpose()));
        }
        assertEquals(false, made.isAttached());
        assertArrayEquals(new float[] {1, 2, 3, 4}, ArrayCopy.floats(made));
    }
}
