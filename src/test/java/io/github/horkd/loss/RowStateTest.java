package io.github.horkd.loss;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

/** Nothing, little, and more than is made room for on the word of a file. */
class RowStateTest {

    @ParameterizedTest
    @ValueSource(ints = {0, 3, 65_536, 65_537, 200_000})
    void whatWasWrittenIsRead(int count) throws IOException {
        double[] doubles = new Random(count).doubles(count + 2).toArray();
        float[] floats = new float[count + 2];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) doubles[i];
        }
        var bytes = new ByteArrayOutputStream();
        try (var out = new DataOutputStream(bytes)) {
            RowState.write(out, floats, count);
            RowState.write(out, doubles, count);
        }
        try (var in = read(bytes)) {
            assertArrayEquals(Arrays.copyOf(floats, count), RowState.floats(in));
            assertArrayEquals(Arrays.copyOf(doubles, count), RowState.doubles(in));
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY})
    void whatIsNoNumberIsRefused(double value) throws IOException {
        var floats = new ByteArrayOutputStream();
        RowState.write(new DataOutputStream(floats), new float[] {1, (float) value}, 2);
        assertThrows(IOException.class, () -> RowState.floats(read(floats)));
        var doubles = new ByteArrayOutputStream();
        RowState.write(new DataOutputStream(doubles), new double[] {1, value}, 2);
        assertThrows(IOException.class, () -> RowState.doubles(read(doubles)));
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, (1 << 28) + 1})
    void countsThatCannotBeAreRefused(int count) throws IOException {
        var bytes = new ByteArrayOutputStream();
        new DataOutputStream(bytes).writeInt(count);
        assertThrows(IOException.class, () -> RowState.count(read(bytes)));
    }

    private static DataInputStream read(ByteArrayOutputStream bytes) {
        return new DataInputStream(new ByteArrayInputStream(bytes.toByteArray()));
    }
}
