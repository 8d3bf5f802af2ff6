// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import dev.etch.diagnostic.DiagnosticCollector;
import dev.etch.diagnostic.DiagnosticException;
import dev.etch.graph.Graph;
import dev.etch.importer.onnx.format.ModelProto;
import dev.etch.reference.Interpreter;
import dev.etch.reference.RawTensorFile;
import dev.etch.tensor.FloatTensor;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.IntegerType;
import dev.etch.tensor.Tensor;
import dev.etch.tensor.TensorType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A damaged model that is read all the same has the meaning that ONNX Runtime gives it, where ONNX
 * Runtime takes it, too. Runs each operator by itself: what is compared is the import.
 */
class MutatedModelEqualityTest {
  private static final int MUTATIONS = Integer.getInteger("etch.mutations", 150);
  private static final long SEED = Long.getLong("etch.seed", 20_261_121L);
  private static final int MOST_ELEMENTS = 1000;

  @TempDir private Path folder;

  private final Random random = new Random(SEED);

  @Test
  void sameMeaning() throws IOException {
    List<TestModel> models =
        List.of(
            SampleModels.convolution(),
            SampleModels.codebook(),
            SampleModels.quantizedConvolution());
    ModelMutator mutator = new ModelMutator(random);
    int compared = 0;
    for (int i = 0; i < MUTATIONS; i++) {
      byte[] model = models.get(random.nextInt(models.size())).build().toByteArray();
      ModelMutator.Mutant mutant = mutator.mutate(model);
      compared += compare(mutant, "mutation " + i + " of seed " + SEED + ": " + mutant.what());
    }
    System.out.println("mutated models compared with ONNX Runtime: " + compared + ", seed " + SEED);
    assertTrue(compared >= MUTATIONS / 20, "only " + compared);
  }

  /** 1 if both sides ran. */
  private int compare(ModelMutator.Mutant mutant, String what) throws IOException {
    try {
      Path file = Files.write(folder.resolve("model.onnx"), mutant.bytes());
      Graph graph = OnnxImporter.read(file, new DiagnosticCollector());
      TensorType type = graph.inputs().get(0).type();
      if (graph.inputs().size() > 1 || type.shape().elements() > MOST_ELEMENTS) {
        return 0;
      }
      Tensor x = randomTensor(type);
      Tensor ours = new Interpreter(graph).run(List.of(x)).get(0);
      assertSame(ours, mutant.bytes(), x, what);
      return 1;
    } catch (DiagnosticException | OrtException e) {
      // Refused by one of the two: nothing to compare.
      return 0;
    }
  }

  private Tensor randomTensor(TensorType type) {
    int elements = type.shape().elements();
    if (type.element() instanceof IntegerType integer) {
      int low = (int) Math.max(integer.minimum(), -1000);
      int high = (int) Math.min(integer.maximum(), 1000);
      return new IntegerTensor(type, random.ints(elements, low, high + 1).toArray());
    }
    float[] data = new float[elements];
    for (int i = 0; i < elements; i++) {
      data[i] = (float) random.nextGaussian();
    }
    return FloatTensor.of(type.shape(), data);
  }

  private static void assertSame(Tensor ours, byte[] model, Tensor x, String what)
      throws OrtException, IOException {
    ModelProto.Builder proto = ModelProto.parseFrom(model).toBuilder();
    // The small models declare outputs of no particular type; ONNX Runtime infers it.
    proto.getGraphBuilder().getOutputBuilderList().forEach(o -> o.clearType());
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(1);
      options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
      options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.NO_OPT);
      try (OrtSession session = environment.createSession(proto.build().toByteArray(), options);
          OnnxTensor input = onnx(environment, x);
          OrtSession.Result result =
              session.run(Map.of(session.getInputNames().iterator().next(), input))) {
        OnnxTensor theirs = (OnnxTensor) result.get(0);
        assertEquals(
            Arrays.toString(ours.shape().toArray()),
            Arrays.toString(theirs.getInfo().getShape()),
            what);
        assertValues(ours, theirs.getByteBuffer().order(ByteOrder.nativeOrder()), what);
      }
    }
  }

  private static OnnxTensor onnx(OrtEnvironment environment, Tensor x) throws OrtException {
    byte[] bytes = RawTensorFile.encode(x);
    ByteBuffer buffer = ByteBuffer.allocateDirect(bytes.length).order(ByteOrder.nativeOrder());
    buffer.put(bytes).flip();
    long[] shape = Arrays.stream(x.shape().toArray()).asLongStream().toArray();
    OnnxJavaType type =
        OnnxJavaType.valueOf(
            x instanceof FloatTensor
                ? "FLOAT"
                : x.type().element().toString().toUpperCase(java.util.Locale.ROOT));
    return OnnxTensor.createTensor(environment, buffer, shape, type);
  }

  private static void assertValues(Tensor ours, ByteBuffer theirs, String what) {
    if (ours instanceof FloatTensor floats) {
      for (int i = 0; i < floats.data().length; i++) {
        float expected = theirs.getFloat(4 * i);
        float tolerance = 1e-4f + 1e-3f * Math.abs(expected);
        boolean same = Float.compare(expected, floats.data()[i]) == 0;
        assertTrue(same || Math.abs(expected - floats.data()[i]) <= tolerance, what);
      }
      return;
    }
    byte[] expected = new byte[theirs.remaining()];
    theirs.get(expected);
    assertEquals(Arrays.toString(expected), Arrays.toString(RawTensorFile.encode(ours)), what);
  }
}
