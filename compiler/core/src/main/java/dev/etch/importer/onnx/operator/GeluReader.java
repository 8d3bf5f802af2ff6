// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.onnx.operator;

import dev.etch.diagnostic.Printable;
import dev.etch.importer.Refusal;
import dev.etch.op.Gelu;

/** Gelu. */
final class GeluReader implements OperatorReader {
  @Override
  public Signature signature() {
    return Signature.of(1, 1, "approximate");
  }

  @Override
  public String notes() {
    return "by table";
  }

  @Override
  public void read(NodeContext node) {
    String approximate = node.attributes().text("approximate", "none");
    if (!approximate.equals("none") && !approximate.equals("tanh")) {
      throw new Refusal("approximate = " + Printable.of(approximate), "none or tanh");
    }
    node.emitResult(new Gelu(approximate.equals("tanh")), node.value(0));
  }
}
