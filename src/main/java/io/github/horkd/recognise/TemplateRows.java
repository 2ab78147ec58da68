package io.github.horkd.recognise;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;

/** Blocks of templates that grow at the end. What {@link #snapshot} gives does not change any more and shares its blocks. */
final class TemplateRows {

    interface Visitor {
        void see(int owner, TemplateBlock block, int row);
    }

    private final TemplatePrecision precision;
    private final int width;
    private final List<TemplateBlock> blocks;

    TemplateRows(TemplatePrecision precision, int width) {
        this(precision, width, new ArrayList<>());
    }

    private TemplateRows(TemplatePrecision precision, int width, List<TemplateBlock> blocks) {
        this.precision = precision;
        this.width = width;
        this.blocks = blocks;
    }

    TemplateRows snapshot() {
        return new TemplateRows(precision, width, List.copyOf(blocks));
    }

    /** One that may be changed and begins with these. */
    TemplateRows more() {
        return new TemplateRows(precision, width, new ArrayList<>(blocks));
    }

    /** The same rows, kept as exactly as told. */
    TemplateRows in(TemplatePrecision other) {
        TemplateRows copy = new TemplateRows(other, width);
        float[] values = new float[width];
        forEach((owner, block, row) -> {
            block.values().read(row, values, 0);
            copy.add(values, 0, owner);
        });
        return copy.snapshot();
    }

    TemplatePrecision precision() {
        return precision;
    }

    int width() {
        return width;
    }

    List<TemplateBlock> blocks() {
        return blocks;
    }

    int count() {
        return blocks.stream().mapToInt(TemplateBlock::live).sum();
    }

    void add(float[] unitRows, int at, int owner) {
        int last = blocks.size() - 1;
        if (last < 0 || blocks.get(last).full()) {
            blocks.add(last < 0 ? TemplateBlock.first(precision, width) : TemplateBlock.further(precision, width));
            last++;
        }
        blocks.set(last, blocks.get(last).with(precision, unitRows, at, owner));
    }

    void removeIf(IntPredicate gone) {
        blocks.replaceAll(block -> block.without(precision, gone));
        blocks.removeIf(block -> block.live() == 0);
    }

    void forEach(Visitor visitor) {
        for (TemplateBlock block : blocks) {
            for (int r = 0; r < block.count(); r++) {
                if (block.has(r)) {
                    visitor.see(block.owners()[r], block, r);
                }
            }
        }
    }

    /** Shows all rows, those of one identity one after the other, identities by their numbers. */
    void forEachByOwner(int owners, Visitor visitor) {
        int[] ends = new int[owners + 1];
        forEach((owner, block, row) -> ends[owner + 1]++);
        for (int o = 0; o < owners; o++) {
            ends[o + 1] += ends[o];
        }
        int[] places = new int[ends[owners]];
        for (int b = 0; b < blocks.size(); b++) {
            TemplateBlock block = blocks.get(b);
            for (int r = 0; r < block.count(); r++) {
                if (block.has(r)) {
                    places[ends[block.owners()[r]]++] = b * TemplateBlock.MOST + r;
                }
            }
        }
        for (int place : places) {
            TemplateBlock block = blocks.get(place / TemplateBlock.MOST);
            int row = place % TemplateBlock.MOST;
            visitor.see(block.owners()[row], block, row);
        }
    }
}
