// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.onnx.operator;

import dev.etch.op.requantization.RealQuantizer;
import dev.etch.op.requantization.RealRounding;
import java.util.ArrayList;
import java.util.List;

/**
 * QONNX Quant, also named IntQuant: operands x, scale, zero point, bit width; {@code (round(clamp(x
 * / scale + zeroPoint)) - zeroPoint) * scale}. One signed bit is bipolar, -1 or 1.
 */
final class QuantReader implements OperatorReader {
  @Override
  public Signature signature() {
    return Signature.of(4, 4, "signed", "narrow", "rounding_mode");
  }

  @Override
  public String notes() {
    return "per tensor or channel; 1 to 16 bits, constants to 32; integer zero points; rounding"
        + " ROUND, HALF_EVEN, HALF_UP, HALF_DOWN, FLOOR, CEIL, UP, DOWN";
  }

  @Override
  public void read(NodeContext node) {
    RealRounding rounding = QonnxQuantization.rounding(node, "ROUND");
    ChannelConstants zeros = QonnxQuantization.zeroPoints(node, 2);
    ChannelConstants scales =
        QonnxQuantization.spread(
            QonnxQuantization.scales(node, 1, "the scale"), zeros, node.shape(0));
    int bits = QonnxQuantization.bits(node, 3, "the bit width");
    boolean bipolar = bits == 1 && node.attributes().flag("signed", true);
    int[] range = QonnxQuantization.range(node, bits, true, true);
    List<RealQuantizer> quantizers = new ArrayList<>();
    for (int c = 0; c < scales.size(); c++) {
      int zero = (int) zeros.of(c);
      quantizers.add(
          bipolar
              ? new RealQuantizer.Bipolar(scales.of(c), zero)
              : new RealQuantizer.Uniform(scales.of(c), zero, range[0], range[1], rounding));
    }
    QonnxQuantization.result(node, quantizers, scales, zeros.values());
  }
}
