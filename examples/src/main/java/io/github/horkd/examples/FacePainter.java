package io.github.horkd.examples;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.Shape;
import java.awt.geom.AffineTransform;
import java.awt.geom.Area;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferInt;
import java.util.Random;

import static io.github.horkd.examples.FacePen.anyColour;
import static io.github.horkd.examples.FacePen.mix;
import static io.github.horkd.examples.FacePen.oval;
import static io.github.horkd.examples.FacePen.shade;

/**
 * Paints one person in one shot, from the back to the front: wall, clothes, head, marks, features, hair, glasses, light.
 */
final class FacePainter {

    /** A face unit, as a part of the picture's side. */
    private static final double UNIT = 0.335;

    private final Graphics2D g;
    private final DrawnPerson person;
    private final DrawnShot shot;
    private final FacePen pen;

    private FacePainter(Graphics2D g, DrawnPerson person, DrawnShot shot) {
        this.g = g;
        this.person = person;
        this.shot = shot;
        pen = new FacePen(g, shot.yaw(), shot.pitch());
    }

    static void paint(DrawnPerson person, DrawnShot shot, BufferedImage canvas) {
        int side = canvas.getWidth();
        double unit = UNIT * side * shot.scale();
        Graphics2D g = canvas.createGraphics();
        g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        g.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
        Random random = DrawnFaces.random(shot.background(), 0, 4);
        AffineTransform face = new AffineTransform();
        face.translate((0.5 + UNIT * shot.right()) * side, (0.49 + UNIT * shot.down()) * side);
        face.rotate(shot.roll());
        face.scale(unit, unit);
        g.setTransform(face);
        FacePainter painter = new FacePainter(g, person, shot);
        painter.background(random);
        painter.head();
        painter.skinMarks();
        painter.nose();
        painter.mouth();
        painter.beard();
        for (int s = -1; s <= 1; s += 2) {
            painter.eye(s);
            painter.brow(s);
        }
        painter.frontHair();
        painter.glasses();
        if (shot.hidden()) {
            painter.cover(random);
        }
        g.dispose();
        light(shot, ((DataBufferInt) canvas.getRaster().getDataBuffer()).getData(), side, unit);
    }

    // ---- what is behind and around

    private void background(Random random) {
        Color wall = anyColour(random, 85, 205);
        g.setColor(wall);
        g.fill(new Rectangle2D.Double(-4, -4, 8, 8));
        for (int i = 0; i < 3; i++) {
            g.setColor(mix(wall, anyColour(random, 40, 225), 0.4));
            double x = 2.4 * random.nextDouble() - 1.2;
            double y = 2.4 * random.nextDouble() - 1.6;
            double width = 0.3 + random.nextDouble();
            double height = 0.4 + 1.5 * random.nextDouble();
            g.fill(
                    random.nextBoolean()
                            ? oval(x, y, width, height)
                            : new Rectangle2D.Double(x - width, y - height, 2 * width, 2 * height));
        }
        if (person.hair == DrawnPerson.Hair.LONG) {
            g.setColor(shade(person.hairColour, 0.8));
            g.fill(pen.flat()
                    .from(-0.2, -1.15)
                    .curve(-1.35, -1.2, -1.2, 0.2, -1.15, 1.1)
                    .curve(-1.1, 1.5, -0.5, 1.4, 0, 1.4)
                    .curve(0.5, 1.4, 1.1, 1.5, 1.15, 1.1)
                    .curve(1.2, 0.2, 1.35, -1.2, 0.2, -1.15)
                    .closed());
        } else if (person.hair == DrawnPerson.Hair.CURLY) {
            g.setColor(shade(person.hairColour, 0.85));
            double reach = 0.95 + person.hairVolume;
            g.fill(oval(0.1 * Math.sin(shot.yaw()), -0.42, person.headWidth * reach + 0.06, 0.80 + person.hairVolume));
        }
        g.setColor(shade(person.skin, 0.80));
        g.fill(pen.flat()
                .from(-0.46, 0.5)
                .line(-0.48, 1.5)
                .line(0.48, 1.5)
                .line(0.46, 0.5)
                .closed());
        g.setColor(anyColour(random, 30, 225));
        g.fill(pen.flat()
                .from(-2.2, 2.6)
                .curve(-1.9, 1.45, -0.9, 1.42, -0.46, 1.28)
                .curve(-0.2, 1.6, 0.2, 1.6, 0.46, 1.28)
                .curve(0.9, 1.42, 1.9, 1.45, 2.2, 2.6)
                .closed());
    }

