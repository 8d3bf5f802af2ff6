// SPDX-License-Identifier: Apache-2.0
package dev.etch.testbench;

import dev.etch.diagnostic.DiagnosticCollector;
import dev.etch.graph.PartitionedModel;
import dev.etch.optimize.StandardPasses;
import dev.etch.text.GraphParser;
import java.util.List;

/** A dense layer with given weights, named "dense". */
final class DenseModel {
  private DenseModel() {}

  /**
   * The model.
   *
   * @param weights of 8 bits, those of an output one after the other
   */
  static PartitionedModel of(int inputs, int outputs, List<Integer> weights) {
    String text =
        """
        graph "packed"
        input %%image : int8[1, %1$d]
        %%w = constant() {weights = DenseWeights{tensor = int8[%2$d, %1$d] %3$s}} : int8[%2$d, %1$d]
        %%sum = integerDense(%%image, %%w) {inputZeroPoint = 0} : int32[1, %2$d] named "dense"
        %%scores = requantize(%%sum) {channels = [ScaleThenRound{scale = 0.004, zeroPoint = 3, low = -128, high = 127}], channelAxis = 1, output = int8} : int8[1, %2$d]
        output %%scores
        """
            .formatted(inputs, outputs, weights);
    return StandardPasses.prepare(
        GraphParser.parse("packed.etch", text), new DiagnosticCollector());
  }
}
