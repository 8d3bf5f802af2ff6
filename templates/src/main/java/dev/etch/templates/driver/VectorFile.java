// SPDX-License-Identifier: Apache-2.0
package dev.etch.templates.driver;

import dev.etch.tensor.FloatTensor;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.Tensor;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/** Binary resources of a driver: 32-bit big-endian numbers, which Java's DataInputStream reads. */
final class VectorFile {
  private VectorFile() {}

  /** A count, then for each vector its tensors one after another. */
  static byte[] bytes(List<ReferenceVector> vectors) {
    return collect(
        out -> {
          out.writeInt(vectors.size());
          for (ReferenceVector vector : vectors) {
            write(out, vector.modelInput());
            write(out, vector.acceleratorInput());
            for (Tensor output : vector.acceleratorOutputs()) {
              write(out, output);
            }
            for (Tensor output : vector.modelOutputs()) {
              write(out, output);
            }
          }
        });
  }

  /** The numbers one after another. */
  static byte[] bytes(int[] numbers) {
    return collect(
        out -> {
          for (int number : numbers) {
            out.writeInt(number);
          }
        });
  }

  private static void write(DataOutputStream out, Tensor tensor) throws IOException {
    if (tensor instanceof FloatTensor floats) {
      for (float value : floats.data()) {
        out.writeFloat(value);
      }
    } else {
      for (int value : ((IntegerTensor) tensor).data()) {
        out.writeInt(value);
      }
    }
  }

  private interface Writer {
    void write(DataOutputStream out) throws IOException;
  }

  private static byte[] collect(Writer writer) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      writer.write(new DataOutputStream(bytes));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }
}