    private void cover(Random random) {
        g.setColor(anyColour(random, 20, 235));
        double angle = 2 * Math.PI * random.nextDouble();
        double reach = 0.55 + 0.5 * random.nextDouble();
        double x = reach * Math.cos(angle);
        double y = reach * Math.sin(angle);
        double size = 0.14 + 0.14 * random.nextDouble();
        g.fill(
                random.nextBoolean()
                        ? oval(x, y, size, 1.4 * size)
                        : new Rectangle2D.Double(x - size, y - size, 2 * size, 2 * size));
    }

    // ---- the head

    private void head() {
        double w = person.headWidth;
        for (int s = -1; s <= 1; s += 2) {
            double x = s * (w + 0.25 * person.earSize) * Math.cos(shot.yaw()) - 0.25 * Math.sin(shot.yaw());
            g.setColor(shade(person.skin, 0.90));
            g.fill(oval(x, person.earHeight, 0.55 * person.earSize, person.earSize));
            g.setColor(shade(person.skin, 0.72));
            g.fill(oval(x, person.earHeight, 0.25 * person.earSize, 0.6 * person.earSize));
        }
        g.setColor(person.skin);
        g.fill(outline(0));
        if (person.chinDimple > 0) {
            g.setColor(shade(person.skin, 1 - 0.3 * person.chinDimple));
            g.fill(pen.curves(0)
                    .from(-0.03, person.chin - 0.16)
                    .curve(-0.01, person.chin - 0.02, 0.01, person.chin - 0.02, 0.03, person.chin - 0.16)
                    .closed());
        }
    }

    /** The outline of head and jaw. */
    private Shape outline(double grow) {
        double w = person.headWidth + grow;
        double jaw = person.jawWidth + grow;
        double jawY = person.jawHeight;
        double chin = person.chin + grow + 0.05 * shot.open();
        double top = -1.14 - grow;
        FacePen.Curves half = pen.flat().from(0, top);
        half.curve(0.62 * w, top, w, -0.75, w, -0.1)
                .curve(w, 0.25, jaw + 0.12, 0.4, jaw, jawY)
                .curve(jaw - 0.09, jawY + 0.28, 0.36 * jaw, chin, 0, chin)
                .curve(-0.36 * jaw, chin, -jaw + 0.09, jawY + 0.28, -jaw, jawY)
                .curve(-jaw - 0.12, 0.4, -w, 0.25, -w, -0.1)
                .curve(-w, -0.75, -0.62 * w, top, 0, top);
        return half.closed();
    }

    private void skinMarks() {
        g.setColor(shade(person.skin, 0.45));
        for (DrawnPerson.Mole mole : person.moles) {
            pen.dot(mole.x(), mole.y(), 0, mole.radius(), mole.radius());
        }
        if (person.freckles > 0) {
            g.setColor(shade(person.skin, 0.78));
            Random random = new Random(Double.doubleToLongBits(person.freckles));
            for (int i = 0; i < 16; i++) {
                double x = 0.25 + 0.3 * random.nextDouble();
                pen.dot(random.nextBoolean() ? x : -x, 0.12 + 0.25 * random.nextDouble(), 0, 0.02, 0.02);
            }
        }
        if (person.cheekLine > 0) {
            g.setColor(shade(person.skin, 1 - 0.28 * person.cheekLine));
            for (int s = -1; s <= 1; s += 2) {
                pen.line(
                        0.035,
                        pen.curves(0)
                                .from(s * (person.noseWidth + 0.04), 0.38)
                                .curve(
                                        s * 0.34,
                                        0.46,
                                        s * 0.40,
                                        0.6,
                                        s * (person.mouthWidth + 0.07),
                                        person.mouthHeight - 0.02));
            }
        }
    }

    // ---- nose and mouth

