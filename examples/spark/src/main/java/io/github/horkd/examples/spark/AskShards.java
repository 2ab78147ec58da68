package io.github.horkd.examples.spark;

import io.github.horkd.data.Augmentation;
import io.github.horkd.data.AugmentedPool;
import io.github.horkd.data.Batches;
import io.github.horkd.data.PairedImages;
import io.github.horkd.distill.Schedule;
import io.github.horkd.guide.Guide;
import io.github.horkd.knowledge.TransferSet;
import io.github.horkd.model.Network;
import io.github.horkd.onnx.OnnxExport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * The guide on a cluster: a standalone master and two workers, all processes of their own on this machine. An ONNX guide is broadcast as a file and opened once an
 * executor; each task asks it about one part of a RecordIO file, or of a WebDataset, and commits one shard of a transfer set. One worker is killed half-way, and the shards
 * must still have the bytes that one process alone writes. Then DL4J's parameter averaging trains a student on a new pair of workers, and must end where it ends on two
 * threads of one process. Fails when either is not so.
 *
 * <pre>  mvn -q -f examples/spark -Dexample=AskShards                  3,000 drawn pictures, 16 parts
 *  mvn -q -f examples/spark -Dexample=AskShards -Darguments="20000 64"</pre>
 */
public final class AskShards {

    private static final int SIDE = 48;
    private static final int SMALL = 12;

    private AskShards() {}

    public static void main(String[] args) throws Exception {
        int pictures = args.length > 0 ? Integer.parseInt(args[0]) : 3000;
        int parts = args.length > 1 ? Integer.parseInt(args[1]) : 16;
        Path folder = Files.createTempDirectory("horkd-spark");
        try {
            for (PictureFiles files : PictureFiles.values()) {
                System.out.println(run(folder.resolve(files.name()), files, pictures, parts));
            }
            System.out.println(averaging(folder.resolve("averaging"), 40));
        } finally {
            remove(folder);
        }
    }

    /** Asks on a cluster, kills a worker half-way, and compares; returns what to say of it. */
    static String run(Path folder, PictureFiles files, int pictures, int parts) throws Exception {
        PairedImages faces = SparkDistillation.drawn(10, 10);
        String source = files.write(Files.createDirectories(folder), faces, pictures, parts);
        Path onnx = folder.resolve("guide.onnx");
        OnnxExport.write(SparkDistillation.teacher(faces, Schedule.steps(20).withBatchSize(32)), onnx);
        byte[] model = Files.readAllBytes(onnx);

        Path alone = folder.resolve("alone");
        long began = System.nanoTime();
        Guide guide = AskShard.open(model);
        AskShard here = new AskShard(source, SIDE, 1, SMALL, alone.toString(), parts, null);
        IntStream.range(0, parts).forEach(part -> here.write(guide, part));
        double oneProcess = (System.nanoTime() - began) / 1e9;

        Path shared = Files.createDirectories(folder.resolve("shared"));
        long atKill;
        double onCluster;
        try (LocalCluster cluster = LocalCluster.start(folder.resolve("cluster"), 2);
                JavaSparkContext spark = cluster.context("ask")) {
            AskShard task = new AskShard(source, SIDE, 1, SMALL, shared.toString(), parts, spark.broadcast(model));
            began = System.nanoTime();
            CompletableFuture<Void> job = CompletableFuture.runAsync(
                    () -> spark.parallelize(IntStream.range(0, parts).boxed().toList(), parts)
                            .foreach(task));
            while (written(shared) < parts / 2 && !job.isDone()) {
                Thread.sleep(5);
            }
            cluster.kill(0);
            atKill = written(shared);
            job.join();
            onCluster = (System.nanoTime() - began) / 1e9;
        }
        for (int part = 0; part < parts; part++) {
            String name = String.format("part-%05d-of-%05d%s", part, parts, TransferSet.EXTENSION);
            if (Files.mismatch(alone.resolve(name), shared.resolve(name)) != -1) {
                throw new IllegalStateException(name + ": the cluster wrote other bytes than one process");
            }
        }
        if (atKill == parts) {
            throw new IllegalStateException("the worker was killed when all was done; ask for more pictures");
        }
        TransferSet set = TransferSet.open(shared);
        set.verify();
        return String.format(
                Locale.ROOT,
                "%s, %d pictures in %d poses, %d shards: %.1f s by one process, %.1f s by two workers, of which one was killed when %d shards were there; the same bytes",
                files,
                pictures,
                set.poses(),
                parts,
                oneProcess,
                onCluster,
                atKill);
    }

    /** Parameter averaging on two worker processes, held against two threads of this one. */
    static String averaging(Path home, int steps) throws IOException, InterruptedException {
        PairedImages faces = SparkDistillation.drawn(8, 8);
        PairedImages pool = new AugmentedPool(faces, 2, Augmentation.none().flip(), 1);
        Network teacher = SparkDistillation.teacher(pool, Schedule.steps(40).withBatchSize(32));
        Network start = SparkDistillation.untrained(pool, 7);
        Network there;
        try (LocalCluster cluster = LocalCluster.start(home, 2);
                JavaSparkContext spark = cluster.context("average")) {
            there = train(spark, teacher, start, pool, steps);
        }
        Network here;
        try (JavaSparkContext spark = SparkDistillation.local(2)) {
            here = train(spark, teacher, start, pool, steps);
        }
        double moved = start.graph().params().distance2(here.graph().params());
        double apart = here.graph().params().distance2(there.graph().params());
        if (!(apart < 0.05 * moved)) {
            throw new IllegalStateException(
                    "the student of two processes is " + apart + " from that of two threads, which moved by " + moved);
        }
        return String.format(
                Locale.ROOT,
                "parameter averaging, %d steps: the student of two worker processes is %.2g %% of its way apart from that of two threads",
                steps,
                100 * apart / moved);
    }

    private static Network train(JavaSparkContext spark, Network teacher, Network start, PairedImages pool, int steps)
            throws IOException {
        JavaRDD<Taught> taught =
                SparkDistillation.knowledge(spark, teacher, pool, 2).cache();
        return new SparkStudent(2, 5, 2)
                .train(
                        spark,
                        start,
                        taught,
                        Batches.shuffled(pool, 16, 7),
                        Schedule.steps(steps).withBatchSize(16),
                        7);
    }

    private static long written(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(TransferSet.EXTENSION))
                    .count();
        }
    }

    static void remove(Path folder) {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(each);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
