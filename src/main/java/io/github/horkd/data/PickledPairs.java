package io.github.horkd.data;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A Python pickle of ([bytes, …], [bool, …]) and nothing else. A pickle is a program; of its instructions only those are
 * known here that make bytes, numbers, lists and tuples, so nothing is constructed, imported or called.
 */
final class PickledPairs {

    private static final Object MARK = new Object();

    /** Where some bytes lie in the file. */
    record Slice(int from, int length) {}

    private final ByteBuffer in;
    private final Deque<Object> stack = new ArrayDeque<>();
    private final Map<Long, Object> memo = new HashMap<>();

    private PickledPairs(byte[] file) {
        this.in = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** The outermost tuple. */
    static List<?> read(byte[] file) throws IOException {
        return new PickledPairs(file).run();
    }

    private List<?> run() throws IOException {
        while (in.hasRemaining()) {
            int at = in.position();
            int code = in.get() & 0xff;
            if (code == '.') {
                if (stack.size() == 1 && stack.peek() instanceof List<?> result) {
                    return result;
                }
                throw new IOException("wanted a pickled tuple of images and answers");
            }
            step(code, at);
        }
        throw new IOException("is truncated");
    }

    private void step(int code, int at) throws IOException {
        switch (code) {
            case 0x80 -> number(1); // protocol
            case 0x95 -> number(8); // frame
            case '(' -> stack.push(MARK);
            case ']', ')' -> stack.push(new ArrayList<>());
            case 'l', 't' -> stack.push(new ArrayList<>(sinceMark()));
            case 'a' -> {
                Object last = pop();
                list().add(last);
            }
            case 'e' -> {
                List<Object> all = sinceMark();
                list().addAll(all);
            }
            case 0x85, 0x86, 0x87 -> tuple(code - 0x84);
            case 0x88, 0x89 -> stack.push(code == 0x88);
            case 'K' -> stack.push(number(1) != 0);
            case 'M' -> stack.push(number(2) != 0);
            case 'J' -> stack.push(number(4) != 0);
            case 'U', 'C' -> slice(number(1));
            case 'T', 'B' -> slice(number(4));
            case 0x8e -> slice(number(8));
            case 'q' -> memo.put(number(1), top());
            case 'r' -> memo.put(number(4), top());
            case 0x94 -> memo.put((long) memo.size(), top());
            case 'h' -> recall(number(1));
            case 'j' -> recall(number(4));
            default ->
                throw new IOException(String.format(
                        "has the instruction 0x%02x at byte %d, which lists of images and answers do not need; "
                                + "write it anew as pickle.dump((list_of_bytes, list_of_bool), file, protocol=4)",
                        code, at));
        }
    }

    private void tuple(int size) throws IOException {
        List<Object> items = new ArrayList<>();
        for (int k = 0; k < size; k++) {
            items.add(0, pop());
        }
        stack.push(items);
    }

    private void slice(long length) throws IOException {
        if (length > in.remaining()) {
            throw new IOException("is truncated");
        }
        stack.push(new Slice(in.position(), (int) length));
        in.position(in.position() + (int) length);
    }

    private void recall(long key) throws IOException {
        Object value = memo.get(key);
        if (value == null) {
            throw new IOException("is damaged (nothing is kept under " + key + ")");
        }
        stack.push(value);
    }

    private List<Object> sinceMark() throws IOException {
        List<Object> items = new ArrayList<>();
        for (Object item = pop(); item != MARK; item = pop()) {
            items.add(item);
        }
        java.util.Collections.reverse(items);
        return items;
    }

    @SuppressWarnings("unchecked")
    private List<Object> list() throws IOException {
        if (top() instanceof List<?> list) {
            return (List<Object>) list;
        }
        throw new IOException("is damaged (something is appended to what is no list)");
    }

    private Object top() throws IOException {
        Object top = stack.peek();
        if (top == null || top == MARK) {
            throw new IOException("is damaged (an instruction without its values)");
        }
        return top;
    }

    private Object pop() throws IOException {
        Object top = stack.poll();
        if (top == null) {
            throw new IOException("is damaged (an instruction without its values)");
        }
        return top;
    }

    private long number(int bytes) throws IOException {
        if (in.remaining() < bytes) {
            throw new IOException("is truncated");
        }
        long value = switch (bytes) {
            case 1 -> in.get() & 0xff;
            case 2 -> in.getShort() & 0xffff;
            case 4 -> in.getInt() & 0xffffffffL;
            default -> in.getLong();
        };
        if (value < 0) {
            throw new IOException("is damaged (a length of " + value + ")");
        }
        return value;
    }
}
