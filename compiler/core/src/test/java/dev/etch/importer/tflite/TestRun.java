// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.tflite;

import dev.etch.diagnostic.DiagnosticCollector;
import dev.etch.graph.Graph;
import dev.etch.importer.TfliteKernels;
import dev.etch.reference.Interpreter;
import dev.etch.tensor.FloatTensor;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.Tensor;
import dev.etch.tensor.TensorType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Imports a test model and runs it. */
final class TestRun {
  private TestRun() {}

  /** As the current kernels compute it. */
  static Graph read(byte[] model) {
    return read(model, TfliteKernels.CURRENT);
  }

  static Graph read(byte[] model, TfliteKernels kernels) {
    try {
      Path file = Files.createTempFile("etch-test", ".tflite");
      try {
        Files.write(file, model);
        return TfliteImporter.read(file, kernels, new DiagnosticCollector());
      } finally {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The first result for integer inputs. */
  static int[] integers(byte[] model, int[]... inputs) {
    return ((IntegerTensor) all(model, inputs).get(0)).data();
  }

  static List<Tensor> all(byte[] model, int[]... inputs) {
    Graph graph = read(model);
    List<Tensor> tensors = new ArrayList<>();
    for (int i = 0; i < inputs.length; i++) {
      tensors.add(new IntegerTensor(graph.inputs().get(i).type(), inputs[i]));
    }
    return new Interpreter(graph).run(tensors);
  }

  /** The first result for a float input. */
  static Tensor floats(byte[] model, float... input) {
    Graph graph = read(model);
    TensorType type = graph.inputs().get(0).type();
    return new Interpreter(graph).run(List.of(new FloatTensor(type, input))).get(0);
  }
}
