// SPDX-License-Identifier: Apache-2.0
package dev.etch.testbench;

import dev.etch.lower.LoweredModel;
import dev.etch.lower.LoweredModel.Meaning;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.IntegerType;
import dev.etch.tensor.TensorType;
import java.util.Arrays;
import java.util.Objects;

/**
 * Tensors to AXI bytes and back: the order of the elements in the stream, and the layout of the
 * beats.
 *
 * @param input what the input stream carries
 * @param inputLayout its beats
 * @param output what the output stream carries
 * @param outputLayout its beats
 */
public record AcceleratorPorts(
    Meaning input, BeatLayout inputLayout, Meaning output, BeatLayout outputLayout) {
  public AcceleratorPorts {
    Objects.requireNonNull(input);
    Objects.requireNonNull(inputLayout);
    Objects.requireNonNull(output);
    Objects.requireNonNull(outputLayout);
  }

  /** The ports of a lowered model. */
  public static AcceleratorPorts of(LoweredModel model) {
    return new AcceleratorPorts(
        model.input(),
        BeatLayout.of(model.design().input()),
        model.output(),
        BeatLayout.of(model.design().output()));
  }

  /** Type of the tensor that goes in. */
  public TensorType inputType() {
    return input.value().type();
  }

  /** Type of the tensor that comes out. */
  public TensorType outputType() {
    return output.value().type();
  }

  /** Bytes of the input beats of a frame. */
  public byte[] pack(IntegerTensor frame) {
    if (!frame.type().equals(inputType())) {
      throw new IllegalArgumentException(
          "the accelerator takes " + inputType() + ", not " + frame.type());
    }
    return inputLayout.pack(input.order().toStream(frame.data()));
  }

  /** Bytes of the output beats that a tensor should give. */
  public byte[] packOutput(IntegerTensor expected) {
    return outputLayout.pack(output.order().toStream(expected.data()));
  }

  /**
   * Row-major output elements from the bytes of the output beats; not a tensor, because a faulty
   * design may give values outside of the type.
   */
  public int[] unpack(byte[] beats) {
    return output.order().toTensor(outputLayout.unpack(beats));
  }

  /** Row-major output elements with each brought into the element type's range. */
  int[] saturated(int[] elements) {
    IntegerType type = (IntegerType) outputType().element();
    return Arrays.stream(elements).map(v -> (int) type.saturate(v)).toArray();
  }
}
