package io.github.horkd.internal.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Texts in a binary file: a count (4 bytes), then each a length (4 bytes) and UTF-8. */
public final class Texts {

    private Texts() {}

    /**
     * Texts as bytes.
     *
     * @param texts the texts
     * @param order of counts and lengths
     * @return the bytes
     */
    public static byte[] bytes(List<String> texts, ByteOrder order) {
        List<byte[]> letters =
                texts.stream().map(t -> t.getBytes(StandardCharsets.UTF_8)).toList();
        ByteBuffer out = ByteBuffer.allocate(
                        4 + letters.stream().mapToInt(l -> 4 + l.length).sum())
                .order(order)
                .putInt(texts.size());
        letters.forEach(each -> out.putInt(each.length).put(each));
        return out.array();
    }

    /**
     * Reads texts.
     *
     * @param in stands at their count, in the order of counts and lengths; stands behind them afterwards
     * @return the texts
     * @throws IOException when a count or a length cannot be
     */
    public static List<String> read(ByteBuffer in) throws IOException {
        List<String> texts = new ArrayList<>();
        int count = in.remaining() < 4 ? -1 : in.getInt();
        for (int i = 0; i < count; i++) {
            int length = in.remaining() < 4 ? -1 : in.getInt();
            if (length < 0 || length > in.remaining()) {
                throw new IOException("its words are damaged");
            }
            byte[] letters = new byte[length];
            in.get(letters);
            texts.add(new String(letters, StandardCharsets.UTF_8));
        }
        if (count < 0) {
            throw new IOException("its words are damaged");
        }
        return List.copyOf(texts);
    }
}
