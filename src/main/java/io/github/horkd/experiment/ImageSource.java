package io.github.horkd.experiment;

import io.github.horkd.data.IdxImages;
import io.github.horkd.data.ImageFolder;
import io.github.horkd.data.ImageOptions;
import io.github.horkd.data.ImageShape;
import io.github.horkd.data.PairedImages;
import java.nio.file.Path;
import java.util.List;

/** Where images come from, by description. A kind of one's own is a record that implements it, see {@link TypeRegistry}. */
public interface ImageSource {

    /**
     * Opens the images.
     *
     * @param context the run that they are for
     * @return the images
     */
    PairedImages open(SourceContext context);

    /**
     * Another set of the same experiment.
     *
     * @param name its name
     */
    record SetNamed(String name) implements ImageSource {
        @Override
        public PairedImages open(SourceContext context) {
            return context.set(name);
        }
    }

    /** How directories are classes. */
    enum Layout {
        /** One directory a class. */
        CLASS,
        /** The first directory is the class, whatever lies deeper. */
        FIRST,
        /** The last directory is the class. */
        LEAF
    }

    /**
     * A folder or an archive.
     *
     * @param path     where it is
     * @param channels 1 for gray, 3 for colour
     * @param height   of the high-resolution view
     * @param width    of the high-resolution view
     * @param low      how the low-resolution view is made of it
     * @param layout   how directories are classes
     * @param list     a file of paths and classes; empty for none
     * @param under    one directory of it; empty for all
     */
    record Folder(
            Path path,
            int channels,
            int height,
            int width,
            List<DegradationStep> low,
            Layout layout,
            String list,
            String under)
            implements ImageSource {

        /** Copies the list. */
        public Folder {
            low = List.copyOf(low);
        }

        @Override
        public PairedImages open(SourceContext context) {
            ImageOptions options = ImageOptions.defaults();
            options = switch (layout) {
                case CLASS -> options;
                case FIRST -> options.nested();
                case LEAF -> options.leafClasses();
            };
            if (!list.isEmpty()) {
                options = options.withList(Path.of(list));
            }
            return ImageFolder.open(
                    path, new ImageShape(channels, height, width), DegradationStep.all(low), options.under(under));
        }
    }

    /**
     * Files of MNIST's format.
     *
     * @param images the file of images
     * @param labels the file of labels
     * @param low    how the low-resolution view is made
     */
    record Idx(Path images, Path labels, List<DegradationStep> low) implements ImageSource {

        /** Copies the list. */
        public Idx {
            low = List.copyOf(low);
        }

        @Override
        public PairedImages open(SourceContext context) {
            return IdxImages.open(images, labels, DegradationStep.all(low));
        }
    }
}
