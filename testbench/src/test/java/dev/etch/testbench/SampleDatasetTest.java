// SPDX-License-Identifier: Apache-2.0
package dev.etch.testbench;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.etch.diagnostic.DiagnosticCollector;
import dev.etch.graph.PartitionedModel;
import dev.etch.importer.onnx.OnnxImporter;
import dev.etch.optimize.StandardPasses;
import dev.etch.reference.BatchRunner;
import dev.etch.reference.Interpreter;
import dev.etch.tensor.FloatTensor;
import dev.etch.tensor.Tensor;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The reference against ONNX Runtime, with default session options, on all 10,000 test images of
 * Fashion-MNIST: every bit of every output, and the accuracy that the sample model's page states.
 */
class SampleDatasetTest {
  private static final Path FOLDER =
      Path.of(System.getProperty("etch.root"), "testbench", "models", "lenet5-fashion");
  private static final Path DATA = Path.of("/usr/share/datasets/fashion-mnist");
  private static final int BATCH = 500;

  @ParameterizedTest
  @CsvSource({"lenet5, pruned", "lenet5-dense, dense"})
  void referenceEqualsOnnxRuntime(String name, String entry) throws OrtException, IOException {
    Path images = required("t10k-images-idx3-ubyte.gz");
    IdxFile labels = IdxFile.read(required("t10k-labels-idx1-ubyte.gz"));
    Path file = FOLDER.resolve(name + ".onnx");
    PartitionedModel model =
        StandardPasses.prepare(
            OnnxImporter.read(file, new DiagnosticCollector()), new DiagnosticCollector());
    DatasetFrames frames = new DatasetFrames(images, model.before().inputs().get(0).type());
    List<float[]> outputs = reference(model, frames);
    int right = 0;
    try (OrtEnvironment environment = OrtEnvironment.getEnvironment();
        OrtSession.SessionOptions options = new OrtSession.SessionOptions();
        OrtSession session = environment.createSession(file.toString(), exact(options))) {
      for (int begin = 0; begin < outputs.size(); begin += BATCH) {
        float[][] expected = onnxRuntime(environment, session, frames, begin);
        for (int i = 0; i < BATCH; i++) {
          float[] actual = outputs.get(begin + i);
          assertArrayEquals(expected[i], actual, 0f, "image " + (begin + i));
          right += largest(actual) == labels.at(begin + i, 0) ? 1 : 0;
        }
      }
    }
    assertEquals(10_000, outputs.size());
    System.out.printf("%s: %d of %d images right%n", name, right, outputs.size());
    double stated =
        new ObjectMapper()
            .readTree(FOLDER.resolve("accuracy.json").toFile())
            .path(entry)
            .path("int8_accuracy")
            .asDouble();
    assertEquals(stated, right / 10_000.0, 1e-9);
  }

  private static List<float[]> reference(PartitionedModel model, DatasetFrames frames) {
    List<List<Tensor>> batch =
        new BatchRunner(new Interpreter(model.before()), 2)
            .run(frames.count(), i -> List.of(frames.frame(i)), done -> {});
    batch = new BatchRunner(new Interpreter(model.accelerator()), 2).run(batch, done -> {});
    batch = new BatchRunner(new Interpreter(model.after()), 2).run(batch, done -> {});
    return batch.stream().map(t -> ((FloatTensor) t.get(0)).data()).toList();
  }

  private static float[][] onnxRuntime(
      OrtEnvironment environment, OrtSession session, DatasetFrames frames, int begin)
      throws OrtException {
    FloatBuffer input = FloatBuffer.allocate(BATCH * 28 * 28);
    for (int i = 0; i < BATCH; i++) {
      input.put(((FloatTensor) frames.frame(begin + i)).data());
    }
    input.flip();
    try (OnnxTensor tensor =
            OnnxTensor.createTensor(environment, input, new long[] {BATCH, 1, 28, 28});
        OrtSession.Result result = session.run(Map.of("input", tensor))) {
      return (float[][]) result.get(0).getValue();
    }
  }

  /** Without VNNI, ONNX Runtime's sums would saturate; see docs/rationale/arithmetic.md. */
  private static OrtSession.SessionOptions exact(OrtSession.SessionOptions options)
      throws OrtException {
    options.addConfigEntry("session.x64quantprecision", "1");
    return options;
  }

  private static int largest(float[] scores) {
    int best = 0;
    for (int i = 1; i < scores.length; i++) {
      best = scores[i] > scores[best] ? i : best;
    }
    return best;
  }

  /** The data set is a Debian package that the launcher installs; where it cannot, we say so. */
  private static Path required(String name) {
    Path file = DATA.resolve(name);
    if (!Files.isRegularFile(file)) {
      String message = "install the Debian package dataset-fashion-mnist to run this test";
      if ("true".equals(System.getenv("CI"))) {
        Assertions.fail(message);
      }
      Assumptions.abort(message);
    }
    return file;
  }
}
