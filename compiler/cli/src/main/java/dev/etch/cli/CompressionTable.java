// SPDX-License-Identifier: Apache-2.0
package dev.etch.cli;

import dev.etch.compress.coding.LayerSize;
import dev.etch.compress.coding.ModelSize;
import dev.etch.compress.recipe.Compression;
import dev.etch.compress.recipe.StepResult;
import java.util.Locale;

/** What came of a compression, as text. */
final class CompressionTable {
  private static final String FORMAT = "%-16s %9s %8s %5s %5s %7s %7s %9s %8s%n";

  private CompressionTable() {}

  /** A line about a step. */
  static String step(StepResult result) {
    String accuracy =
        result
            .accuracy()
            .map(measured -> ", right " + measured + share(result))
            .orElse(", accuracy not measured");
    return String.format(
        Locale.ROOT,
        "%-8s %,d of %,d weights kept, %,d bytes (%.1f times smaller than float32)%s",
        result.title(),
        result.size().kept(),
        result.size().weights(),
        result.size().bytes(),
        ratio(result),
        accuracy);
  }

  private static String share(StepResult result) {
    return result
        .floatAccuracy()
        .map(share -> String.format(Locale.ROOT, "; as float %.2f %%", 100 * share))
        .orElse("");
  }

  private static double ratio(StepResult result) {
    return (double) Compression.floatBytes(result.model()) / result.size().bytes();
  }

  /** A line a layer, with the columns of Deep Compression's tables. */
  static String layers(StepResult result) {
    ModelSize size = result.size();
    StringBuilder text = new StringBuilder();
    text.append(
        row("layer", "weights", "kept", "bits", "dist.", "coded", "coded", "bytes", "entropy"));
    text.append(row("", "", "", "", "bits", "bits", "dist.", "", "bits"));
    size.layers().forEach(layer -> text.append(row(layer)));
    text.append(row("activations", "", "", "", "", "", "", number(size.activationBytes()), ""));
    text.append(
        row(
            "all",
            number(size.weights()),
            percent((double) size.kept() / size.weights()),
            "",
            "",
            "",
            "",
            number(size.bytes()),
            ""));
    return text.toString().stripTrailing();
  }

  private static String row(LayerSize layer) {
    return row(
        layer.name(),
        number(layer.weights()),
        percent(layer.density()),
        number(layer.indexBits()),
        number(layer.code().distanceBits()),
        decimal(layer.codedWeightBits()),
        decimal(layer.codedDistanceBits()),
        number(layer.bytes()),
        decimal(layer.entropy()));
  }

  private static String row(Object... cells) {
    return String.format(Locale.ROOT, FORMAT, cells);
  }

  private static String number(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.2f %%", 100 * share);
  }

  private static String decimal(double number) {
    return String.format(Locale.ROOT, "%.2f", number);
  }
}
