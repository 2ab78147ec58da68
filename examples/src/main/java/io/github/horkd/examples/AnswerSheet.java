package io.github.horkd.examples;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;

/**
 * A picture of who was taken for whom. Each column is one probe: the high-resolution original, the low-resolution view of it, enlarged
 * without smoothing, and below them the person each model named, in a green frame with a tick when it was right, in a red one with a
 * cross when it was not.
 */
public final class AnswerSheet {

    private static final int TILE = 96;
    private static final int GAP = 14;
    private static final int MARGIN = 20;
    private static final double LETTER = 10;
    private static final Color PAPER = new Color(250, 250, 247);
    private static final Color INK = new Color(45, 48, 56);
    private static final Color RIGHT = new Color(30, 140, 70);
    private static final Color WRONG = new Color(200, 45, 45);

    /**
     * What one model answered to one probe.
     *
     * @param person a picture of the person it named
     * @param right  whether that is the person in the probe
     */
    public record Answer(BufferedImage person, boolean right) {}

    private record Column(BufferedImage high, BufferedImage low, List<Answer> answers) {}

    private final List<String> models;
    private final List<Column> columns = new ArrayList<>();

    /**
     * An empty sheet.
     *
     * @param models what to call the models, one row each; a line break splits a long name
     */
    public AnswerSheet(List<String> models) {
        this.models = List.copyOf(models);
    }

    /**
     * Adds one probe.
     *
     * @param high    the high-resolution original
     * @param low     the low-resolution view of it
     * @param answers what the models answered, in their order
     * @return this sheet
     */
    public AnswerSheet add(BufferedImage high, BufferedImage low, List<Answer> answers) {
        if (answers.size() != models.size()) {
            throw new IllegalArgumentException(
                    "answers: wanted one for each of " + models.size() + " models, got " + answers.size());
        }
        columns.add(new Column(high, low, List.copyOf(answers)));
        return this;
    }

    /**
     * Writes the sheet as PNG, beside its place first, so that nobody sees half a picture.
     *
     * @param file where to; its folder is made if need be, and a file that is there is replaced
     */
    public void write(Path file) {
        writePng(drawn(), file);
    }

    static void writePng(BufferedImage image, Path file) {
        Path target = file.toAbsolutePath();
        try {
            Files.createDirectories(target.getParent());
            Path beside = Files.createTempFile(
                    target.getParent(), target.getFileName().toString(), ".part");
            try {
                ImageIO.write(image, "png", beside.toFile());
                Files.move(beside, target, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(beside);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(target + ": cannot be written; choose another place with -Dout=…", e);
        }
    }

    private BufferedImage drawn() {
        List<String> rows = new ArrayList<>();
        rows.add(
                columns.isEmpty()
                        ? "original"
                        : "original\n" + size(columns.get(0).high()));
        rows.add(columns.isEmpty() ? "probe" : "probe\n" + size(columns.get(0).low()));
        rows.addAll(models);
        double words = rows.stream()
                .flatMap(String::lines)
                .mapToDouble(line -> Lettering.width(line, LETTER))
                .max()
                .orElse(0);
        int left = MARGIN + (int) Math.ceil(words) + GAP;
        int width = left + columns.size() * (TILE + GAP) - GAP + MARGIN;
        int height = 2 * MARGIN + rows.size() * (TILE + GAP) - GAP + GAP;

        BufferedImage sheet = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D g = sheet.createGraphics();
        g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        g.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
        g.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_NEAREST_NEIGHBOR);
        g.setColor(PAPER);
        g.fillRect(0, 0, width, height);
        for (int row = 0; row < rows.size(); row++) {
            label(g, rows.get(row), top(row));
        }
        g.setColor(new Color(205, 205, 200));
        g.fill(new Rectangle2D.Double(MARGIN, top(2) - GAP, width - 2.0 * MARGIN, 1.5));
        for (int i = 0; i < columns.size(); i++) {
            int x = left + i * (TILE + GAP);
            Column column = columns.get(i);
            g.drawImage(column.high(), x, top(0), TILE, TILE, null);
            g.drawImage(column.low(), x, top(1), TILE, TILE, null);
            for (int m = 0; m < models.size(); m++) {
                answer(g, column.answers().get(m), x, top(2 + m));
            }
        }
        g.dispose();
        return sheet;
    }

    /** Where a row begins; the answers stand a little apart from the probes. */
    private static int top(int row) {
        return MARGIN + row * (TILE + GAP) + (row < 2 ? 0 : GAP);
    }

    private static String size(BufferedImage image) {
        return image.getWidth() + "x" + image.getHeight();
    }

    private static void label(Graphics2D g, String text, int top) {
        List<String> lines = text.lines().toList();
        double step = 1.9 * LETTER;
        double y = top + (TILE - step * (lines.size() - 1) - LETTER) / 2;
        g.setColor(INK);
        for (String line : lines) {
            Lettering.draw(g, line, MARGIN, y, LETTER);
            y += step;
        }
    }

    private static void answer(Graphics2D g, Answer answer, int x, int y) {
        g.drawImage(answer.person(), x, y, TILE, TILE, null);
        g.setColor(answer.right() ? RIGHT : WRONG);
        g.setStroke(new BasicStroke(4));
        g.draw(new Rectangle2D.Double(x + 2, y + 2, TILE - 4, TILE - 4));
        g.fill(new Rectangle2D.Double(x + TILE - 24, y + TILE - 24, 24, 24));
        Path2D mark = new Path2D.Double();
        if (answer.right()) {
            mark.moveTo(x + TILE - 18, y + TILE - 12);
            mark.lineTo(x + TILE - 14, y + TILE - 7);
            mark.lineTo(x + TILE - 6, y + TILE - 18);
        } else {
            mark.moveTo(x + TILE - 17, y + TILE - 17);
            mark.lineTo(x + TILE - 7, y + TILE - 7);
            mark.moveTo(x + TILE - 7, y + TILE - 17);
            mark.lineTo(x + TILE - 17, y + TILE - 7);
        }
        g.setColor(Color.WHITE);
        g.setStroke(new BasicStroke(3, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
        g.draw(mark);
    }
}
