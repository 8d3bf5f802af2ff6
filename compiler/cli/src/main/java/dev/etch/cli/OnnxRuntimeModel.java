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
 * threads. ONNX Runtime is optional: ask {@link OnnxRuntimeInstallation} before this class is
 * loaded. Its exceptions stay in here, so that classes that only mention this one load without it.
 */
final class OnnxRuntimeModel implements AutoCloseable {
  private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
  private final OrtSession session;
  private final String input;

  /** ONNX Runtime does not take a model or an image. */
  static final class Refused extends Exception {
    private static final long serialVersionUID = 1;

    Refused(String message) {
      super(message);
    }
  }

  private OnnxRuntimeModel(Path model, int threads) throws OrtException {
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(threads);
      options.setInterOpNumThreads(1);
      options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR);
      session = environment.createSession(model.toString(), options);
    }
    input = session.getInputNames().iterator().next();
  }

  /** Loads a model to run on so many threads. */
  static OnnxRuntimeModel load(Path model, int threads) throws Refused {
    try {
      return new OnnxRuntimeModel(model, threads);
    } catch (OrtException e) {
      throw new Refused(e.getMessage());
    }
  }

  /** Runs a frame and fetches the results. */
  void run(FloatTensor frame) throws Refused {
    try {
      fetch(frame);
    } catch (OrtException e) {
      throw new Refused(e.getMessage());
    }
  }

  private void fetch(FloatTensor frame) throws OrtException {
    long[] shape = Arrays.stream(frame.shape().toArray()).asLongStream().toArray();
    try (OnnxTensor tensor =
            OnnxTensor.createTensor(environment, FloatBuffer.wrap(frame.data()), shape);
        OrtSession.Result result = session.run(Map.of(input, tensor))) {
      result.get(0).getValue();
    }
  }

  @Override
  public void close() throws Refused {
    try {
      session.close();
    } catch (OrtException e) {
      throw new Refused(e.getMessage());
    }
  }
}
