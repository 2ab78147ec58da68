package io.github.horkd.knowledge;

import io.github.horkd.data.LeftOut;
import io.github.horkd.data.PairedImages;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;

/** The pictures of several shards in the order of their names, and their classes numbered alike. Eight bytes of heap a picture. */
final class TransferOrder {

    private final List<TransferShard> shards;
    private final int[] shardOf;
    private final int[] placeIn;
    private final List<String> classes;
    private final int[][] classOf;
    private final LeftOut leftOut;

    private TransferOrder(
            List<TransferShard> shards,
            int[] shardOf,
            int[] placeIn,
            List<String> classes,
            int[][] classOf,
            LeftOut leftOut) {
        this.shards = shards;
        this.shardOf = shardOf;
        this.placeIn = placeIn;
        this.classes = classes;
        this.classOf = classOf;
        this.leftOut = leftOut;
    }

    /** A shard's next picture. */
    private record Cursor(int shard, int place, String name) {}

    static TransferOrder of(List<TransferShard> shards) throws IOException {
        long images = shards.stream().mapToLong(shard -> shard.index().count()).sum();
        if (images * shards.get(0).layout().poses() > Integer.MAX_VALUE) {
            throw new IOException("wanted at most 2^31 - 1 views in all, got " + images + " pictures in "
                    + shards.get(0).layout().poses() + " poses");
        }
        List<String> classes = numbered(shards);
        Map<String, Integer> at = new HashMap<>();
        classes.forEach(each -> at.put(each, at.size()));
        int[][] classOf = new int[shards.size()][];
        List<LeftOut.File> files = new ArrayList<>();
        List<String> directories = new ArrayList<>();
        for (int s = 0; s < classOf.length; s++) {
            classOf[s] =
                    shards.get(s).index().classes().stream().mapToInt(at::get).toArray();
            files.addAll(shards.get(s).index().leftOut().files());
            directories.addAll(shards.get(s).index().leftOut().directories());
        }
        int[] shardOf = new int[shards.size() == 1 ? 0 : (int) images];
        int[] placeIn = new int[shardOf.length];
        merge(shards, shardOf, placeIn);
        return new TransferOrder(shards, shardOf, placeIn, classes, classOf, new LeftOut(files, directories));
    }

    private static void merge(List<TransferShard> shards, int[] shardOf, int[] placeIn) throws IOException {
        PriorityQueue<Cursor> next = new PriorityQueue<>(Comparator.comparing(Cursor::name));
        for (int s = 0; s < shards.size() && shardOf.length > 0; s++) {
            next.add(new Cursor(s, 0, shards.get(s).name(0)));
        }
        String before = "";
        for (int i = 0; i < shardOf.length; i++) {
            Cursor first = next.remove();
            if (i > 0 && first.name.equals(before)) {
                throw new IOException("the picture " + before + " is in two shards, one of which is "
                        + shards.get(first.shard).path().getFileName() + "; keep the shards of one cut in a folder");
            }
            before = first.name;
            shardOf[i] = first.shard;
            placeIn[i] = first.place;
            int place = first.place + 1;
            if (place < shards.get(first.shard).index().count()) {
                next.add(new Cursor(first.shard, place, shards.get(first.shard).name(place)));
            }
        }
    }

    /** All classes that occur; those that are numbers keep the order of numbers. */
    private static List<String> numbered(List<TransferShard> shards) {
        if (shards.size() == 1) {
            return shards.get(0).index().classes();
        }
        List<String> all = shards.stream()
                .flatMap(each -> each.index().classes().stream())
                .distinct()
                .toList();
        boolean numbers = all.stream().allMatch(each -> each.matches("\\d{1,18}"));
        return all.stream()
                .sorted(numbers ? Comparator.comparingLong(Long::parseLong) : Comparator.naturalOrder())
                .toList();
    }

    int count() {
        return shards.size() == 1 ? shards.get(0).index().count() : shardOf.length;
    }

    TransferShard shard(int picture) {
        return shards.get(shards.size() == 1 ? 0 : shardOf[picture]);
    }

    int place(int picture) {
        return shards.size() == 1 ? picture : placeIn[picture];
    }

    String name(int picture) {
        return shard(picture).name(place(picture));
    }

    int label(int picture) {
        int own = shard(picture).index().label(place(picture));
        return own == PairedImages.UNLABELLED ? own : classOf[shards.size() == 1 ? 0 : shardOf[picture]][own];
    }

    List<String> classes() {
        return classes;
    }

    LeftOut leftOut() {
        return leftOut;
    }

    /** Where a picture is by its name, or less than 0. */
    int find(String name) {
        int low = 0;
        int high = count() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int compared = name(middle).compareTo(name);
            if (compared == 0) {
                return middle;
            }
            if (compared < 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return -1;
    }
}
