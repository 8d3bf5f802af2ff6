// SPDX-License-Identifier: Apache-2.0
package dev.etch.text;

import dev.etch.hardware.Design;
import dev.etch.hardware.OutputPort;
import dev.etch.hardware.SharedArray;
import dev.etch.hardware.Unit;

/** Prints a design so that {@link DesignParser} reads the same design back. */
public final class DesignPrinter {
  private DesignPrinter() {}

  /** The text, ending with a line feed. */
  public static String print(Design design) {
    StringBuilder text = new StringBuilder();
    text.append("design ").append(Quoting.quote(design.name())).append('\n');
    if (design.buffers() > 1) {
      text.append("buffers ").append(design.buffers()).append('\n');
    }
    design
        .depths()
        .forEach(
            (stream, depth) ->
                text.append("stream ")
                    .append(Quoting.value(stream.name()))
                    .append(" : ")
                    .append(stream.type().elements())
                    .append(" * ")
                    .append(stream.type().element())
                    .append(" beats ")
                    .append(stream.beatsPerFrame())
                    .append(" depth ")
                    .append(depth)
                    .append('\n'));
    for (Unit unit : design.units()) {
      text.append("unit ").append(unit.getClass().getSimpleName()).append(' ');
      text.append(RecordPrinter.attributes((Record) unit)).append('\n');
    }
    for (SharedArray array : design.arrays()) {
      text.append("array ").append(RecordPrinter.attributes(array)).append('\n');
    }
    text.append("input ").append(Quoting.value(design.input().name())).append('\n');
    for (OutputPort output : design.outputs()) {
      text.append("output ").append(Quoting.value(output.stream().name()));
      if (!output.name().equals(OutputPort.ONLY)) {
        text.append(" named ").append(Quoting.quote(output.name()));
      }
      text.append('\n');
    }
    return text.toString();
  }
}
