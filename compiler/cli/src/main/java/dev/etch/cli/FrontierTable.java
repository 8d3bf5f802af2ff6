// SPDX-License-Identifier: Apache-2.0
package dev.etch.cli;

import dev.etch.compress.search.FrontierPoint;
import dev.etch.compress.search.Price;
import dev.etch.compress.search.SparsitySearch;
import java.util.List;
import java.util.Locale;

/** What a search priced, as text and as a drawing. */
final class FrontierTable {
  private static final String FORMAT = "%1s %6s %9s %8s %6s %7s %9s %10s %10s%n";
  private static final int WIDTH = 640;
  private static final int HEIGHT = 400;
  private static final int MARGIN = 60;

  private FrontierTable() {}

  /** What a model takes, in words. */
  static String words(Price price) {
    return String.format(
        Locale.ROOT,
        "%,d cycles a frame, about %,d LUTs, %,d DSP blocks, %,d memory blocks",
        price.cycles(),
        price.luts(),
        price.multipliers(),
        price.blocks());
  }

  /** A line a model; the chosen one has a star. */
  static String text(SparsitySearch.Result result) {
    StringBuilder text = new StringBuilder();
    text.append(
        row("", "rows", "cycles", "LUTs", "DSP", "blocks", "bytes", "estimated", "measured"));
    for (FrontierPoint point : result.frontier()) {
      Price price = point.price();
      text.append(
          row(
              isChosen(point, result) ? "*" : "",
              point.sparsity().rows(),
              number(price.cycles()),
              number(price.luts()),
              number(price.multipliers()),
              number(price.blocks()),
              number(point.bytes()),
              loss(point.estimatedLoss()),
              point.accuracy().map(right -> loss(result.given() - right)).orElse("")));
    }
    text.append(
        "rows: outputs that are pruned together; points that are lost: estimated without a training, "
            + "and measured by the reference");
    return text.toString();
  }

  private static boolean isChosen(FrontierPoint point, SparsitySearch.Result result) {
    return result.chosen().filter(point::equals).isPresent();
  }

  private static String row(Object... cells) {
    return String.format(Locale.ROOT, FORMAT, cells);
  }

  private static String number(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  private static String loss(double share) {
    return String.format(Locale.ROOT, "%.2f", 100 * share);
  }

  /** Cycles to the right, points that are lost upwards: rings are estimates, dots are measured. */
  static String svg(SparsitySearch.Result result) {
    List<FrontierPoint> points = result.frontier();
    double most = points.stream().mapToDouble(p -> p.price().cycles()).max().orElse(1);
    double worst = Math.max(0.01, points.stream().mapToDouble(p -> y(p, result)).max().orElse(1));
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            Locale.ROOT,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\" "
                + "font-size=\"12\">%n<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>%n"
                + "<path d=\"M%d %dV%dH%d\" fill=\"none\" stroke=\"black\"/>%n",
            WIDTH,
            HEIGHT,
            MARGIN,
            MARGIN / 2,
            HEIGHT - MARGIN,
            WIDTH - MARGIN / 2));
    text.append(
        label(WIDTH / 2, HEIGHT - MARGIN / 3, "cycles a frame, up to " + number((long) most)));
    text.append(label(WIDTH / 4, MARGIN / 3, "points lost, up to " + loss(worst)));
    for (FrontierPoint point : points) {
      double x = MARGIN + point.price().cycles() / most * (WIDTH - 1.5 * MARGIN);
      double y = HEIGHT - MARGIN - Math.max(0, y(point, result)) / worst * (HEIGHT - 1.5 * MARGIN);
      boolean measured = point.accuracy().isPresent();
      text.append(
          String.format(
              Locale.ROOT,
              "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"%d\" fill=\"%s\" stroke=\"%s\"/>%n",
              x,
              y,
              isChosen(point, result) ? 7 : 4,
              measured ? "#2a6fbb" : "none",
              isChosen(point, result) ? "#c0392b" : "#2a6fbb"));
    }
    return text.append("</svg>\n").toString();
  }

  private static double y(FrontierPoint point, SparsitySearch.Result result) {
    return point.accuracy().map(right -> result.given() - right).orElse(point.estimatedLoss());
  }

  private static String label(int x, int y, String words) {
    return String.format(
        Locale.ROOT, "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">%s</text>%n", x, y, words);
  }
}
