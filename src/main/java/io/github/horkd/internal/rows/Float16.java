package io.github.horkd.internal.rows;

/**
 * Between float and IEEE 754 binary16, in both directions, exact and without the processor's help: 1 bit of sign, 5 of exponent, 10 of fraction. To
 * binary16 a value is rounded to the nearest, ties to the even one; Java has this since version 20, and JavaCPP's conversion rounds ties away from zero.
 */
public final class Float16 {

    /** The largest finite value. */
    public static final float MAX = 65504;

    private static final int SIGN = 0x8000;
    private static final int INFINITY = 0x7c00;
    private static final int QUIET_NAN = 0x7e00;

    private static final int FLOAT_INFINITY = 0x7f800000;
    /** Half way between {@link #MAX} and what would come next: from here on infinity is nearer. */
    private static final int FLOAT_65520 = 0x477ff000;

    private static final int FLOAT_SMALLEST_NORMAL = 0x38800000; // 2^-14
    /** Exponents are biased by 127 here and by 15 there. */
    private static final int REBIAS = (127 - 15) << 23;

    private static final int FRACTION_BITS_LESS = 23 - 10;

    private Float16() {}

    public static short of(float value) {
        int bits = Float.floatToRawIntBits(value);
        int sign = bits >>> 16 & SIGN;
        int magnitude = bits & Integer.MAX_VALUE;
        if (magnitude > FLOAT_INFINITY) {
            return (short) (sign | QUIET_NAN);
        }
        if (magnitude >= FLOAT_65520) {
            return (short) (sign | INFINITY);
        }
        if (magnitude < FLOAT_SMALLEST_NORMAL) {
            // A subnormal is a multiple of 2^-24; the product is exact, and rint rounds ties to even.
            return (short) (sign | (int) Math.rint(Float.intBitsToFloat(magnitude) * 0x1p24));
        }
        int odd = magnitude >>> FRACTION_BITS_LESS & 1;
        return (short) (sign | (magnitude + 0xfff + odd - REBIAS) >>> FRACTION_BITS_LESS);
    }

    public static float toFloat(short half) {
        int sign = (half & SIGN) << 16;
        int bits = (half & 0x7fff) << FRACTION_BITS_LESS;
        int exponent = half & INFINITY;
        if (exponent == 0) {
            // The difference of two normal floats: no subnormal float is touched, which native code may have told the
            // processor to flush to zero.
            float value = Float.intBitsToFloat(bits + REBIAS + (1 << 23)) - 0x1p-14f;
            return Float.intBitsToFloat(sign | Float.floatToRawIntBits(value));
        }
        return Float.intBitsToFloat(sign | bits + (exponent == INFINITY ? 2 * REBIAS : REBIAS));
    }
}
