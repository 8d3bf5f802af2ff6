// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.onnx.operator;

import dev.etch.importer.Refusal;
import dev.etch.op.PRelu;
import java.util.ArrayList;
import java.util.List;

/** PRelu with a constant slope. */
final class PReluReader implements OperatorReader {
  @Override
  public Signature signature() {
    return Signature.of(2, 2);
  }

  @Override
  public String notes() {
    return "constant slope per tensor or channel; by table";
  }

  @Override
  public void read(NodeContext node) {
    ChannelConstants slopes = ChannelConstants.of(node, 1, "the slope", node.shape(0));
    List<Float> values = new ArrayList<>();
    for (float slope : slopes.values()) {
      if (!Float.isFinite(slope)) {
        throw new Refusal("a slope is " + slope, "finite numbers wanted");
      }
      values.add(slope);
    }
    node.emitResult(new PRelu(values, slopes.axis()), node.value(0));
  }
}
