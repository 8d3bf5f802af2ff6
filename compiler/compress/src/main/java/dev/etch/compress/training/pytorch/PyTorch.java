// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.training.pytorch;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import dev.etch.compress.network.Network;
import dev.etch.compress.network.Parameters;
import dev.etch.compress.training.Differentiator;
import dev.etch.diagnostic.DiagnosticCollector;
import dev.etch.diagnostic.DiagnosticException;
import dev.etch.testbench.SimulatorCache;
import java.util.List;
import java.util.Map;

/**
 * PyTorch on one thread of the processor: more threads add sums up in another order, and the same
 * seed would not give the same bits.
 */
public final class PyTorch implements Differentiator {
  private static final String ENGINE = "PyTorch";

  private static final Map<String, String> SETTINGS =
      Map.of(
          "ai.djl.offline", "true",
          "DJL_OFFLINE", "true",
          "OPT_OUT_TRACKING", "true",
          "ai.djl.pytorch.num_threads", "1",
          "ai.djl.pytorch.num_interop_threads", "1");

  private final Engine engine;
  private final NDManager manager;

  private PyTorch(Engine engine) {
    this.engine = engine;
    this.manager = engine.newBaseManager();
  }

  /**
   * Loads PyTorch; it unpacks its libraries into Etch's cache the first time. It has to be on the
   * class path, see {@link PyTorchInstallation}.
   */
  public static PyTorch open() {
    SETTINGS.forEach(System::setProperty);
    System.setProperty(
        "ENGINE_CACHE_DIR", SimulatorCache.standard().folder().resolve("training").toString());
    return new PyTorch(Engine.getEngine(ENGINE));
  }

  /**
   * Complains of operators that cannot be trained.
   *
   * @throws DiagnosticException with all of them
   */
  public static void check(Network network) {
    DiagnosticCollector diagnostics = new DiagnosticCollector();
    PyTorchOperators.check(network.nodes(), diagnostics);
    diagnostics.throwIfErrors();
  }

  @Override
  public Gradients gradients(
      Network network,
      Parameters parameters,
      Parameters statistics,
      Batch batch,
      List<Target> targets,
      List<Hint> hints) {
    try (NDManager step = manager.newSubManager();
        GradientCollector collector = engine.newGradientCollector()) {
      boolean normalizes = !statistics.names().isEmpty();
      ForwardPass pass = new ForwardPass(step, network, batch.count(), normalizes);
      pass.replace(parameters, true);
      pass.replace(statistics, false);
      NDArray loss = loss(pass.run(batch), targets, step);
      for (Hint hint : hints) {
        loss = loss.add(loss(pass.value(hint.value()), hint, step));
      }
      collector.backward(loss);
      return new Gradients(
          loss.getFloat(),
          parameters.map((name, values) -> pass.replaced(name).getGradient().toFloatArray()),
          statistics.map((name, values) -> pass.replaced(name).toFloatArray()));
    }
  }

  private static NDArray loss(NDArray scores, List<Target> targets, NDManager manager) {
    Shape shape = scores.getShape();
    NDArray sum = manager.create(0f);
    for (Target target : targets) {
      NDArray likelihoods = scores.div(target.temperature()).logSoftmax(-1);
      NDArray part =
          likelihoods
              .mul(manager.create(target.probabilities(), shape))
              .sum()
              .mul(-target.weight() * target.temperature() * target.temperature() / shape.get(0));
      sum = sum.add(part);
    }
    return sum;
  }

  private static NDArray loss(NDArray value, Hint hint, NDManager manager) {
    NDArray difference = value.sub(manager.create(hint.wanted(), value.getShape()));
    return difference.square().mean().mul(hint.weight());
  }

  @Override
  public float[] scores(Network network, Parameters parameters, Batch batch) {
    try (NDManager step = manager.newSubManager()) {
      ForwardPass pass = new ForwardPass(step, network, batch.count(), false);
      pass.replace(parameters, false);
      return pass.run(batch).toFloatArray();
    }
  }

  @Override
  public void close() {
    manager.close();
  }
}