    private void nose() {
        double top = person.eyeHeight + 0.06;
        double tip = person.eyeHeight + person.noseLength;
        double w = person.noseWidth;
        double b = person.noseBridge;
        double lit = shot.lightX() >= 0 ? 1 : -1;
        g.setColor(shade(person.skin, 0.84));
        g.fill(pen.curves(0.10)
                .from(-lit * b * 0.5, top)
                .curve(-lit * b, top + 0.1, -lit * b, tip - 0.2, -lit * w, tip - 0.02)
                .curve(-lit * w, tip + 0.05, -lit * 0.4 * w, tip + 0.03, 0, tip + 0.02)
                .line(-lit * 0.2 * b, top + 0.1)
                .closed());
        g.setColor(shade(person.skin, 1.09));
        g.fill(pen.curves(0.16)
                .from(-0.3 * b, top + 0.02)
                .line(0.3 * b, top + 0.02)
                .line(0.55 * b, tip - 0.05)
                .line(-0.55 * b, tip - 0.05)
                .closed());
        g.setColor(shade(person.skin, 0.62));
        pen.line(
                0.032,
                pen.curves(0.12)
                        .from(-w, tip - 0.06)
                        .curve(-1.15 * w, tip + 0.02, -0.8 * w, tip + 0.05, -0.5 * w, tip + 0.01)
                        .curve(
                                -0.2 * w,
                                tip + 0.05 + person.noseTip,
                                0.2 * w,
                                tip + 0.05 + person.noseTip,
                                0.5 * w,
                                tip + 0.01)
                        .curve(0.8 * w, tip + 0.05, 1.15 * w, tip + 0.02, w, tip - 0.06));
        g.setColor(shade(person.skin, 0.40));
        for (int s = -1; s <= 1; s += 2) {
            pen.dot(
                    s * 0.5 * w,
                    tip,
                    0.10,
                    0.09 * w + 0.05 * person.nostrils * w + 0.015,
                    0.012 + 0.022 * person.nostrils);
        }
    }

    private void mouth() {
        double y = person.mouthHeight + 0.03 * shot.open();
        double w = person.mouthWidth * (1 + 0.16 * shot.smile());
        double corner = y - 0.015 - 0.09 * shot.smile() + person.mouthBend;
        double thin = 1 - 0.25 * Math.max(0, shot.smile());
        double open = 0.16 * shot.open();
        double upper = person.upperLip * thin;
        double lower = person.lowerLip * thin;
        g.setColor(person.lips);
        g.fill(pen.curves(0.02)
                .from(-w, corner)
                .curve(-0.5 * w, y - upper - 0.02, -0.25 * w, y - upper - 0.02, 0, y - upper + person.cupidsBow)
                .curve(0.25 * w, y - upper - 0.02, 0.5 * w, y - upper - 0.02, w, corner)
                .curve(0.55 * w, y + 0.04, -0.55 * w, y + 0.04, -w, corner)
                .closed());
        g.setColor(shade(person.lips, 1.10));
        g.fill(pen.curves(0.03)
                .from(-w, corner)
                .curve(-0.55 * w, y + 0.02 + open, -0.2 * w, y + open, 0, y + open)
                .curve(0.2 * w, y + open, 0.55 * w, y + 0.02 + open, w, corner)
                .curve(0.55 * w, y + 1.5 * lower + open, -0.55 * w, y + 1.5 * lower + open, -w, corner)
                .closed());
        FacePen.Curves gap = pen.curves(0.02)
                .from(-0.97 * w, corner)
                .curve(-0.4 * w, y - 0.01, 0.4 * w, y - 0.01, 0.97 * w, corner)
                .curve(0.5 * w, y + 0.025 + 1.4 * open, -0.5 * w, y + 0.025 + 1.4 * open, -0.97 * w, corner);
        g.setColor(shade(person.lips, 0.45));
        g.fill(gap.closed());
        if (shot.open() > 0.25) {
            g.setColor(new Color(232, 226, 214));
            g.fill(pen.curves(0.02)
                    .from(-0.6 * w, y - 0.005)
                    .line(0.6 * w, y - 0.005)
                    .curve(0.4 * w, y + 0.55 * open, -0.4 * w, y + 0.55 * open, -0.6 * w, y - 0.005)
                    .closed());
        }
    }

