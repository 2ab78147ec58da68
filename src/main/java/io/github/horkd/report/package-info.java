/**
 * What came of a training, on one page: a self-contained HTML file and the same as Markdown.
 *
 * <p>The way of the data: {@link io.github.horkd.report.LiveReport} listens to any stage and writes the page while it runs; {@link
 * io.github.horkd.report.Comparison} holds recognisers against test pictures and gives sections about them; {@link io.github.horkd.report.Ablation} and
 * others make sections from figures → {@link io.github.horkd.report.Section}s → {@link io.github.horkd.report.Report} → {@code report.html}, {@code report.md}.
 *
 * <p>Charts are SVG by Lets-Plot (MIT), an optional dependency that {@code io.github.horkd:horkd-experiment} brings. Without them the tables behind the charts are shown. Pictures of people are in a report only where {@link
 * io.github.horkd.report.Comparison#pictures} was asked for.
 */
package io.github.horkd.report;
