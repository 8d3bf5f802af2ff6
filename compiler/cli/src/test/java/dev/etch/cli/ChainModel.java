// SPDX-License-Identifier: Apache-2.0
package dev.etch.cli;

import java.util.Locale;

/** Networks in Etch's text form that are as long as a test wants. */
final class ChainModel {
  private static final String MAP = "int8[1, 4, 4, 4]";

  private final StringBuilder text = new StringBuilder();

  private ChainModel(String name) {
    text.append("graph \"").append(name).append("\"\ninput %x0 : ").append(MAP).append('\n');
  }

  /** So many times a value that is added to its own requantization. */
  static String diamonds(int count) {
    ChainModel model = new ChainModel("diamonds");
    for (int i = 0; i < count; i++) {
      model.requantization("x" + i, "left" + i, 0.75);
      model.requantization("x" + i, "right" + i, 0.375);
      model.sum("left" + i, "right" + i, "x" + (i + 1));
    }
    return model.end("x" + count);
  }

  /** So many requantizations, one behind the other. */
  static String requantizations(int count) {
    ChainModel model = new ChainModel("requantizations");
    for (int i = 0; i < count; i++) {
      model.requantization("x" + i, "x" + (i + 1), i % 2 == 0 ? 0.8125 : 1.21875);
    }
    return model.end("x" + count);
  }

  private void requantization(String operand, String result, double scale) {
    line(
        "%%%s = requantize(%%%s) {channels = [DequantizeThenQuantize{inputScale = %s, "
            + "inputZeroPoint = 0, outputScale = 1.0, outputZeroPoint = 0, low = -128, high = 127}],"
            + " channelAxis = 1, output = int8} : %s",
        result, operand, scale, MAP);
  }

  private void sum(String left, String right, String result) {
    line(
        "%%%s = quantizedAdd(%%%s, %%%s) {sum = FloatSum{leftScale = 0.5, "
            + "leftZeroPoint = 0, rightScale = 0.5, rightZeroPoint = 0, outputScale = 0.5, "
            + "outputZeroPoint = 0, low = -128, high = 127}, output = int8} : %s",
        result, left, right, MAP);
  }

  private void line(String format, Object... arguments) {
    text.append(String.format(Locale.ROOT, format, arguments)).append('\n');
  }

  private String end(String output) {
    return text.append("output %").append(output).append('\n').toString();
  }
}
