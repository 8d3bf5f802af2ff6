// SPDX-License-Identifier: Apache-2.0
package dev.etch.reference;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import dev.etch.tensor.ElementType;
import dev.etch.tensor.FloatTensor;
import dev.etch.tensor.FloatType;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.IntegerType;
import dev.etch.tensor.Shape;
import dev.etch.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Runs a model in ONNX Runtime, on one thread. */
public final class OnnxRuntime {
  private static final Map<ElementType, OnnxJavaType> TYPES =
      Map.of(
          FloatType.FLOAT32, OnnxJavaType.FLOAT,
          IntegerType.UINT8, OnnxJavaType.UINT8,
          IntegerType.INT8, OnnxJavaType.INT8,
          IntegerType.INT32, OnnxJavaType.INT32);

  private OnnxRuntime() {}

  /** The first output for named inputs, fused as docs/rationale/arithmetic.md defines. */
  static Tensor run(OnnxModel model, Map<String, Tensor> inputs) {
    return run(model, inputs, OrtSession.SessionOptions.OptLevel.ALL_OPT, true);
  }

  /** The first output of a model file, likewise. */
  public static Tensor run(byte[] model, Map<String, Tensor> inputs) {
    return run(model, inputs, OrtSession.SessionOptions.OptLevel.ALL_OPT, true);
  }

  /** The first output as a session with default options computes it on this processor. */
  static Tensor runWithDefaults(OnnxModel model, Map<String, Tensor> inputs) {
    return run(model, inputs, OrtSession.SessionOptions.OptLevel.ALL_OPT, false);
  }

  /** The first output, with every operator run by itself. */
  static Tensor runUnfused(OnnxModel model, Map<String, Tensor> inputs) {
    return run(model, inputs, OrtSession.SessionOptions.OptLevel.NO_OPT, true);
  }

  /** Whether uint8 by int8 products saturate on this processor, as they do without VNNI. */
  static boolean saturates() {
    IntegerTensor x = IntegerTensor.of(IntegerType.UINT8, Shape.of(1, 2), 255, 255);
    IntegerTensor w = IntegerTensor.of(IntegerType.INT8, Shape.of(2, 1), 127, 127);
    OnnxModel model =
        new OnnxModel()
            .input("x", x.type())
            .output("y", IntegerType.INT32)
            .constant("w", w)
            .node("", "MatMulInteger", List.of("x", "w"), "y");
    return ((IntegerTensor) run(model, Map.of("x", x))).data()[0] != 2 * 255 * 127;
  }

  /**
   * Whether this processor runs the softmax kernel of AVX-512, whose exponentials reach below the
   * least normal number; that of AVX2 gives zeros there.
   */
  static boolean hasWideSoftmax() {
    FloatTensor x = FloatTensor.of(Shape.of(1, 2), 0f, -90f);
    OnnxModel model =
        new OnnxModel()
            .input("x", x.type())
            .output("y", FloatType.FLOAT32)
            .node("", "Softmax", List.of("x"), "y", "axis", 1);
    return ((FloatTensor) run(model, Map.of("x", x))).data()[1] > 0;
  }

  private static Tensor run(
      OnnxModel model,
      Map<String, Tensor> inputs,
      OrtSession.SessionOptions.OptLevel level,
      boolean int8Allowed) {
    return run(model.build(), inputs, level, int8Allowed);
  }

  private static Tensor run(
      byte[] model,
      Map<String, Tensor> inputs,
      OrtSession.SessionOptions.OptLevel level,
      boolean int8Allowed) {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(1);
      options.setOptimizationLevel(level);
      options.addConfigEntry("session.qdqisint8allowed", int8Allowed ? "1" : "0");
      options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR);
      try (OrtSession session = environment.createSession(model, options)) {
        Map<String, OnnxTensor> feeds = new HashMap<>();
        for (Map.Entry<String, Tensor> input : inputs.entrySet()) {
          feeds.put(input.getKey(), toOnnx(environment, input.getValue()));
        }
        try (OrtSession.Result result = session.run(feeds)) {
          return fromOnnx((OnnxTensor) result.get(0));
        }
      }
    } catch (OrtException e) {
      throw new AssertionError("ONNX Runtime refuses the test's model", e);
    }
  }

  private static OnnxTensor toOnnx(OrtEnvironment environment, Tensor tensor) throws OrtException {
    byte[] bytes = RawTensorFile.encode(tensor);
    ByteBuffer buffer = ByteBuffer.allocateDirect(bytes.length).order(ByteOrder.nativeOrder());
    buffer.put(bytes).flip();
    long[] shape = Arrays.stream(tensor.shape().toArray()).asLongStream().toArray();
    return OnnxTensor.createTensor(environment, buffer, shape, TYPES.get(tensor.type().element()));
  }

  private static Tensor fromOnnx(OnnxTensor tensor) {
    int[] extents = Arrays.stream(tensor.getInfo().getShape()).mapToInt(d -> (int) d).toArray();
    Shape shape = Shape.of(extents);
    ByteBuffer buffer = tensor.getByteBuffer().order(ByteOrder.nativeOrder());
    int elements = shape.elements();
    if (tensor.getInfo().type == OnnxJavaType.FLOAT) {
      float[] data = new float[elements];
      buffer.asFloatBuffer().get(data);
      return FloatTensor.of(shape, data);
    }
    int[] data = new int[elements];
    switch (tensor.getInfo().type) {
      case INT32 -> buffer.asIntBuffer().get(data);
      case INT8 -> Arrays.setAll(data, i -> buffer.get(i));
      case UINT8 -> Arrays.setAll(data, i -> Byte.toUnsignedInt(buffer.get(i)));
      default -> throw new AssertionError("unexpected type " + tensor.getInfo());
    }
    return IntegerTensor.of(elementType(tensor.getInfo().type), shape, data);
  }

  private static ElementType elementType(OnnxJavaType type) {
    return TYPES.entrySet().stream()
        .filter(e -> e.getValue() == type)
        .findFirst()
        .orElseThrow()
        .getKey();
  }
}
