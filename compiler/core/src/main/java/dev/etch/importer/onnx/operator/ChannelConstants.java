// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.onnx.operator;

import dev.etch.importer.Refusal;
import dev.etch.tensor.FloatTensor;
import dev.etch.tensor.Shape;
import java.util.Optional;

/**
 * A constant that broadcasts against a tensor and differs along one axis of it at most.
 *
 * @param values one for the tensor or one a channel
 * @param axis of the tensor; 0 if there is one value
 */
@SuppressWarnings("ArrayRecordComponent") // compared nowhere
record ChannelConstants(float[] values, int axis) {

  /**
   * The constant operand {@code input} against a tensor of {@code shape}.
   *
   * @throws Refusal if it is not constant, or differs along two axes, or makes the tensor larger
   */
  static ChannelConstants of(NodeContext node, int input, String role, Shape shape) {
    FloatTensor constant = node.numbers(input, role);
    Optional<Integer> axis = axis(constant.shape(), shape);
    if (axis.isEmpty()) {
      throw new Refusal(
          role + " of shape " + constant.shape() + " for a tensor of shape " + shape,
          "one number for the tensor, or one for each channel of one axis");
    }
    boolean alike = constant.data().length > 0;
    for (float value : constant.data()) {
      alike &= value == constant.data()[0];
    }
    return alike
        ? new ChannelConstants(new float[] {constant.data()[0]}, 0)
        : new ChannelConstants(constant.data(), axis.get());
  }

  private static Optional<Integer> axis(Shape constant, Shape shape) {
    int missing = shape.rank() - constant.rank();
    Optional<Integer> axis = Optional.of(0);
    int found = 0;
    for (int i = 0; i < constant.rank(); i++) {
      int extent = constant.dimension(i);
      if (extent != 1) {
        if (i + missing < 0 || shape.dimension(i + missing) != extent) {
          return Optional.empty();
        }
        axis = Optional.of(i + missing);
        found++;
      }
    }
    return found > 1 || missing < 0 ? Optional.empty() : axis;
  }

  int size() {
    return values.length;
  }

  float of(int channel) {
    return values[values.length == 1 ? 0 : channel];
  }

  /** Whether both may be meant along one axis. */
  boolean agreesWith(ChannelConstants other) {
    return size() == 1 || other.size() == 1 || axis == other.axis;
  }
}
