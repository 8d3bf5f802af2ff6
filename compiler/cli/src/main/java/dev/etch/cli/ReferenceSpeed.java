// SPDX-License-Identifier: Apache-2.0
package dev.etch.cli;

import dev.etch.tensor.FloatTensor;
import dev.etch.tensor.Tensor;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/**
 * Images a second of the reference and of ONNX Runtime, side by side: the same images, model input
 * to model output, at an equal number of threads, in turns; the best round of each counts, so that
 * neither the JIT's warm-up nor another process decides.
 */
final class ReferenceSpeed {
  private static final int IMAGES = 100;
  private static final int LEAST_ROUNDS = 3;

  /**
   * Rounds go on until none has been faster for so long: the JIT takes a while, longer under load.
   */
  private static final double PATIENCE_SECONDS = 4;

  private static final double MOST_SECONDS = 20;
  private static final double FASTER = 1.01;

  private ReferenceSpeed() {}

  /**
   * What was measured.
   *
   * @param threads of either
   * @param imagesPerSecond of the reference
   * @param onnxRuntime images a second, or null
   * @param remark why there is no number for ONNX Runtime, or empty
   */
  record Result(int threads, double imagesPerSecond, Double onnxRuntime, String remark) {}

  /** Runs one image. */
  private interface Runner {
    void run(Tensor image) throws OnnxRuntimeModel.Refused;
  }

  /** Measures a model; {@code hosted} is the same model. */
  static Result measure(Path model, HostedModel hosted, int threads) {
    List<Tensor> images = IntStream.range(0, IMAGES).mapToObj(hosted::randomInput).toList();
    String obstacle = obstacle(model, images.get(0));
    if (!obstacle.isEmpty()) {
      double[] best = rounds(images, threads, hosted::run, image -> {}, 1);
      return new Result(threads, best[0], null, obstacle);
    }
    try (OnnxRuntimeModel theirs = OnnxRuntimeModel.load(model, threads)) {
      double[] best =
          rounds(images, threads, hosted::run, image -> theirs.run((FloatTensor) image), 2);
      return new Result(threads, best[0], best[1], "");
    } catch (OnnxRuntimeModel.Refused e) {
      double[] best = rounds(images, threads, hosted::run, image -> {}, 1);
      return new Result(threads, best[0], null, "ONNX Runtime refuses it: " + e.getMessage());
    }
  }

  private static String obstacle(Path model, Tensor image) {
    if (!model.toString().endsWith(".onnx")) {
      return "not an ONNX model";
    }
    if (!OnnxRuntimeInstallation.isPresent()) {
      return "ONNX Runtime is not installed";
    }
    return image instanceof FloatTensor ? "" : "its input is not float32";
  }

  private static double[] rounds(
      List<Tensor> images, int threads, Runner ours, Runner theirs, int runners) {
    double[] best = new double[runners];
    long start = System.nanoTime();
    long improved = start;
    for (int round = 0; round < LEAST_ROUNDS || isWorthwhile(start, improved); round++) {
      double before = best[0];
      best[0] = Math.max(before, speed(images, threads, ours));
      if (best[0] > before * FASTER) {
        improved = System.nanoTime();
      }
      if (runners == 2) {
        // ONNX Runtime spreads one image over its threads, so that one thread feeds it.
        best[1] = Math.max(best[1], speed(images, 1, theirs));
      }
    }
    return best;
  }

  private static boolean isWorthwhile(long start, long improved) {
    long now = System.nanoTime();
    return now - improved < PATIENCE_SECONDS * 1e9 && now - start < MOST_SECONDS * 1e9;
  }

  private static double speed(List<Tensor> images, int threads, Runner runner) {
    AtomicInteger next = new AtomicInteger();
    Runnable work =
        () -> {
          for (int i = next.getAndIncrement(); i < images.size(); i = next.getAndIncrement()) {
            run(runner, images.get(i));
          }
        };
    List<Thread> helpers = IntStream.range(1, threads).mapToObj(i -> new Thread(work)).toList();
    long start = System.nanoTime();
    helpers.forEach(Thread::start);
    work.run();
    helpers.forEach(ReferenceSpeed::join);
    return images.size() * 1e9 / (System.nanoTime() - start);
  }

  private static void run(Runner runner, Tensor image) {
    try {
      runner.run(image);
    } catch (OnnxRuntimeModel.Refused e) {
      throw new IllegalStateException("ONNX Runtime failed on an image", e);
    }
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while frames ran", e);
    }
  }
}