    private void beard() {
        if (person.beard == DrawnPerson.Beard.NONE) {
            return;
        }
        double y = person.mouthHeight;
        double w = person.mouthWidth;
        g.setColor(mix(person.hairColour, person.skin, 0.25));
        double nose = person.eyeHeight + person.noseLength + 0.07;
        double lip = y - person.upperLip - 0.01;
        if (person.beard != DrawnPerson.Beard.GOATEE) {
            g.fill(pen.curves(0.03)
                    .from(0, Math.min(nose + 0.02, lip - 0.03))
                    .curve(0.5 * w, nose - 0.02, w, nose + 0.05, 1.15 * w, y)
                    .curve(0.8 * w, lip - 0.01, 0.3 * w, lip - 0.02, 0, lip)
                    .curve(-0.3 * w, lip - 0.02, -0.8 * w, lip - 0.01, -1.15 * w, y)
                    .curve(-w, nose + 0.05, -0.5 * w, nose - 0.02, 0, Math.min(nose + 0.02, lip - 0.03))
                    .closed());
        }
        double below = y + 1.25 * person.lowerLip + 0.05;
        if (person.beard == DrawnPerson.Beard.GOATEE) {
            g.fill(pen.curves(0)
                    .from(-0.24, below)
                    .curve(-0.1, below - 0.03, 0.1, below - 0.03, 0.24, below)
                    .curve(0.26, person.chin - 0.05, 0.12, person.chin + 0.02, 0, person.chin + 0.02)
                    .curve(-0.12, person.chin + 0.02, -0.26, person.chin - 0.05, -0.24, below)
                    .closed());
        } else if (person.beard == DrawnPerson.Beard.FULL) {
            double jaw = person.headWidth;
            Area rim = new Area(outline(0.02));
            rim.subtract(new Area(pen.flat()
                    .from(-jaw - 1, -2)
                    .line(-jaw - 1, 0.1)
                    .line(-jaw, 0.12)
                    .curve(-0.75 * jaw, 0.55, -1.35 * w, below - 0.02, -0.75 * w, below)
                    .curve(-0.3 * w, below + 0.03, 0.3 * w, below + 0.03, 0.75 * w, below)
                    .curve(1.35 * w, below - 0.02, 0.75 * jaw, 0.55, jaw, 0.12)
                    .line(jaw + 1, 0.1)
                    .line(jaw + 1, -2)
                    .closed()));
            g.fill(rim);
        }
    }

    // ---- eyes

    private void eye(int s) {
        double x = s * person.eyeDistance;
        double y = person.eyeHeight;
        double w = person.eyeWidth;
        double slant = -person.eyeSlant * w;
        double opening = person.eyeOpening * (1 - shot.lids()) * (1 + 0.15 * shot.browLift());
        double peak = person.eyePeak * 0.5 * w;
        double inner = x - s * w;
        double outer = x + s * w;
        double up = 1.5 * opening;
        double down = 0.85 * opening;

        g.setColor(shade(person.skin, 0.88));
        if (person.eyeBag > 0) {
            pen.line(
                    0.035 * person.eyeBag,
                    pen.curves(0)
                            .from(inner, y + 0.07)
                            .curve(
                                    x - s * 0.4 * w,
                                    y + down + 0.12,
                                    x + s * 0.4 * w,
                                    y + down + 0.12,
                                    outer,
                                    y + slant + 0.06));
        }
        g.fill(pen.curves(0)
                .from(inner, y - 0.01)
                .curve(
                        x - s * 0.6 * w,
                        y - up - 0.03 - person.lidFold,
                        x + s * 0.6 * w,
                        y - up - 0.03 - person.lidFold + slant,
                        outer,
                        y + slant)
                .curve(x + s * 0.4 * w, y + down, x - s * 0.4 * w, y + down, inner, y - 0.01)
                .closed());

        Shape white = pen.curves(0)
                .from(inner, y)
                .curve(x - s * 0.5 * w + s * peak, y - up, x + s * 0.5 * w + s * peak, y - up + slant, outer, y + slant)
                .curve(x + s * 0.4 * w, y + down + slant, x - s * 0.4 * w, y + down, inner, y)
                .closed();
        g.setColor(new Color(236, 233, 226));
        g.fill(white);
        if (opening > 0.025) {
            double gazeX = x + 0.05 * shot.gazeX();
            double gazeY = y + 0.4 * slant - 0.15 * opening + 0.02 * shot.gazeY();
            // A clip has hard edges, but the lid's line covers them; cutting the outlines exactly took half of a face's
            // time.
            g.clip(white);
            g.setColor(person.iris);
            pen.dot(gazeX, gazeY, 0, person.irisSize, person.irisSize);
            g.setColor(new Color(18, 14, 14));
            pen.dot(gazeX, gazeY, 0, 0.45 * person.irisSize, 0.45 * person.irisSize);
            g.setClip(null);
            g.setColor(new Color(250, 250, 250));
            pen.dot(gazeX + 0.025, gazeY - 0.03, 0, 0.018, 0.018);
        }
        g.setColor(shade(person.hairColour, 0.5));
        pen.line(
                0.034,
                pen.curves(0)
                        .from(inner, y)
                        .curve(
                                x - s * 0.5 * w + s * peak,
                                y - up,
                                x + s * 0.5 * w + s * peak,
                                y - up + slant,
                                outer,
                                y + slant));
        if (person.lidFold > 0.02) {
            g.setColor(shade(person.skin, 0.62));
            pen.line(
                    0.022,
                    pen.curves(0)
                            .from(inner, y - 0.03)
                            .curve(
                                    x - s * 0.5 * w + s * peak,
                                    y - up - person.lidFold - 0.02,
                                    x + s * 0.5 * w + s * peak,
                                    y - up + slant - person.lidFold - 0.02,
                                    outer,
                                    y + slant - 0.03));
        }
    }

