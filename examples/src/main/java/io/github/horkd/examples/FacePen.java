package io.github.horkd.examples;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.util.Random;

/**
 * Draws lines on a head that is turned. Every point is given in face units, as seen from the front, and knows how far it stands out of
 * the head's plane: so eyes, nose and mouth move against the outline as they do when a head turns.
 */
final class FacePen {

    private final Graphics2D g;
    private final double cosYaw;
    private final double sinYaw;
    private final double sinPitch;

    FacePen(Graphics2D g, double yaw, double pitch) {
        this.g = g;
        cosYaw = Math.cos(yaw);
        sinYaw = Math.sin(yaw);
        sinPitch = Math.sin(pitch);
    }

    /** Curves on the face, standing out of it by so much. */
    Curves curves(double height) {
        return new Curves(height, true);
    }

    /** Curves around the face, which turn with it about the head's axis but do not stand out. */
    Curves flat() {
        return new Curves(0, false);
    }

    /** A line of Bézier curves whose points turn with the head. */
    final class Curves {
        final Path2D.Double path = new Path2D.Double();
        private final double height;
        private final boolean onFace;

        Curves(double height, boolean onFace) {
            this.height = height;
            this.onFace = onFace;
        }

        Curves from(double x, double y) {
            path.moveTo(x(x, y), y(x, y));
            return this;
        }

        Curves line(double x, double y) {
            path.lineTo(x(x, y), y(x, y));
            return this;
        }

        Curves curve(double x1, double y1, double x2, double y2, double x, double y) {
            path.curveTo(x(x1, y1), y(x1, y1), x(x2, y2), y(x2, y2), x(x, y), y(x, y));
            return this;
        }

        Path2D closed() {
            path.closePath();
            return path;
        }

        private double depth(double x, double y) {
            return onFace ? height + Math.sqrt(Math.max(0.05, 1 - 0.85 * x * x - 0.3 * y * y)) : 0.15;
        }

        double x(double x, double y) {
            return x * cosYaw + depth(x, y) * sinYaw;
        }

        double y(double x, double y) {
            return y + 0.7 * depth(x, y) * sinPitch;
        }
    }

    /** A spot on the face. */
    void dot(double x, double y, double height, double radiusX, double radiusY) {
        Curves at = curves(height);
        g.fill(oval(at.x(x, y), at.y(x, y), radiusX * cosYaw, radiusY));
    }

    /** Draws a line with round ends. */
    void line(double width, Curves curves) {
        g.setStroke(new BasicStroke((float) width, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
        g.draw(curves.path);
    }

    static Ellipse2D oval(double x, double y, double radiusX, double radiusY) {
        return new Ellipse2D.Double(x - radiusX, y - radiusY, 2 * radiusX, 2 * radiusY);
    }

    static Color shade(Color colour, double factor) {
        return new Color(
                level(colour.getRed() * factor), level(colour.getGreen() * factor), level(colour.getBlue() * factor));
    }

    static Color mix(Color a, Color b, double share) {
        return new Color(
                level(a.getRed() + share * (b.getRed() - a.getRed())),
                level(a.getGreen() + share * (b.getGreen() - a.getGreen())),
                level(a.getBlue() + share * (b.getBlue() - a.getBlue())));
    }

    static Color anyColour(Random random, int low, int high) {
        int gray = low + random.nextInt(high - low);
        return new Color(
                level(gray + 18 * random.nextGaussian()),
                level(gray + 18 * random.nextGaussian()),
                level(gray + 18 * random.nextGaussian()));
    }

    private static int level(double value) {
        return (int) Math.round(Math.max(0, Math.min(255, value)));
    }
}
