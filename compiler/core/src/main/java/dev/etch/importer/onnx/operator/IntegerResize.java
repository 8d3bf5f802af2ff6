// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.onnx.operator;

import dev.etch.importer.Refusal;
import dev.etch.op.BilinearResize2d;
import dev.etch.op.IntegerMixes;
import dev.etch.op.Layout;
import dev.etch.op.LinearResize2d.Blend;
import dev.etch.op.Requantize;
import dev.etch.op.requantization.Steps;
import dev.etch.tensor.IntegerType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Resize in mode linear of integers, as ONNX Runtime's quantizer leaves it in QOperator models:
 * {@code UpsampleBilinear} mixes in float32 and cuts off what is behind the point. With weights
 * that are fractions of powers of two all of it is exact.
 */
final class IntegerResize {
  private static final int MOST_BITS = 8;

  private IntegerResize() {}

  static void read(NodeContext node, List<Blend> rows, List<Blend> columns, IntegerType type) {
    Optional<IntegerMixes> ofRows = IntegerMixes.of(rows).filter(IntegerMixes::isExact);
    Optional<IntegerMixes> ofColumns = IntegerMixes.of(columns).filter(IntegerMixes::isExact);
    if (ofRows.isEmpty() || ofColumns.isEmpty() || type.bits() > MOST_BITS) {
      throw new Refusal(
          "mixes integers in float32 and cuts off, by weights that are no fractions of powers of two",
          "resize between DequantizeLinear and QuantizeLinear, or by factors of two");
    }
    int rowUnit = ofRows.get().unit();
    int columnUnit = ofColumns.get().unit();
    node.emitResult(
        new BilinearResize2d(
            Layout.NCHW, 0, ofRows.get().mixes(), rowUnit, ofColumns.get().mixes(), columnUnit),
        "bilinearresize2d",
        new Requantize(List.of(cutOff(rowUnit * columnUnit, type)), 0, type),
        node.value(0));
  }

  /** The quotient without what is behind the point. */
  private static Steps cutOff(int divisor, IntegerType type) {
    int low = (int) type.minimum();
    List<Long> edges = new ArrayList<>();
    for (long value = low + 1; value <= type.maximum(); value++) {
      edges.add(value > 0 ? value * divisor : (value - 1) * divisor + 1);
    }
    return new Steps(1.0 / divisor, low, edges, 0);
  }
}
