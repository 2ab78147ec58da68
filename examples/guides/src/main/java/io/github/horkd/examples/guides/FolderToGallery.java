package io.github.horkd.examples.guides;

import io.github.horkd.data.Augmentation;
import io.github.horkd.data.Degradation;
import io.github.horkd.data.ImageFolder;
import io.github.horkd.data.ImageShape;
import io.github.horkd.data.PairedImages;
import io.github.horkd.data.Resolution;
import io.github.horkd.data.Split;
import io.github.horkd.distill.Classifier;
import io.github.horkd.distill.Distillation;
import io.github.horkd.eval.Evaluation;
import io.github.horkd.eval.OpenSetIdentification;
import io.github.horkd.guide.Embeddings;
import io.github.horkd.guide.LocalScaling;
import io.github.horkd.model.Backbone;
import io.github.horkd.model.Network;
import io.github.horkd.recognise.Answers;
import io.github.horkd.recognise.Gallery;
import io.github.horkd.recognise.GalleryBuilder;
import io.github.horkd.recognise.PerIdentity;
import io.github.horkd.recognise.Recogniser;
import io.github.horkd.recognise.Threshold;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;

/** The guide "From a folder to a gallery": people apart, enrolment, a threshold, strangers, and many threads that ask. */
public final class FolderToGallery {

    private FolderToGallery() {}

    public static void main(String[] args) throws Exception {
        Path out = Drawn.out("gallery");
        Path folder = Drawn.folder(out.resolve("people"), 40, 0, 120, 8); // in its place: your pictures
        PairedImages all = ImageFolder.open(folder, ImageShape.gray(40), Degradation.downscaleTo(16));

        // People apart: those who are learned from are not those who are recognised.
        Split people = all.splitByClass(0.6, 1);
        // Of the others some are enrolled and some are strangers; one half of their pictures is enrolled, the other
        // asked about.
        List<String> enrolled = people.test().splitByClass(0.5, 2).train().classes();
        Split pictures = people.test().split(0.5, 3);
        PairedImages toEnrol = named(pictures.train(), enrolled::contains);
        PairedImages known = named(pictures.test(), enrolled::contains);
        PairedImages strangers = named(pictures.test(), name -> !enrolled.contains(name));

        Network teacher =
                Classifier.train(Backbone.residual(12, 32), people.train(), Resolution.HIGH, Drawn.steps(600), 4);
        Network student = Distillation.from(teacher)
                .student(Backbone.residual(12, 32))
                .schedule(Drawn.steps(1_200))
                .augmentation(Augmentation.none().flip().shift(1))
                .seed(5)
                .build()
                .run(people.train())
                .student()
                .folded();

        GalleryBuilder builder = Gallery.builder(PerIdentity.MEAN_TEMPLATE, teacher, student);
        builder.enrol(teacher, toEnrol, Resolution.HIGH);
        builder.enrol(student, toEnrol, Resolution.LOW);
        builder.localScaling(
                LocalScaling.enrolledAtBoth(Embeddings.by(teacher), Embeddings.by(student), people.train()));
        Gallery gallery = builder.build();
        gallery.save(out.resolve("people.gallery"));

        Threshold threshold = gallery.calibrate(student, known, strangers, Resolution.LOW, 0.05);
        System.out.println(threshold);
        OpenSetIdentification open = Evaluation.openSet(teacher, student, toEnrol, pictures.test());
        System.out.println(open);

        AtomicReference<Recogniser> served = new AtomicReference<>(Recogniser.of(gallery, student, threshold));
        serve(served, folder, known);

        Path newcomers = Drawn.folder(out.resolve("newcomers"), 40, 5_000, 1, 3);
        GalleryBuilder more = gallery.toBuilder();
        more.enrol(teacher, newcomers);
        served.set(served.get().withGallery(more.build()));
        System.out.println("the newcomer: " + served.get().identify(newcomers.resolve("person-5000/1.png")));
    }

    private static PairedImages named(PairedImages images, Predicate<String> wanted) {
        return images.where(i -> wanted.test(images.classes().get(images.label(i))));
    }

    /** Several threads ask one recogniser; whoever comes after a change sees the new gallery. */
    private static void serve(AtomicReference<Recogniser> served, Path folder, PairedImages probes) throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(4);
        try {
            Map<String, Future<Answers>> asked = new LinkedHashMap<>();
            for (int i = 0; i < Math.min(8, probes.size()); i++) {
                Path file = folder.resolve(probes.name(i));
                asked.put(probes.name(i), pool.submit(() -> served.get().identify(file)));
            }
            for (Map.Entry<String, Future<Answers>> each : asked.entrySet()) {
                System.out.println(each.getKey() + ": " + each.getValue().get());
            }
        } finally {
            pool.shutdown();
        }
    }
}
