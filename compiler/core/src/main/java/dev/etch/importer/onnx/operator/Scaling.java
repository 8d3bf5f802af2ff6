// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.onnx.operator;

import dev.etch.graph.Value;
import dev.etch.importer.Refusal;
import dev.etch.op.BatchNormalization;
import dev.etch.tensor.FloatTensor;
import dev.etch.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** Multiplication with a constant, per tensor or per channel, as a batch normalization. */
final class Scaling {
  private static final int CHANNEL_AXIS = 1;
  private static final int MOST_CHANNELS = 1 << 20;

  private Scaling() {}

  /**
   * Gives {@code x * factor}: {@code (x - 0) / sqrt(1 + 0) * factor + 0} is exactly that.
   *
   * @param x operand of rank 2 or more, channels on axis 1
   * @param factor broadcasts to one number a channel
   */
  static void result(NodeContext node, int x, FloatTensor factor) {
    Shape shape = node.shape(x);
    if (shape.rank() < 2 || !node.operand(x).type().isFloat()) {
      throw new Refusal("operand has type " + node.operand(x).type(), "float32, rank 2 or more");
    }
    int channels = shape.dimension(CHANNEL_AXIS);
    if (channels > MOST_CHANNELS) {
      throw new Refusal(channels + " channels", "at most " + MOST_CHANNELS + " are supported");
    }
    List<Integer> wanted = new ArrayList<>(Collections.nCopies(shape.rank(), 1));
    wanted.set(CHANNEL_AXIS, channels);
    FloatTensor scale =
        ConstantForms.broadcast(factor, new Shape(wanted)).reshape(Shape.of(channels));
    float[] ones = new float[channels];
    Arrays.fill(ones, 1);
    Value zero = node.constant("zero", FloatTensor.of(Shape.of(channels), new float[channels]));
    Value one = node.constant("one", FloatTensor.of(Shape.of(channels), ones));
    node.emitResult(
        new BatchNormalization(0, CHANNEL_AXIS),
        node.value(x),
        node.constant("factor", scale),
        zero,
        zero,
        one);
  }
}
