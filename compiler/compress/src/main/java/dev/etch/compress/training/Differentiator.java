// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.training;

import dev.etch.compress.network.Network;
import dev.etch.compress.network.Parameters;
import java.util.List;

/** Computes the outputs of a network for many items at once, and gradients of its loss. */
public interface Differentiator extends AutoCloseable {
  /**
   * Items of a batch.
   *
   * @param count how many
   * @param items what the network takes, one after the other
   */
  record Batch(int count, float[] items) {}

  /**
   * What the loss is reduced by: a part {@code weight * temperature^2 * crossEntropy(softmax(scores
   * / temperature), probabilities)}, averaged over the batch. With probabilities of 0 and 1 and a
   * temperature of 1 this is the cross entropy of labels; with those of a teacher it distils.
   * Source: G. Hinton, O. Vinyals, J. Dean, Distilling the Knowledge in a Neural Network, 2015.
   *
   * @param probabilities [items, classes], row-major
   */
  record Target(float[] probabilities, float temperature, float weight) {}

  /**
   * What a value inside the network is to be close to: {@code weight} times the mean squared
   * difference is added to the loss. Source: A. Romero, N. Ballas, S. E. Kahou, A. Chassang, C.
   * Gatta, Y. Bengio, FitNets: Hints for Thin Deep Nets, ICLR 2015.
   *
   * @param value its name; the scores depend on it
   * @param wanted elements of all items, row-major
   */
  record Hint(String value, float[] wanted, float weight) {}

  /**
   * Result of one batch.
   *
   * @param loss its sum of all targets and hints
   * @param gradients of the loss, by each parameter
   * @param statistics what they moved to
   */
  record Gradients(float loss, Parameters gradients, Parameters statistics) {}

  /**
   * Gradients of the loss by all of {@code parameters}.
   *
   * @param network what is computed; its constants are used unless they are among the others
   * @param parameters values in place of constants
   * @param statistics means and variances of batch normalizations, which move towards those of the
   *     batch; without them, batches are normalized by the network's constants
   * @param targets of the scores
   * @param hints of values inside
   */
  Gradients gradients(
      Network network,
      Parameters parameters,
      Parameters statistics,
      Batch batch,
      List<Target> targets,
      List<Hint> hints);

  /** The same without hints. */
  default Gradients gradients(
      Network network,
      Parameters parameters,
      Parameters statistics,
      Batch batch,
      List<Target> targets) {
    return gradients(network, parameters, statistics, batch, targets, List.of());
  }

  /** Values of the network's scores, [items, classes] row-major. */
  float[] scores(Network network, Parameters parameters, Batch batch);

  @Override
  void close();
}
