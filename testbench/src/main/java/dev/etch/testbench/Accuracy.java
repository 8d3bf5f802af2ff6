// SPDX-License-Identifier: Apache-2.0
package dev.etch.testbench;

import dev.etch.diagnostic.DiagnosticException;
import dev.etch.diagnostic.Location;
import dev.etch.tensor.FloatTensor;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.Tensor;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.IntUnaryOperator;

/**
 * How many outputs have their largest element, the first of equals, at the labelled place.
 *
 * @param right outputs that are right
 * @param total outputs that were looked at
 */
public record Accuracy(int right, int total) {

  /**
   * Counts.
   *
   * @param outputs one an image: scores, or a single class
   * @param labels an IDX file with at least as many labels
   */
  public static Accuracy of(List<? extends Tensor> outputs, Path labels) {
    IdxFile file = IdxFile.read(labels);
    if (file.items() < outputs.size() || file.itemSize() != 1) {
      throw new DiagnosticException(
          Location.file(labels.toString()),
          "holds " + file.items() + " labels for " + outputs.size() + " images",
          "give the label file of the same data set");
    }
    return of(outputs, image -> file.at(image, 0));
  }

  /**
   * Counts.
   *
   * @param outputs one an image: scores, or a single class
   * @param labels the class of an image, by its number
   */
  public static Accuracy of(List<? extends Tensor> outputs, IntUnaryOperator labels) {
    int right = 0;
    for (int i = 0; i < outputs.size(); i++) {
      right += predicted(outputs.get(i)) == labels.applyAsInt(i) ? 1 : 0;
    }
    return new Accuracy(right, outputs.size());
  }

  private static int predicted(Tensor output) {
    if (output instanceof IntegerTensor integers && integers.data().length == 1) {
      return integers.data()[0];
    }
    int best = 0;
    for (int i = 1; i < output.shape().elements(); i++) {
      best = at(output, i) > at(output, best) ? i : best;
    }
    return best;
  }

  private static double at(Tensor tensor, int index) {
    return tensor instanceof IntegerTensor integers
        ? integers.data()[index]
        : ((FloatTensor) tensor).data()[index];
  }

  /** Right ones of all, 0 to 1. */
  public double share() {
    return (double) right / total;
  }

  @Override
  public String toString() {
    return String.format(Locale.ROOT, "%.2f %% (%d of %d)", 100 * share(), right, total);
  }
}
