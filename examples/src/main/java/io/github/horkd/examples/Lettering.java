package io.github.horkd.examples;

import java.awt.BasicStroke;
import java.awt.Graphics2D;
import java.awt.geom.Path2D;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Capitals, figures and a few signs, drawn as lines. A Java without fonts, which is how servers have it, fails as soon as text is
 * drawn; these letters need none and look the same everywhere.
 */
final class Lettering {

    /** The sign, then the corners of its strokes, each as one figure across (0 to 4) and one down (0 to 6); a comma between strokes. */
    private static final Map<Character, String> STROKES = Stream.of(
                    "A 06 20 46,14 34",
                    "B 00 06 36 45 44 33 03,33 42 41 30 00",
                    "C 41 30 10 01 05 16 36 45",
                    "D 00 06 26 45 41 20 00",
                    "E 40 00 06 46,03 33",
                    "F 40 00 06,03 33",
                    "G 41 30 10 01 05 16 36 45 43 23",
                    "H 00 06,40 46,03 43",
                    "I 20 26",
                    "J 40 45 36 16 05",
                    "K 00 06,40 03 46",
                    "L 00 06 46",
                    "M 06 00 23 40 46",
                    "N 06 00 46 40",
                    "O 10 30 41 45 36 16 05 01 10",
                    "P 06 00 30 41 42 33 03",
                    "Q 10 30 41 45 36 16 05 01 10,24 46",
                    "R 06 00 30 41 42 33 03,23 46",
                    "S 41 30 10 01 02 13 33 44 45 36 16 05",
                    "T 00 40,20 26",
                    "U 00 05 16 36 45 40",
                    "V 00 26 40",
                    "W 00 16 23 36 40",
                    "X 00 46,40 06",
                    "Y 00 23 40,23 26",
                    "Z 00 40 06 46",
                    "0 10 30 41 45 36 16 05 01 10,14 32",
                    "1 11 20 26,16 36",
                    "2 01 10 30 41 42 06 46",
                    "3 00 40 23 33 44 45 36 16 05",
                    "4 36 30 04 44",
                    "5 40 00 03 33 44 45 36 06",
                    "6 30 10 01 05 16 36 45 44 33 03",
                    "7 00 40 16",
                    "8 13 02 01 10 30 41 42 33 13 04 05 16 36 45 44 33",
                    "9 43 13 02 01 10 30 41 45 36 16",
                    ". 15 25 26 16 15",
                    ", 25 17",
                    ": 21 22,24 25",
                    "- 13 33",
                    "+ 03 43,21 25",
                    "/ 06 40",
                    "% 06 40,00 10 11 01 00,36 46 45 35 36",
                    "( 30 12 14 36",
                    ") 10 32 34 16",
                    "= 02 42,04 44",
                    "? 01 10 30 41 32 23 24,26 26",
                    "> 01 43 05",
                    "| 20 26")
            .collect(Collectors.toUnmodifiableMap(letter -> letter.charAt(0), letter -> letter.substring(2)));

    /** From one letter to the next, in grid units. */
    private static final double ADVANCE = 5.6;

    private Lettering() {}

    /** How wide a text is when its capitals are so many pixels high. */
    static double width(String text, double height) {
        return Math.max(0, text.length() * ADVANCE - (ADVANCE - 4)) * height / 6;
    }

    /** Draws a text in the current colour, its first capital's upper left corner at (x, y). A sign that is not known leaves a gap. */
    static void draw(Graphics2D g, String text, double x, double y, double height) {
        double unit = height / 6;
        Path2D path = new Path2D.Double();
        double left = x;
        for (char letter : text.toUpperCase(Locale.ROOT).toCharArray()) {
            for (String stroke : STROKES.getOrDefault(letter, "").split(",")) {
                boolean first = true;
                for (String corner : stroke.isEmpty() ? new String[0] : stroke.split(" ")) {
                    double px = left + unit * (corner.charAt(0) - '0');
                    double py = y + unit * (corner.charAt(1) - '0');
                    if (first) {
                        path.moveTo(px, py);
                    } else {
                        path.lineTo(px, py);
                    }
                    first = false;
                }
            }
            left += ADVANCE * unit;
        }
        g.setStroke(new BasicStroke((float) (0.8 * unit), BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
        g.draw(path);
    }
}