    private void brow(int s) {
        double y = person.eyeHeight - person.browHeight - 0.05 * shot.browLift();
        double x = s * person.eyeDistance;
        double w = person.eyeWidth;
        double inner = x - s * (0.6 * w + person.browInner * 0.7);
        double outer = x + s * (w + 0.5 * person.browOuter);
        double rise = person.browSlant + 0.025 * shot.smile();
        double thick = person.browThickness;
        double thin = thick * (1 - person.browTaper);
        double middle = 0.45 * inner + 0.55 * outer;
        double arch = y - 1.4 * person.browArch;
        g.setColor(mix(shade(person.hairColour, 0.8), person.skin, 0.12));
        g.fill(pen.curves(0.05)
                .from(inner, y + 0.5 * rise)
                .curve(middle, arch, middle, arch, outer, y - 0.5 * rise + 0.03)
                .line(outer, y - 0.5 * rise + 0.03 + thin)
                .curve(middle, arch + thick, middle, arch + thick, inner, y + 0.5 * rise + thick)
                .closed());
    }

    private void glasses() {
        if (person.glasses == DrawnPerson.Glasses.NONE) {
            return;
        }
        g.setColor(new Color(40, 36, 38));
        double size = person.glassesSize;
        double y = person.eyeHeight + 0.03;
        float width = person.glasses == DrawnPerson.Glasses.SQUARE ? 0.055f : 0.038f;
        g.setStroke(new BasicStroke(width));
        for (int s = -1; s <= 1; s += 2) {
            double x = s * person.eyeDistance;
            double h = person.glasses == DrawnPerson.Glasses.ROUND ? size : 0.75 * size;
            FacePen.Curves rim = pen.curves(0.12).from(x - size, y);
            double bulge = person.glasses == DrawnPerson.Glasses.ROUND ? 0.55 : 0.95;
            double top = person.glasses == DrawnPerson.Glasses.HALF_RIMMED ? 0.95 : bulge;
            rim.curve(x - size, y - h * top, x - size * bulge, y - h, x, y - h)
                    .curve(x + size * bulge, y - h, x + size, y - h * top, x + size, y);
            if (person.glasses != DrawnPerson.Glasses.HALF_RIMMED) {
                rim.curve(x + size, y + h * bulge, x + size * bulge, y + h, x, y + h)
                        .curve(x - size * bulge, y + h, x - size, y + h * bulge, x - size, y);
            }
            g.draw(rim.path);
            g.draw(pen.curves(0.1)
                    .from(x + s * size, y - 0.03)
                    .curve(s * 0.8, y - 0.05, s * 0.85, y - 0.04, s * person.headWidth, y - 0.03)
                    .path);
        }
        double bridge = person.eyeDistance - size;
        g.draw(pen.curves(0.18)
                .from(-bridge, y - 0.03)
                .curve(-0.3 * bridge, y - 0.09, 0.3 * bridge, y - 0.09, bridge, y - 0.03)
                .path);
    }

