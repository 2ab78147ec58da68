package io.github.horkd.examples.trainingui;

import io.github.horkd.data.Degradation;
import io.github.horkd.data.PairedImages;
import io.github.horkd.data.Resolution;
import io.github.horkd.distill.Classifier;
import io.github.horkd.distill.Distillation;
import io.github.horkd.distill.Listeners;
import io.github.horkd.distill.Schedule;
import io.github.horkd.examples.DrawnFaces;
import io.github.horkd.model.Backbone;
import io.github.horkd.model.Network;
import org.deeplearning4j.ui.api.UIServer;
import org.deeplearning4j.ui.model.stats.StatsListener;
import org.deeplearning4j.ui.model.storage.InMemoryStatsStorage;

/**
 * DL4J's training UI on a distillation: score, ratios of updates to parameters, histograms of weights and activations, layer by layer. One line does it,
 * {@code .listen(Listeners.dl4j(stage -> new StatsListener(storage)))}, on this or on any other stage. Each stage is a session of its own in the page.
 */
public final class TrainingUi {

    private TrainingUi() {}

    public static void main(String[] args) throws Exception {
        InMemoryStatsStorage storage = new InMemoryStatsStorage();
        UIServer server = UIServer.getInstance();
        server.attach(storage);
        System.out.println("DL4J's training UI: " + server.getAddress() + "/train/overview");

        try {
            train(storage);
            System.out.println(storage.listSessionIDs().size() + " session of statistics");
            if (Boolean.parseBoolean(System.getProperty("horkd.wait", "true")) && System.console() != null) {
                System.console().readLine("Enter ends the page ");
            }
        } finally {
            server.stop(); // its threads would keep the program
        }
    }

    private static void train(InMemoryStatsStorage storage) {
        PairedImages faces = new DrawnFaces(64, false, 1).pairs(20, 20, Degradation.downscaleTo(12));
        Network teacher = Classifier.train(Backbone.residual(16, 64), faces, Resolution.HIGH, Schedule.steps(60), 1);
        Distillation.from(teacher)
                .student(Backbone.residual(8, 64))
                .schedule(Schedule.steps(200))
                .seed(2)
                .listen(Listeners.dl4j(stage -> new StatsListener(storage)))
                .build()
                .run(faces);
    }
}
