package io.github.horkd.examples.guides;

import io.github.horkd.data.Augmentation;
import io.github.horkd.data.Degradation;
import io.github.horkd.data.Resolution;
import io.github.horkd.data.Split;
import io.github.horkd.distill.Classifier;
import io.github.horkd.distill.Distillation;
import io.github.horkd.examples.DrawnFaces;
import io.github.horkd.model.Backbone;
import io.github.horkd.model.Network;
import io.github.horkd.report.Comparison;
import io.github.horkd.report.LiveReport;
import java.nio.file.Path;
import java.util.List;

/** The guide "Reading a report": a page that is written while networks learn, and then says what came of it. */
public final class ReadingReport {

    private ReadingReport() {}

    public static void main(String[] args) {
        Path out = Drawn.out("report");
        Split faces = new DrawnFaces(40, false, 1)
                .pairs(40, 20, Degradation.downscaleTo(12))
                .split(0.7, 1);
        LiveReport report = LiveReport.in(out, "Twelve pixels")
                .lead("Drawn faces, nobody's. The test has other pictures of the people of the training.");

        Network teacher =
                Classifier.train(Backbone.residual(12, 32), faces.train(), Resolution.HIGH, Drawn.steps(400), 2);
        Network student = Distillation.from(teacher)
                .student(Backbone.residual(12, 32))
                .schedule(Drawn.steps(800))
                .augmentation(Augmentation.none().flip().shift(1))
                .seed(3)
                .listen(report)
                .build()
                .run(faces.train())
                .student();

        Comparison comparison = Comparison.of(faces.train(), faces.test());
        report.put(comparison.sections(List.of(
                comparison.student("student", teacher, student),
                comparison.naive("naive: small pictures enlarged", teacher),
                comparison.teacher("teacher, sharp against sharp", teacher))));
        System.out.println("the report: " + report.finish());
    }
}
