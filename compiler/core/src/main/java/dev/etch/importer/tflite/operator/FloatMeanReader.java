// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.tflite.operator;

import dev.etch.importer.Refusal;
import dev.etch.op.Layout;
import dev.etch.op.ReduceMean2d;
import dev.etch.op.Reshape;
import dev.etch.tensor.Shape;
import java.util.List;

/** MEAN of floats over height and width. */
final class FloatMeanReader implements OperatorReader {
  private static final int AXES = 1;

  @Override
  public String notes() {
    return "over height and width";
  }

  @Override
  public void read(OperatorContext node) {
    node.operands(2, 2);
    Shape input = node.operand(0).shape();
    List<Integer> axes = node.numbers(AXES).stream().sorted().toList();
    if (input.rank() != 4 || !axes.equals(List.of(1, 2))) {
      throw new Refusal("a mean of floats over axes " + axes, "average over height and width");
    }
    ReduceMean2d mean = new ReduceMean2d(Layout.NHWC);
    Shape result = node.result(0).shape();
    if (result.rank() == 4) {
      node.finish(mean, node.value(0));
    } else {
      node.finish(new Reshape(result.dimensions()), node.emit("mean", mean, node.value(0)));
    }
  }
}
