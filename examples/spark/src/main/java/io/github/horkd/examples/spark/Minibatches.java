package io.github.horkd.examples.spark;

import io.github.horkd.data.Batches;
import io.github.horkd.data.ImageShape;
import io.github.horkd.guide.Input;
import io.github.horkd.guide.Scaling;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.apache.spark.Partitioner;
import org.apache.spark.api.java.JavaRDD;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import scala.Tuple2;

/**
 * Minibatches made on the executors, by the plan that the library's own loop follows: the plan says which pictures go together, Spark's shuffle
 * brings them to one place. Relations need their batch, so no batch is ever cut or merged.
 *
 * @param plan    which pictures make up the batches of an epoch
 * @param input   what the student takes
 * @param classes how many classes there are
 */
record Minibatches(Batches plan, Input input, int classes) {

    /**
     * A run of batches, counted through all epochs.
     *
     * @param taught  what is known about every picture
     * @param from    the first batch
     * @param count   how many, a multiple of {@code workers}
     * @param workers how many partitions; each gets {@code count / workers} whole batches
     * @return images, then labels, the guide's embeddings and its logits
     */
    JavaRDD<MultiDataSet> of(JavaRDD<Taught> taught, int from, int count, int workers) {
        Map<Integer, List<Integer>> places = places(from, count);
        ImageShape shape = input.shape();
        var make = new Make(input.scaling(), new long[] {-1, shape.channels(), shape.height(), shape.width()}, classes);
        return taught.flatMapToPair(one -> batchesOf(one, places))
                .groupByKey(new Dealt(workers))
                .mapPartitions(batches -> make.all(batches), true);
    }

    /** Some batches of every partition, in the order of the plan. */
    static JavaRDD<MultiDataSet> ofEachPartition(JavaRDD<MultiDataSet> batches, int from, int count) {
        return batches.mapPartitions(
                all -> {
                    Iterable<MultiDataSet> once = () -> all;
                    return StreamSupport.stream(once.spliterator(), false)
                            .skip(from)
                            .limit(count)
                            .iterator();
                },
                true);
    }

    /** In which batches of the run a picture is: none, one, or one in each of several epochs. */
    private Map<Integer, List<Integer>> places(int from, int count) {
        Map<Integer, List<Integer>> places = new HashMap<>();
        for (int batch = from; batch < from + count; batch++) {
            for (int index : plan.epoch(batch / plan.count()).get(batch % plan.count())) {
                places.computeIfAbsent(index, unknown -> new ArrayList<>()).add(batch - from);
            }
        }
        return places;
    }

    private static Iterator<Tuple2<Integer, Taught>> batchesOf(Taught one, Map<Integer, List<Integer>> places) {
        return places.getOrDefault(one.index(), List.of()).stream()
                .map(batch -> new Tuple2<>(batch, one))
                .iterator();
    }

    /** Batches to workers in turn. */
    private static final class Dealt extends Partitioner {
        private static final long serialVersionUID = 1;
        private final int workers;

        Dealt(int workers) {
            this.workers = workers;
        }

        @Override
        public int numPartitions() {
            return workers;
        }

        @Override
        public int getPartition(Object batch) {
            return (Integer) batch % workers;
        }
    }

    /** From pictures to arrays. Sorted, since a shuffle keeps no order and the same seed should give the same student. */
    private record Make(Scaling scaling, long[] shape, int classes) implements Serializable {

        Iterator<MultiDataSet> all(Iterator<Tuple2<Integer, Iterable<Taught>>> batches) {
            List<Tuple2<Integer, Iterable<Taught>>> sorted = new ArrayList<>();
            batches.forEachRemaining(sorted::add);
            sorted.sort(Comparator.comparing(Tuple2::_1));
            return sorted.stream().map(batch -> one(batch._2())).iterator();
        }

        private MultiDataSet one(Iterable<Taught> unordered) {
            List<Taught> batch = StreamSupport.stream(unordered.spliterator(), false)
                    .sorted(Comparator.comparingInt(Taught::index))
                    .toList();
            INDArray images = scaling.apply(rows(batch.stream().map(Taught::low).toArray(float[][]::new))
                    .reshape(shape));
            float[][] labels = new float[batch.size()][classes];
            for (int i = 0; i < labels.length; i++) {
                labels[i][batch.get(i).label()] = 1;
            }
            return new org.nd4j.linalg.dataset.MultiDataSet(new INDArray[] {images}, new INDArray[] {
                rows(labels),
                rows(batch.stream().map(Taught::embedding).toArray(float[][]::new)),
                rows(batch.stream().map(Taught::logits).toArray(float[][]::new))
            });
        }

        private static INDArray rows(float[][] values) {
            return Nd4j.createFromArray(values);
        }
    }
}