    // ---- hair

    private void frontHair() {
        double line = person.hairLine;
        double w = person.headWidth + 0.03;
        double top = -1.16 - person.hairVolume;
        double part = person.parting;
        FacePen.Curves hair = pen.flat()
                .from(-w, -0.12)
                .curve(-w - 0.06, -0.8, -0.62 * w, top, 0, top)
                .curve(0.62 * w, top, w + 0.06, -0.8, w, -0.12);
        switch (person.hair) {
            case CROPPED ->
                hair.curve(0.88 * w, -0.4, 0.80 * w, line + 0.05, 0.55 * w, line - 0.04)
                        .curve(0.2 * w, line - 0.12, -0.2 * w, line - 0.12, -0.55 * w, line - 0.04)
                        .curve(-0.80 * w, line + 0.05, -0.88 * w, -0.4, -w, -0.12);
            case SIDE_PARTED, LONG ->
                hair.curve(0.92 * w, -0.35, 0.75 * w, line + 0.2, part, line - 0.14)
                        .curve(-0.3 * w, line + 0.02, -0.85 * w, line + 0.2, -w, -0.12);
            case SWEPT ->
                hair.curve(0.92 * w, -0.4, 0.85 * w, line + 0.1, 0.5 * w, line - 0.08)
                        .curve(0.1 * w, line - 0.02 + 0.3 * part, -0.3 * w, line + 0.14, -0.8 * w, line + 0.02)
                        .curve(-0.92 * w, -0.5, -0.95 * w, -0.3, -w, -0.12);
            case FRINGE ->
                hair.curve(0.93 * w, -0.3, 0.9 * w, line + 0.22, 0.78 * w, line + 0.24)
                        .curve(
                                0.4 * w,
                                line + 0.16 + 0.2 * part,
                                -0.4 * w,
                                line + 0.16 - 0.2 * part,
                                -0.78 * w,
                                line + 0.24)
                        .curve(-0.9 * w, line + 0.22, -0.93 * w, -0.3, -w, -0.12);
            case CURLY ->
                hair.curve(0.9 * w, -0.5, 0.9 * w, line, 0.6 * w, line + 0.06)
                        .curve(0.45 * w, line - 0.12, 0.25 * w, line + 0.12, 0.02, line)
                        .curve(-0.2 * w, line - 0.1, -0.45 * w, line + 0.12, -0.6 * w, line + 0.02)
                        .curve(-0.9 * w, line, -0.9 * w, -0.5, -w, -0.12);
        }
        g.setColor(person.hairColour);
        g.fill(hair.closed());
        g.setColor(shade(person.hairColour, 1.15));
        pen.line(
                0.03,
                pen.flat().from(part, line - 0.2).curve(part + 0.1, top + 0.2, 0.4 * w, top + 0.15, 0.62 * w, -0.8));
        pen.line(
                0.03,
                pen.flat()
                        .from(part - 0.15, line - 0.15)
                        .curve(part - 0.2, top + 0.25, -0.45 * w, top + 0.2, -0.66 * w, -0.75));
    }

    // ---- light

    /** A light that falls in from one side, and the exposure; factors as multiples of 1/256, which keeps the loop whole-numbered. */
    private static void light(DrawnShot shot, int[] pixels, int side, double unit) {
        int across = (int) Math.round(65536 * shot.exposure() * shot.lightX() / unit);
        int down = (int) Math.round(65536 * shot.exposure() * shot.lightY() / unit);
        int middle = (int) Math.round(65536 * shot.exposure());
        for (int y = 0; y < side; y++) {
            int factor = middle + down * (y - side / 2) - across * (side / 2);
            for (int x = 0; x < side; x++, factor += across) {
                int light = Math.max(50, factor >> 8);
                int rgb = pixels[y * side + x];
                int red = Math.min(255, (rgb >> 16 & 255) * light >> 8);
                int green = Math.min(255, (rgb >> 8 & 255) * light >> 8);
                int blue = Math.min(255, (rgb & 255) * light >> 8);
                pixels[y * side + x] = red << 16 | green << 8 | blue;
            }
        }
    }
}
