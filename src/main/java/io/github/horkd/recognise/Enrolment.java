package io.github.horkd.recognise;

import io.github.horkd.internal.rows.UnitRows;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Who is enrolled by which templates while a gallery is put together: unit rows by identity, in the order of first enrolment. */
final class Enrolment {

    private final int width;
    private final Map<String, List<float[]>> enrolled = new LinkedHashMap<>();

    Enrolment(int width) {
        this.width = width;
    }

    /** Adds [N, D] or [D] to one identity; how many templates it has then. All or nothing. */
    int add(String identity, INDArray embedding) {
        float[] rows = UnitRows.of(identity, embedding, width).values();
        if (rows.length == 0) {
            throw new IllegalArgumentException(identity + ": wanted at least one embedding, got none");
        }
        for (int row = 0; row < rows.length / width; row++) {
            check(identity, rows, row);
        }
        for (int row = 0; row < rows.length / width; row++) {
            add(identity, rows, row);
        }
        return enrolled.get(identity).size();
    }

    /** Adds a row to each of N identities; how many identities there are then. All or nothing. */
    int add(List<String> identities, INDArray embeddings) {
        float[] rows = UnitRows.of("embeddings", embeddings, width).values();
        if (rows.length / width != identities.size()) {
            throw new IllegalArgumentException("embeddings: wanted one row for each of " + identities.size()
                    + " identities, got " + rows.length / width);
        }
        for (int row = 0; row < identities.size(); row++) {
            check(identities.get(row), rows, row);
        }
        for (int row = 0; row < identities.size(); row++) {
            add(identities.get(row), rows, row);
        }
        return enrolled.size();
    }

    /** Adds all of a gallery, whose rows are good: identity i has those from {@code starts[i]} to {@code starts[i + 1]} − 1. */
    void addAll(List<String> identities, int[] starts, float[] unitRows) {
        for (int i = 0; i < identities.size(); i++) {
            for (int row = starts[i]; row < starts[i + 1]; row++) {
                add(identities.get(i), unitRows, row);
            }
        }
    }

    private void check(String identity, float[] rows, int row) {
        if (identity.isBlank() || identity.length() > GalleryFile.LONGEST_NAME) {
            throw new IllegalArgumentException("identity: wanted a name of 1 to " + GalleryFile.LONGEST_NAME
                    + " characters, got " + (identity.isBlank() ? "a blank one" : identity.length() + " characters"));
        }
        for (int d = row * width; d < (row + 1) * width; d++) {
            if (rows[d] != 0) {
                return;
            }
        }
        throw new IllegalArgumentException(
                identity + ": wanted an embedding with a direction, got zeros in row " + row);
    }

    private void add(String identity, float[] rows, int row) {
        enrolled.computeIfAbsent(identity, unseen -> new ArrayList<>())
                .add(Arrays.copyOfRange(rows, row * width, (row + 1) * width));
    }

    /** Forgets an identity; how many templates it had. */
    int remove(String identity) {
        List<float[]> own = enrolled.remove(identity);
        return own == null ? 0 : own.size();
    }

    Gallery gallery(List<String> guides, PerIdentity perIdentity) {
        int[] starts = new int[enrolled.size() + 1];
        int identity = 0;
        for (List<float[]> own : enrolled.values()) {
            starts[identity + 1] = starts[identity] + own.size();
            identity++;
        }
        float[] rows = new float[Math.multiplyExact(starts[identity], width)];
        int at = 0;
        for (List<float[]> own : enrolled.values()) {
            for (float[] row : own) {
                System.arraycopy(row, 0, rows, at, width);
                at += width;
            }
        }
        return new Gallery(guides, width, perIdentity, new ArrayList<>(enrolled.keySet()), starts, rows);
    }
}
