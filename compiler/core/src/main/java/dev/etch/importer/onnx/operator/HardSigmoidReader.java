// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.onnx.operator;

import dev.etch.op.HardSigmoid;

/** HardSigmoid. */
final class HardSigmoidReader implements OperatorReader {
  @Override
  public Signature signature() {
    return Signature.of(1, 1, "alpha", "beta");
  }

  @Override
  public String notes() {
    return "by table";
  }

  @Override
  public void read(NodeContext node) {
    float slope = node.attributes().finite("alpha", 0.2f);
    float offset = node.attributes().finite("beta", 0.5f);
    node.emitResult(new HardSigmoid(slope, offset), node.value(0));
  }
}
