// SPDX-License-Identifier: Apache-2.0
package dev.etch.op;

import dev.etch.diagnostic.OperatorException;
import dev.etch.tensor.Shape;

/**
 * Extents of a convolution, float or integer: input and output maps and the weights [outputs,
 * channelsPerGroup, kernelHeight, kernelWidth] between them.
 */
record ConvolutionShape(
    FeatureMaps input,
    FeatureMaps output,
    int channelsPerGroup,
    int outputsPerGroup,
    Window window) {

  /**
   * Checks x (operand 0) against the weights (operand 1) and a bias (operand 2) if there is one.
   */
  static ConvolutionShape of(Operands operands, Window window, Layout layout, int groups) {
    FeatureMaps input = FeatureMaps.of(operands, 0, layout);
    operands.rank(1, 4);
    Shape weights = operands.any(1).shape();
    int outputs = weights.dimension(0);
    if (groups < 1 || input.channels() % groups != 0 || outputs % groups != 0 || outputs < 1) {
      throw new OperatorException(
          "%d input and %d output channels cannot be cut into %d groups"
              .formatted(input.channels(), outputs, groups),
          "both numbers of channels must be multiples of the groups");
    }
    if (weights.dimension(1) != input.channels() / groups) {
      throw operands.misfit(
          1,
          "has %d channels a group, but the input has %d in %d groups"
              .formatted(weights.dimension(1), input.channels(), groups),
          "weights are [outputs, inputs / groups, kernelHeight, kernelWidth]");
    }
    if (weights.dimension(2) != window.kernelHeight()
        || weights.dimension(3) != window.kernelWidth()) {
      throw operands.misfit(
          1,
          "does not fit a kernel of %d by %d"
              .formatted(window.kernelHeight(), window.kernelWidth()),
          "weights are [outputs, inputs / groups, kernelHeight, kernelWidth]");
    }
    if (operands.has(2)) {
      operands.vector(2, outputs);
    }
    return new ConvolutionShape(
        input, input.windowed(window, outputs), weights.dimension(1), outputs / groups, window);
  }

  /** The loops over outputs and taps. */
  WindowLoop loop() {
    return new WindowLoop(input, output, window);
  }

  /** First input channel that an output channel reads. */
  int firstChannel(int outputChannel) {
    return outputChannel / outputsPerGroup * channelsPerGroup;
  }

  /** Row-major position of a weight. */
  int weightIndex(int outputChannel, int channelInGroup, int kernelRow, int kernelColumn) {
    int matrix = outputChannel * channelsPerGroup + channelInGroup;
    return (matrix * window.kernelHeight() + kernelRow) * window.kernelWidth() + kernelColumn;
  }
}
