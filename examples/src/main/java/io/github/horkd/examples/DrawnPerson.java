package io.github.horkd.examples;

import java.awt.Color;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Who a drawn face is: everything that stays the same from shot to shot.
 *
 * <p>Lengths are in face units: the middle of the head is (0, 0), x to the viewer's right, y downwards, the head about 1 wide and
 * 1.2 high to each side. What survives at twelve pixels, such as the hair and the tone of the skin, is kept alike among people; most of
 * the identity is in eyes, brows, nose, mouth, glasses, beard and marks, which low resolution takes away.
 */
final class DrawnPerson {

    /** How the hair is worn. */
    enum Hair {
        CROPPED,
        SIDE_PARTED,
        SWEPT,
        FRINGE,
        CURLY,
        LONG
    }

    /** What is worn before the eyes. */
    enum Glasses {
        NONE,
        ROUND,
        SQUARE,
        HALF_RIMMED
    }

    /** What grows below the nose. */
    enum Beard {
        NONE,
        MOUSTACHE,
        GOATEE,
        FULL
    }

    /** A mole: where it is, and its radius. */
    record Mole(double x, double y, double radius) {}

    final Color skin;
    final Color hairColour;
    final Color iris;
    final Color lips;

    final double headWidth;
    final double chin;
    final double jawWidth;
    final double jawHeight;
    final double earSize;
    final double earHeight;

    final Hair hair;
    final double hairLine;
    final double hairVolume;
    final double parting;

    final double eyeDistance;
    final double eyeHeight;
    final double eyeWidth;
    final double eyeOpening;
    final double eyeSlant;
    final double eyePeak;
    final double irisSize;
    final double lidFold;
    final double eyeBag;

    final double browHeight;
    final double browThickness;
    final double browArch;
    final double browSlant;
    final double browInner;
    final double browOuter;
    final double browTaper;

    final double noseLength;
    final double noseWidth;
    final double noseBridge;
    final double noseTip;
    final double nostrils;

    final double mouthHeight;
    final double mouthWidth;
    final double upperLip;
    final double lowerLip;
    final double cupidsBow;
    final double mouthBend;

    final double cheekLine;
    final double chinDimple;
    final Glasses glasses;
    final double glassesSize;
    final Beard beard;
    final double freckles;
    final List<Mole> moles;

    DrawnPerson(Random random) {
        double tone = random.nextDouble();
        double warmth = between(random, -8, 8);
        skin = colour(224 - 46 * tone + warmth, 184 - 50 * tone, 158 - 52 * tone - warmth);
        double fair = random.nextDouble();
        double red = random.nextDouble() * fair;
        hairColour = colour(40 + 96 * fair + 20 * red, 30 + 74 * fair, 26 + 40 * fair);
        double light = random.nextDouble();
        double blue = between(random, -30, 40) * light;
        iris = colour(48 + 62 * light - blue * 0.6, 36 + 84 * light, 30 + 70 * light + blue);
        double rosy = between(random, -0.1, 1);
        lips = colour(
                skin.getRed() * 0.86 + 10 * rosy,
                skin.getGreen() * (0.72 - 0.16 * rosy),
                skin.getBlue() * (0.74 - 0.12 * rosy));

        headWidth = between(random, 0.81, 0.98);
        chin = between(random, 1.10, 1.30);
        jawWidth = between(random, 0.56, 0.80);
        jawHeight = between(random, 0.60, 0.80);
        earSize = between(random, 0.16, 0.27);
        earHeight = between(random, -0.12, 0.08);

        hair = pick(random, Hair.values());
        hairLine = between(random, -0.86, -0.66);
        hairVolume = between(random, 0.06, 0.20);
        parting = between(random, -0.5, 0.5);

        eyeDistance = between(random, 0.33, 0.47);
        eyeHeight = between(random, -0.22, -0.04);
        eyeWidth = between(random, 0.155, 0.245);
        eyeOpening = between(random, 0.060, 0.135);
        eyeSlant = between(random, -0.22, 0.26);
        eyePeak = between(random, -0.5, 0.5);
        irisSize = between(random, 0.075, 0.105);
        lidFold = between(random, 0, 0.08);
        eyeBag = Math.max(0, between(random, -0.6, 1));

        browHeight = between(random, 0.15, 0.30);
        browThickness = between(random, 0.030, 0.100);
        browArch = between(random, -0.01, 0.14);
        browSlant = between(random, -0.10, 0.10);
        browInner = between(random, 0.08, 0.24);
        browOuter = between(random, 0.04, 0.18);
        browTaper = between(random, 0.1, 0.9);

        noseLength = between(random, 0.34, 0.54);
        noseWidth = between(random, 0.12, 0.25);
        noseBridge = between(random, 0.035, 0.10);
        noseTip = between(random, -0.05, 0.07);
        nostrils = between(random, 0.25, 1);

        mouthHeight = between(random, 0.66, 0.80);
        mouthWidth = between(random, 0.22, 0.41);
        upperLip = between(random, 0.035, 0.095);
        lowerLip = between(random, 0.045, 0.125);
        cupidsBow = between(random, 0, 0.045);
        mouthBend = between(random, -0.05, 0.05);

        cheekLine = Math.max(0, between(random, -0.5, 1));
        chinDimple = Math.max(0, between(random, -1, 1));
        glasses = random.nextDouble() < 0.7 ? Glasses.NONE : pick(random, Glasses.values());
        glassesSize = between(random, 0.20, 0.28);
        beard = random.nextDouble() < 0.55 || hair == Hair.LONG ? Beard.NONE : pick(random, Beard.values());
        freckles = Math.max(0, between(random, -2, 1));
        List<Mole> marks = new ArrayList<>();
        for (int i = random.nextInt(3); i > 0; i--) {
            marks.add(new Mole(between(random, -0.6, 0.6), between(random, 0.1, 0.95), between(random, 0.025, 0.045)));
        }
        moles = List.copyOf(marks);
    }

    private static double between(Random random, double low, double high) {
        return low + (high - low) * random.nextDouble();
    }

    private static <T> T pick(Random random, T[] values) {
        return values[random.nextInt(values.length)];
    }

    private static Color colour(double red, double green, double blue) {
        return new Color(level(red), level(green), level(blue));
    }

    private static int level(double value) {
        return (int) Math.round(Math.max(0, Math.min(255, value)));
    }
}
