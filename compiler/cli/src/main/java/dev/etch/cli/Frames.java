// SPDX-License-Identifier: Apache-2.0
package dev.etch.cli;

import dev.etch.diagnostic.DiagnosticException;
import dev.etch.diagnostic.Location;
import dev.etch.reference.RawTensorFile;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.IntegerType;
import dev.etch.tensor.Tensor;
import dev.etch.tensor.TensorType;
import dev.etch.testbench.DatasetFrames;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntFunction;

/**
 * Frames to verify with, as the accelerator takes them.
 *
 * @param count how many
 * @param frame makes frame i, the same one each time; safe to call from several threads
 */
record Frames(int count, IntFunction<IntegerTensor> frame) {

  /** Every element uniformly random over its type; frame i depends on seed and i only. */
  static Frames random(int count, long seed, TensorType type) {
    IntegerType element = (IntegerType) type.element();
    return new Frames(
        count,
        i -> {
          SplittableRandom random = new SplittableRandom(seed * 0x9E3779B97F4A7C15L + i);
          int[] data = new int[type.shape().elements()];
          for (int k = 0; k < data.length; k++) {
            data[k] = (int) random.nextLong(element.minimum(), element.maximum() + 1);
          }
          return new IntegerTensor(type, data);
        });
  }

  /** Frames of a raw file in the model's own element type and layout. */
  static Frames file(Path file, HostedModel model) {
    List<Tensor> frames = RawTensorFile.read(file, model.inputType());
    if (frames.isEmpty()) {
      throw new DiagnosticException(
          Location.file(file.toString()), "holds no frame", "a frame is " + model.inputType());
    }
    return new Frames(frames.size(), i -> model.toAccelerator(frames.get(i)));
  }

  /** Images of a data set. */
  static Frames dataset(Path images, HostedModel model) {
    DatasetFrames frames = new DatasetFrames(images, model.inputType());
    return new Frames(frames.count(), i -> model.toAccelerator(frames.frame(i)));
  }

  /** Only the first {@code most} frames. */
  Frames atMost(int most) {
    return new Frames(Math.min(count, most), frame);
  }
}
