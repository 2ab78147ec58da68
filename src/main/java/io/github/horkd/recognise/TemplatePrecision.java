package io.github.horkd.recognise;

/**
 * How exactly templates are kept. Arithmetic is always float32: fewer bytes save memory, and time where many probes are searched at once. A single probe takes a
 * little longer. What they cost in rank-1 is printed by the benchmark MatchingSpeed.
 */
public enum TemplatePrecision {
    // The file of a gallery keeps the position in this list: new ones go to the end.

    /** 4 bytes a value: as they are. */
    FLOAT32 {
        @Override
        BlockValues values(int width, int rows) {
            return new FloatValues(width, rows);
        }
    },
    /** 2 bytes a value: IEEE 754 binary16, an error of at most 2⁻¹² of the template's length a value. */
    FLOAT16 {
        @Override
        BlockValues values(int width, int rows) {
            return new HalfValues(width, rows);
        }
    },
    /** 1 byte a value, and one scale a template: whole numbers −127…127, the largest magnitude of the template over 127. */
    INT8 {
        @Override
        BlockValues values(int width, int rows) {
            return new ByteValues(width, rows);
        }
    };

    abstract BlockValues values(int width, int rows);
}
