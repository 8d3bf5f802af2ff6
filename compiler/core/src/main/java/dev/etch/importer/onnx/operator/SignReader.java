// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.onnx.operator;

import dev.etch.op.requantization.RealQuantizer;
import java.util.List;

/** Sign: -1, 0 or 1, a quantizer to three values of scale 1. */
final class SignReader implements OperatorReader {
  @Override
  public Signature signature() {
    return Signature.of(1, 1);
  }

  @Override
  public String notes() {
    return "float32, as a ternary quantizer";
  }

  @Override
  public void read(NodeContext node) {
    ChannelConstants scale = new ChannelConstants(new float[] {1}, 0);
    QonnxQuantization.result(node, List.of(new RealQuantizer.Ternary()), scale, new float[] {0});
  }
}
