// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.onnx.operator;

import dev.etch.op.requantization.RealQuantizer;
import java.util.Collections;
import java.util.List;

/** QONNX BipolarQuant: operands x, scale; {@code (x >= 0 ? 1 : -1) * scale}. */
final class BipolarQuantReader implements OperatorReader {
  @Override
  public Signature signature() {
    return Signature.of(2, 2);
  }

  @Override
  public String notes() {
    return "per tensor or channel";
  }

  @Override
  public void read(NodeContext node) {
    ChannelConstants scales = QonnxQuantization.scales(node, 1, "the scale");
    List<RealQuantizer> quantizers =
        Collections.nCopies(scales.size(), new RealQuantizer.Bipolar(1, 0));
    QonnxQuantization.result(node, quantizers, scales, new float[] {0});
  }
}
