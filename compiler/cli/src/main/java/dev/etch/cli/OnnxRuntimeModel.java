// SPDX-License-Identifier: Apache-2.0
package dev.etch.cli;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import dev.etch.tensor.FloatTensor;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;

/**
 * A model with one float input in ONNX Runtime, with its default options but for the number of
 * threads. ONNX Runtime is optional: ask {@link #isInstalled} before anything else.
 */
final class OnnxRuntimeModel implements AutoCloseable {
  private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
  private final OrtSession session;
  private final String input;

  /** Loads a model to run on so many threads. */
  OnnxRuntimeModel(Path model, int threads) throws OrtException {
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(threads);
      options.setInterOpNumThreads(1);
      options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR);
      session = environment.createSession(model.toString(), options);
    }
    input = session.getInputNames().iterator().next();
  }

  /** Whether its classes are on the class path; the launcher puts them there for the benchmark. */
  static boolean isInstalled() {
    try {
      Class.forName(
          "ai.onnxruntime.OrtEnvironment", false, OnnxRuntimeModel.class.getClassLoader());
      return true;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }

  /** Runs a frame and fetches the results. */
  void run(FloatTensor frame) throws OrtException {
    long[] shape = Arrays.stream(frame.shape().toArray()).asLongStream().toArray();
    try (OnnxTensor tensor =
            OnnxTensor.createTensor(environment, FloatBuffer.wrap(frame.data()), shape);
        OrtSession.Result result = session.run(Map.of(input, tensor))) {
      result.get(0).getValue();
    }
  }

  @Override
  public void close() throws OrtException {
    session.close();
  }
}
