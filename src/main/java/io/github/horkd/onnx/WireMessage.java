package io.github.horkd.onnx;

import java.io.IOException;
import java.nio.ByteBuffer;

/** A message of protocol buffers as it lies in a file, read field by field. */
final class WireMessage {

    /** Sees one field. */
    interface Field {
        /**
         * A field of bytes: a text, or a message within the message.
         *
         * @param tag   its number times eight, plus 2
         * @param bytes what it holds
         */
        void read(int tag, ByteBuffer bytes) throws IOException;
    }

    private WireMessage() {}

    /** The tag of a field of bytes. */
    static int tag(int number) {
        return number << 3 | 2;
    }

    /** Shows the fields of bytes in order, and passes over all others. */
    static void each(ByteBuffer message, Field field) throws IOException {
        while (message.hasRemaining()) {
            long tag = number(message);
            if (tag >>> Integer.SIZE != 0) { // Other readers cut it off, and see another field.
                throw damaged();
            }
            switch ((int) (tag & 7)) {
                case 0 -> number(message);
                case 1 -> message.position(message.position() + Long.BYTES);
                case 5 -> message.position(message.position() + Integer.BYTES);
                case 2 -> {
                    long length = number(message);
                    if (length < 0 || length > message.remaining()) {
                        throw new IOException("it is cut off or damaged");
                    }
                    ByteBuffer bytes = message.slice(message.position(), (int) length);
                    message.position(message.position() + (int) length);
                    field.read((int) tag, bytes);
                }
                default -> throw damaged();
            }
        }
    }

    private static long number(ByteBuffer bytes) throws IOException {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            byte next = bytes.get();
            value |= (long) (next & 0x7f) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw damaged();
    }

    private static IOException damaged() {
        return new IOException("it is damaged, or no ONNX model");
    }
}
