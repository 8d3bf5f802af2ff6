// SPDX-License-Identifier: Apache-2.0
package dev.etch.testbench;

import dev.etch.lower.LoweredModel;
import dev.etch.lower.LoweredModel.Meaning;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.IntegerType;
import dev.etch.tensor.TensorType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * Tensors to AXI bytes and back: the order of the elements in the stream, and the layout of the
 * beats.
 *
 * @param input what the input stream carries
 * @param inputLayout its beats
 * @param outputs the output streams
 */
public record AcceleratorPorts(Meaning input, BeatLayout inputLayout, List<Output> outputs) {
  public AcceleratorPorts {
    Objects.requireNonNull(input);
    Objects.requireNonNull(inputLayout);
    outputs = List.copyOf(outputs);
  }

  /**
   * One output stream.
   *
   * @param meaning what it carries
   * @param layout its beats
   */
  public record Output(Meaning meaning, BeatLayout layout) {
    public Output {
      Objects.requireNonNull(meaning);
      Objects.requireNonNull(layout);
    }

    /** Type of the tensor that comes out. */
    public TensorType type() {
      return meaning.value().type();
    }

    /** Bytes of the beats that a tensor should give. */
    public byte[] pack(IntegerTensor expected) {
      return layout.pack(meaning.order().toStream(expected.data()));
    }

    /**
     * Row-major elements from the bytes of the beats; not a tensor, because a faulty design may
     * give values outside of the type.
     */
    public int[] unpack(byte[] beats) {
      return meaning.order().toTensor(layout.unpack(beats));
    }

    /** A tensor of row-major elements, each brought into the element type's range. */
    IntegerTensor saturated(int[] elements) {
      IntegerType element = (IntegerType) type().element();
      return new IntegerTensor(
          type(), Arrays.stream(elements).map(v -> (int) element.saturate(v)).toArray());
    }
  }

  /** The ports of a lowered model. */
  public static AcceleratorPorts of(LoweredModel model) {
    List<Output> outputs = new ArrayList<>();
    for (int output = 0; output < model.outputs().size(); output++) {
      BeatLayout layout = BeatLayout.of(model.design().outputs().get(output).stream());
      outputs.add(new Output(model.outputs().get(output), layout));
    }
    return new AcceleratorPorts(model.input(), BeatLayout.of(model.design().input()), outputs);
  }

  /** Type of the tensor that goes in. */
  public TensorType inputType() {
    return input.value().type();
  }

  /** Beats of a frame of each output. */
  public List<Integer> outputBeats() {
    return outputs.stream().map(output -> output.layout().beatsPerFrame()).toList();
  }

  /** Beats of so many frames of each output. */
  List<Long> outputBeats(long frames) {
    return outputs.stream().map(output -> frames * output.layout().beatsPerFrame()).toList();
  }

  /** Bytes of the input beats of a frame. */
  public byte[] pack(IntegerTensor frame) {
    if (!frame.type().equals(inputType())) {
      throw new IllegalArgumentException(
          "the accelerator takes " + inputType() + ", not " + frame.type());
    }
    return inputLayout.pack(input.order().toStream(frame.data()));
  }

  /** Bytes of the beats of each output that tensors should give. */
  public List<byte[]> packOutputs(List<IntegerTensor> expected) {
    List<byte[]> packed = new ArrayList<>();
    for (int output = 0; output < outputs.size(); output++) {
      packed.add(outputs.get(output).pack(expected.get(output)));
    }
    return packed;
  }

  /** Row-major elements of each output, from the bytes of its beats. */
  public List<int[]> unpack(List<byte[]> beats) {
    List<int[]> unpacked = new ArrayList<>();
    for (int output = 0; output < outputs.size(); output++) {
      unpacked.add(outputs.get(output).unpack(beats.get(output)));
    }
    return unpacked;
  }

  /** Tensors of row-major elements, each brought into its type's range. */
  List<IntegerTensor> saturated(List<int[]> elements) {
    List<IntegerTensor> tensors = new ArrayList<>();
    for (int output = 0; output < outputs.size(); output++) {
      tensors.add(outputs.get(output).saturated(elements.get(output)));
    }
    return tensors;
  }
}
