package io.github.horkd.data;

import java.util.stream.IntStream;

/**
 * A source whose low-resolution views were made once and lie in memory, one byte a sample. It pays where a view is costly to make and seen many times: an
 * {@link AugmentedPool} of large pictures, {@link BlendedImages}, a degradation with JPEG. 100,000 views of 3×16×16 take 77 MB.
 *
 * <p>Views are rounded to 8 bits, as a camera does. The low-resolution view may be read as it is or mirrored (which mirrors the rendered view); noise of a
 * degradation is drawn once. The high-resolution view is read from the source as ever.
 */
public final class RenderedLowViews implements WrappedImages {

    private final PairedImages source;
    private final ImageShape low;
    private final byte[][] views;

    private RenderedLowViews(PairedImages source) {
        this.source = source;
        this.low = source.shape(Resolution.LOW);
        this.views = new byte[source.size()][];
        IntStream.range(0, views.length).parallel().forEach(i -> {
            float[] values = new float[low.size()];
            source.read(i, Pose.IDENTITY, null, 0, values, 0);
            byte[] bytes = new byte[values.length];
            for (int k = 0; k < bytes.length; k++) {
                bytes[k] = (byte) Math.round(255 * Math.max(0, Math.min(1, values[k])));
            }
            views[i] = bytes;
        });
    }

    /**
     * Makes every low-resolution view, on all processors.
     *
     * @param source the images
     * @return the same images, their low-resolution views in memory
     */
    public static RenderedLowViews of(PairedImages source) {
        return new RenderedLowViews(source);
    }

    @Override
    public PairedImages source() {
        return source;
    }

    @Override
    public void read(int index, Pose pose, float[] high, int highAt, float[] lowView, int lowAt) {
        if (high != null) {
            source.read(index, pose, high, highAt, null, 0);
        }
        if (lowView == null) {
            return;
        }
        if (!pose.mirrorsAtMost()) {
            throw new IllegalArgumentException("rendered views: wanted a pose that mirrors at most, got " + pose
                    + "; the views are made already, so move the pictures before, by an AugmentedPool as the source");
        }
        byte[] view = views[index];
        int width = low.width();
        for (int k = 0; k < view.length; k++) {
            int from = pose.mirrored() ? k - k % width + width - 1 - k % width : k;
            lowView[lowAt + k] = (view[from] & 0xff) / 255f;
        }
    }
}
