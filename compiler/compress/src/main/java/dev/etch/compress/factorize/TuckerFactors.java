// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.factorize;

import dev.etch.compress.network.WeightedLayer;
import dev.etch.op.Conv2d;
import dev.etch.op.Window;
import dev.etch.tensor.FloatTensor;
import dev.etch.tensor.Shape;
import java.util.List;

/** The Tucker decomposition of a convolution's channels; its kernel's axes stay as they are. */
final class TuckerFactors {
  private final Conv2d op;
  private final float[] weights;
  private final int outputs;
  private final int inputs;
  private final int height;
  private final int width;

  TuckerFactors(WeightedLayer layer, float[] weights) {
    this.op = (Conv2d) layer.node().op();
    this.weights = weights;
    this.outputs = layer.shape().dimension(0);
    this.inputs = layer.shape().dimension(1);
    this.height = layer.shape().dimension(2);
    this.width = layer.shape().dimension(3);
  }

  private int places() {
    return height * width;
  }

  List<Factor> factors(RankRule rule) {
    SingularValues byOutput = SingularValues.of(unfolded(true));
    SingularValues byInput = SingularValues.of(unfolded(false));
    int given = weights.length;
    // By size, outputs and inputs lose the same part of their channels, but for what is left over.
    int outputRank = rule.rank(byOutput.values(), r -> size(r, like(r, outputs, inputs)), given);
    int inputRank = rule.rank(byInput.values(), r -> size(outputRank, r), given);
    float[] first = new float[inputRank * inputs];
    for (int r = 0; r < inputRank; r++) {
      for (int input = 0; input < inputs; input++) {
        first[r * inputs + input] = (float) byInput.left()[input][r];
      }
    }
    float[] last = new float[outputs * outputRank];
    for (int output = 0; output < outputs; output++) {
      for (int r = 0; r < outputRank; r++) {
        last[output * outputRank + r] = (float) byOutput.left()[output][r];
      }
    }
    Conv2d single = new Conv2d(Window.of(1, 1), op.layout(), 1);
    return List.of(
        new Factor(single, FloatTensor.of(Shape.of(inputRank, inputs, 1, 1), first)),
        new Factor(
            op,
            FloatTensor.of(
                Shape.of(outputRank, inputRank, height, width),
                core(byOutput.left(), byInput.left(), outputRank, inputRank))),
        new Factor(single, FloatTensor.of(Shape.of(outputs, outputRank, 1, 1), last)));
  }

  private static int like(int rank, int of, int other) {
    return Math.min(other, Math.max(1, (int) Math.round((double) rank * other / of)));
  }

  private int size(int outputRank, int inputRank) {
    return inputRank * inputs + outputRank * inputRank * places() + outputs * outputRank;
  }

  /** The weights as a matrix whose rows are the outputs, or the inputs. */
  private double[][] unfolded(boolean isByOutput) {
    double[][] matrix =
        isByOutput
            ? new double[outputs][inputs * places()]
            : new double[inputs][outputs * places()];
    for (int at = 0; at < weights.length; at++) {
      int place = at % places();
      int input = at / places() % inputs;
      int output = at / places() / inputs;
      if (isByOutput) {
        matrix[output][input * places() + place] = weights[at];
      } else {
        matrix[input][output * places() + place] = weights[at];
      }
    }
    return matrix;
  }

  /** The weights between the channels that the singular vectors stand for. */
  private float[] core(double[][] byOutput, double[][] byInput, int outputRank, int inputRank) {
    double[] half = new double[outputRank * inputs * places()];
    for (int at = 0; at < weights.length; at++) {
      int output = at / places() / inputs;
      int rest = at % (inputs * places());
      for (int r = 0; r < outputRank; r++) {
        half[r * inputs * places() + rest] += byOutput[output][r] * weights[at];
      }
    }
    double[] sums = new double[outputRank * inputRank * places()];
    for (int at = 0; at < half.length; at++) {
      int place = at % places();
      int input = at / places() % inputs;
      int row = at / places() / inputs;
      for (int r = 0; r < inputRank; r++) {
        sums[(row * inputRank + r) * places() + place] += byInput[input][r] * half[at];
      }
    }
    float[] core = new float[sums.length];
    for (int i = 0; i < core.length; i++) {
      core[i] = (float) sums[i];
    }
    return core;
  }
}
