// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.training;

import dev.etch.compress.network.Network;
import dev.etch.compress.network.Parameters;
import dev.etch.diagnostic.CompilerBug;
import java.util.List;

/**
 * Stands for PyTorch where nothing is trained and no float accuracy measured: it computes nothing.
 */
public final class WithoutTraining implements Differentiator {
  @Override
  public Gradients gradients(
      Network network,
      Parameters parameters,
      Parameters statistics,
      Batch batch,
      List<Target> targets,
      List<Hint> hints) {
    throw new CompilerBug("training without PyTorch");
  }

  @Override
  public float[] scores(Network network, Parameters parameters, Batch batch) {
    throw new CompilerBug("float scores without PyTorch");
  }

  @Override
  public void close() {
    // There is nothing to give back.
  }
}
