// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.onnx.operator;

import dev.etch.op.ArgMax;

/** ArgMax. */
final class ArgMaxReader implements OperatorReader {
  @Override
  public Signature signature() {
    return Signature.of(1, 1, "axis", "keepdims", "select_last_index");
  }

  @Override
  public String notes() {
    return "";
  }

  @Override
  public void read(NodeContext node) {
    Attributes attributes = node.attributes();
    int axis = NodeContext.axis(attributes.integer("axis", 0), node.shape(0).rank());
    boolean keep = attributes.flag("keepdims", true);
    boolean last = attributes.flag("select_last_index", false);
    node.emitResult(new ArgMax(axis, keep, last), node.value(0));
  }
}
