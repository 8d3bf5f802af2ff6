// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.tflite;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.etch.diagnostic.DiagnosticCollector;
import dev.etch.graph.Graph;
import dev.etch.importer.SharedModels;
import dev.etch.importer.TfliteKernels;
import dev.etch.reference.Interpreter;
import dev.etch.tensor.FloatTensor;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The float networks that MLPerf Tiny's int8 files were made from, beside the reference kernels of
 * TensorFlow Lite (ai-edge-litert 2.3.0, BUILTIN_REF): equal but for the order of float sums. The
 * inputs are those of the int8 files, as the real numbers that they stand for.
 *
 * <p>The keyword network is not among them: its weights are stored as int8, and TensorFlow Lite
 * rounds its activations as well.
 */
class FloatModelsTest {
  private static final float PART_OF_LARGEST = 1e-5f;

  @ParameterizedTest
  @CsvSource({"ad_autoencoder, 3", "ic_resnet8, 5", "vww_mobilenetv1, 2"})
  void outputsAreThoseOfTensorFlowLite(String model, int records) throws IOException {
    Path file = SharedModels.require("float/" + model + "_float.tflite");
    Graph graph = TfliteImporter.read(file, TfliteKernels.CURRENT, new DiagnosticCollector());
    Interpreter interpreter = new Interpreter(graph);
    int compared = 0;
    for (String line : lines()) {
      String[] fields = line.split(" ");
      if (fields[0].equals(model)) {
        float[] expected = numbers(fields);
        FloatTensor input =
            new FloatTensor(
                graph.inputs().get(0).type(),
                input(fields[1], Float.parseFloat(fields[2]), Integer.parseInt(fields[3])));
        float[] actual = ((FloatTensor) interpreter.run(List.of(input)).get(0)).data();
        assertArrayEquals(expected, actual, PART_OF_LARGEST * largest(expected), fields[1]);
        compared++;
      }
    }
    assertEquals(records, compared);
  }

  private static List<String> lines() throws IOException {
    try (InputStream in = FloatModelsTest.class.getResourceAsStream("float-outputs.txt")) {
      return new String(in.readAllBytes(), StandardCharsets.US_ASCII).lines().toList();
    }
  }

  private static float[] input(String name, float scale, int zeroPoint) throws IOException {
    byte[] stored =
        Files.readAllBytes(SharedModels.require("mlperf-tiny/inputs/" + name + ".int8"));
    float[] real = new float[stored.length];
    for (int i = 0; i < real.length; i++) {
      real[i] = (stored[i] - zeroPoint) * scale;
    }
    return real;
  }

  private static float[] numbers(String[] fields) {
    float[] numbers = new float[fields.length - 4];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = Float.parseFloat(fields[i + 4]);
    }
    return numbers;
  }

  private static float largest(float[] numbers) {
    float largest = 0;
    for (float number : numbers) {
      largest = Math.max(largest, Math.abs(number));
    }
    return largest;
  }
}
