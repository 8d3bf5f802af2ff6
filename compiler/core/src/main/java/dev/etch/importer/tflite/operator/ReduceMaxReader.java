// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.tflite.operator;

import dev.etch.graph.Value;
import dev.etch.op.Layout;
import dev.etch.op.MaxPool2d;
import dev.etch.op.Reshape;

/** REDUCE_MAX over any axes, which are brought together first: a maximum over whole maps. */
final class ReduceMaxReader implements OperatorReader {
  @Override
  public String notes() {
    return "any axes";
  }

  @Override
  public void read(OperatorContext node) {
    Quantizations.requireEqual(node, 0);
    ReducedMaps reduced = ReducedMaps.of(node);
    Value maximum =
        node.emit("maximum", new MaxPool2d(reduced.window(), Layout.NHWC), reduced.maps());
    node.finish(new Reshape(node.result(0).shape().dimensions()), maximum);
  }
}
