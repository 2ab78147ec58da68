package io.github.horkd.knowledge;

import java.time.Duration;

/**
 * How far a pass is.
 *
 * @param images how many pictures are written by now, those of earlier runs among them
 * @param share  the part of the source that is read, 0…1
 * @param left   about how long the rest will take, judged by this run alone
 */
public record TransferProgress(long images, double share, Duration left) {}
