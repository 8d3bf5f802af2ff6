// SPDX-License-Identifier: Apache-2.0
package dev.etch.text;

import dev.etch.area.Device;
import dev.etch.hardware.WordSource;
import dev.etch.schedule.Budget;
import dev.etch.schedule.Mapping;
import java.math.BigDecimal;
import java.util.stream.Collectors;

/** Prints a mapping file that {@link MappingParser} reads back. */
public final class MappingPrinter {
  private MappingPrinter() {}

  /** The text, ending with a line feed. */
  public static String print(Mapping mapping) {
    StringBuilder text = new StringBuilder("mapping\n");
    String target = mapping.device().map(Device::id).orElse(mapping.target().id());
    text.append("target ").append(target).append('\n');
    if (mapping.clock().required()) {
      text.append("clock ").append(number(mapping.clockMegahertz())).append(" MHz\n");
    }
    mapping.budget().ifPresent(b -> text.append("budget ").append(budget(b)).append('\n'));
    mapping
        .reload()
        .ifPresent(
            reload -> text.append("reload ").append(RecordPrinter.attributes(reload)).append('\n'));
    if (readsFromOutside(mapping)) {
      text.append("memory ").append(RecordPrinter.attributes(mapping.memory())).append('\n');
    }
    mapping
        .layers()
        .forEach(
            (layer, folding) ->
                text.append("layer ")
                    .append(Quoting.quote(layer))
                    .append(' ')
                    .append(RecordPrinter.attributes(FoldingText.of(folding)))
                    .append('\n'));
    mapping
        .arrays()
        .forEach(
            array -> text.append("array ").append(RecordPrinter.attributes(array)).append('\n'));
    return text.toString();
  }

  private static boolean readsFromOutside(Mapping mapping) {
    return mapping.layers().values().stream()
        .anyMatch(folding -> folding.words() == WordSource.EXTERNAL);
  }

  private static String budget(Budget budget) {
    if (budget instanceof Budget.Multipliers multipliers) {
      return "multipliers " + multipliers.count();
    }
    if (budget instanceof Budget.FramesPerSecond frames) {
      return "fps " + number(frames.rate());
    }
    if (budget instanceof Budget.Resources resources) {
      return resources.amounts().entrySet().stream()
          .map(r -> r.getKey() + " " + r.getValue())
          .collect(Collectors.joining(" "));
    }
    return "cycles " + ((Budget.CyclesPerFrame) budget).cycles();
  }

  private static String number(double value) {
    return BigDecimal.valueOf(value).stripTrailingZeros().toPlainString();
  }
}
