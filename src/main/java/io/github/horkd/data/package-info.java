/**
 * Paired images: every index is one picture, in high resolution as the teacher sees it and in low resolution as the student
 * does.
 *
 * <p>The way of the data, in one direction:
 * <pre>
 *  source       {@link io.github.horkd.data.ImageFolder} (folder, zip, tar), {@link io.github.horkd.data.PairedFolders},
 *               {@link io.github.horkd.data.RecordIoImages}, {@link io.github.horkd.data.WebDatasetImages},
 *               {@link io.github.horkd.data.VerificationSet}, {@link io.github.horkd.data.IdxImages},
 *               {@link io.github.horkd.data.MemoryImages}, or a {@link io.github.horkd.data.PairedImages} of your own
 *  on disk      {@link io.github.horkd.data.PackedImages}: decoded once by any source of files, mapped into memory
 *  one pass     {@link io.github.horkd.data.ImagePass}: each picture once, handed on as it is decoded
 *  pairs        low view captured, or derived by a {@link io.github.horkd.data.Degradation}; subsets, splits and pools are
 *               views of a source, {@link io.github.horkd.data.WrappedImages}
 *  batches      {@link io.github.horkd.data.Batches} says which images, {@link io.github.horkd.data.Augmentation} how they
 *               are moved, {@link io.github.horkd.data.BatchLoader} reads them ahead
 *  arrays       {@link io.github.horkd.data.PairedBatch}: FLOAT [N, channels, height, width], intensities 0…1
 * </pre>
 *
 * <p>Nothing here knows networks. Needs ND4J for the arrays and the JDK's imaging for the files.
 */
package io.github.horkd.data;
