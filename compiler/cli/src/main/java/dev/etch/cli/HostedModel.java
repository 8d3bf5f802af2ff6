// SPDX-License-Identifier: Apache-2.0
package dev.etch.cli;

import dev.etch.graph.Node;
import dev.etch.graph.PartitionedModel;
import dev.etch.graph.Value;
import dev.etch.op.Quantization;
import dev.etch.op.Quantize;
import dev.etch.reference.Interpreter;
import dev.etch.reference.SequenceStates;
import dev.etch.tensor.FloatTensor;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.IntegerType;
import dev.etch.tensor.Tensor;
import dev.etch.tensor.TensorType;
import java.util.List;
import java.util.SplittableRandom;

/** A model with its host parts: what a user gives and gets, around what the accelerator does. */
final class HostedModel {
  private final PartitionedModel model;
  private final Interpreter before;
  private final Interpreter accelerator;
  private final Interpreter after;

  HostedModel(PartitionedModel model) {
    this.model = model;
    this.before = new Interpreter(model.before());
    this.accelerator = new Interpreter(model.accelerator());
    this.after = new Interpreter(model.after());
  }

  /** What a user gives. */
  TensorType inputType() {
    return model.before().inputs().get(0).type();
  }

  /** What a user gets, in the model's order. */
  List<Value> outputs() {
    return model.after().outputs();
  }

  /** What the accelerator takes. */
  TensorType acceleratorInputType() {
    return model.accelerator().inputs().get(0).type();
  }

  /** A random frame that covers the quantized range; the same for the same seed. */
  Tensor randomInput(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    TensorType type = inputType();
    if (type.element() instanceof IntegerType) {
      return Frames.random(1, seed, type).frame().apply(0);
    }
    float[] data = new float[type.shape().elements()];
    float[] range = inputRange();
    for (int i = 0; i < data.length; i++) {
      data[i] = (float) random.nextDouble(range[0], range[1]);
    }
    return new FloatTensor(type, data);
  }

  /** Smallest and largest real input that does not saturate; 0 to 1 if nothing is quantized. */
  private float[] inputRange() {
    return model.before().nodes().stream()
        .map(Node::op)
        .filter(Quantize.class::isInstance)
        .map(op -> ((Quantize) op).quantization())
        .findFirst()
        .map(HostedModel::realRange)
        .orElse(new float[] {0, 1});
  }

  private static float[] realRange(Quantization quantization) {
    float scale = quantization.scale(0);
    int zeroPoint = quantization.zeroPoint(0);
    return new float[] {
      (quantization.type().minimum() - zeroPoint) * scale,
      (quantization.type().maximum() - zeroPoint) * scale
    };
  }

  IntegerTensor toAccelerator(Tensor frame) {
    return (IntegerTensor) before.run(List.of(frame)).get(0);
  }

  List<IntegerTensor> accelerate(IntegerTensor frame) {
    return accelerator.run(List.of(frame)).stream().map(IntegerTensor.class::cast).toList();
  }

  List<Tensor> fromAccelerator(List<IntegerTensor> outputs) {
    return after.run(List.copyOf(outputs));
  }

  /** All three parts, for a frame that is a whole sequence. */
  List<Tensor> run(Tensor frame) {
    return run(frame, new SequenceStates());
  }

  /** All three parts, for a frame of a sequence whose {@code states} go on. */
  List<Tensor> run(Tensor frame, SequenceStates states) {
    return after.run(accelerator.run(List.of(toAccelerator(frame)), states));
  }

  /** Whether a frame's outputs depend on the frames before it. */
  boolean isRecurrent() {
    return accelerator.isRecurrent();
  }
}
