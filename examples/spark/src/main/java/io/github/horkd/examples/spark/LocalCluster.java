package io.github.horkd.examples.spark;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * A standalone Spark cluster on this machine: a master, workers, and the executors that workers start, each a process of its own, talking over loopback. They have
 * this JVM's class path, so that no Spark need be installed.
 */
final class LocalCluster implements AutoCloseable {

    private static final String HERE = "127.0.0.1";

    private final Path home;
    private final int port;
    private final Process master;
    private final List<Process> workers = new ArrayList<>();

    private LocalCluster(Path home, int port, Process master) {
        this.home = home;
        this.port = port;
        this.master = master;
    }

    /**
     * Starts a master and workers of one core each.
     *
     * @param home    for logs and what workers keep; must not be there
     * @param workers how many
     */
    static LocalCluster start(Path home, int workers) throws IOException, InterruptedException {
        // Without an installation Spark looks for jars here, finds none, and takes the class path that it is given.
        Files.createDirectories(home.resolve("jars"));
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getByName(HERE))) {
            port = free.getLocalPort();
        }
        Process master = java(
                home,
                "master",
                "org.apache.spark.deploy.master.Master",
                "--host",
                HERE,
                "--port",
                "" + port,
                "--webui-port",
                "0");
        LocalCluster cluster = new LocalCluster(home, port, master);
        cluster.awaitMaster();
        for (int i = 0; i < workers; i++) {
            cluster.addWorker();
        }
        return cluster;
    }

    private void awaitMaster() throws IOException, InterruptedException {
        for (int tries = 0; ; tries++) {
            try (Socket there = new Socket(HERE, port)) {
                return;
            } catch (IOException e) {
                if (!master.isAlive() || tries == 1200) {
                    throw new IOException("the master does not answer; see " + home.resolve("master.log"), e);
                }
                Thread.sleep(100);
            }
        }
    }

    void addWorker() throws IOException {
        String name = "worker" + workers.size();
        workers.add(java(
                home,
                name,
                "org.apache.spark.deploy.worker.Worker",
                "--host",
                HERE,
                "--cores",
                "1",
                "--memory",
                "1g",
                "--webui-port",
                "0",
                "--work-dir",
                home.resolve(name).toString(),
                url()));
    }

    private static Process java(Path home, String name, String... command) throws IOException {
        List<String> all = new ArrayList<>();
        all.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        all.add("-Xmx512m");
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(flag -> flag.startsWith("--add-opens") || flag.startsWith("-Djdk."))
                .forEach(all::add);
        all.addAll(List.of("-cp", System.getProperty("java.class.path")));
        all.addAll(List.of(command));
        ProcessBuilder process = new ProcessBuilder(all)
                .redirectErrorStream(true)
                .redirectOutput(home.resolve(name + ".log").toFile());
        process.environment().put("SPARK_HOME", home.toString());
        process.environment().put("SPARK_SCALA_VERSION", "2.12");
        process.environment().put("SPARK_LOCAL_IP", HERE);
        process.environment().put("OMP_NUM_THREADS", "1");
        return process.start();
    }

    private String url() {
        return "spark://" + HERE + ":" + port;
    }

    /** Spark on this cluster, driven from this JVM. */
    JavaSparkContext context(String name) {
        return new JavaSparkContext(new SparkConf()
                .setMaster(url())
                .setAppName(name)
                .set("spark.ui.enabled", "false")
                .set("spark.driver.host", HERE)
                .set("spark.driver.bindAddress", HERE)
                .set("spark.executor.memory", "1g")
                .set("spark.executor.cores", "1")
                .set("spark.executor.extraClassPath", System.getProperty("java.class.path"))
                .set("spark.executorEnv.OMP_NUM_THREADS", "1")
                .set("spark.task.maxFailures", "8")
                // All workers from the first task on.
                .set("spark.scheduler.minRegisteredResourcesRatio", "1")
                .set(
                        "spark.cores.max",
                        "" + workers.stream().filter(Process::isAlive).count()));
    }

    /** Ends a worker and its executor as a power cut would. */
    void kill(int worker) throws InterruptedException {
        Process process = workers.get(worker);
        List<ProcessHandle> executors = process.descendants().toList();
        process.destroyForcibly().waitFor();
        executors.forEach(ProcessHandle::destroyForcibly);
    }

    @Override
    public void close() throws IOException {
        try {
            for (int i = 0; i < workers.size(); i++) {
                kill(i);
            }
            master.destroyForcibly().waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
