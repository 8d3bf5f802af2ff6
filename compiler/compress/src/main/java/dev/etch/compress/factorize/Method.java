// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.factorize;

import dev.etch.compress.network.WeightedLayer;
import dev.etch.op.Conv2d;
import dev.etch.op.Dense;
import dev.etch.op.Window;
import dev.etch.tensor.FloatTensor;
import dev.etch.tensor.Shape;
import java.util.List;
import java.util.function.IntUnaryOperator;

/** How a layer becomes several. */
public enum Method {
  /**
   * A dense layer of all inputs and few outputs, and one of those: the truncated singular value
   * decomposition. Source: E. Denton, W. Zaremba, J. Bruna, Y. LeCun, R. Fergus, Exploiting Linear
   * Structure Within Convolutional Networks, NIPS 2014.
   */
  SINGULAR_VALUES {
    @Override
    public boolean takes(WeightedLayer layer) {
      return layer.node().op() instanceof Dense;
    }

    @Override
    List<Factor> factors(WeightedLayer layer, float[] weights, RankRule rule) {
      int outputs = layer.shape().dimension(0);
      int inputs = layer.shape().dimension(1);
      double[][] matrix = new double[outputs][inputs];
      for (int i = 0; i < weights.length; i++) {
        matrix[i / inputs][i % inputs] = weights[i];
      }
      SingularValues svd = SingularValues.of(matrix);
      int rank = rule.rank(svd.values(), r -> r * (outputs + inputs), weights.length);
      float[] first = new float[rank * inputs];
      float[] second = new float[outputs * rank];
      for (int r = 0; r < rank; r++) {
        double root = Math.sqrt(svd.values()[r]);
        for (int i = 0; i < inputs; i++) {
          first[r * inputs + i] = (float) (root * svd.right()[r][i]);
        }
        for (int o = 0; o < outputs; o++) {
          second[o * rank + r] = (float) (root * svd.left()[o][r]);
        }
      }
      return List.of(
          new Factor(new Dense(), FloatTensor.of(Shape.of(rank, inputs), first)),
          new Factor(new Dense(), FloatTensor.of(Shape.of(outputs, rank), second)));
    }
  },

  /**
   * A convolution with a kernel of one column, and one with a kernel of one row. Source: M.
   * Jaderberg, A. Vedaldi, A. Zisserman, Speeding up Convolutional Neural Networks with Low Rank
   * Expansions, BMVC 2014, scheme 2.
   */
  SPATIAL {
    @Override
    public boolean takes(WeightedLayer layer) {
      return isConvolution(layer);
    }

    @Override
    List<Factor> factors(WeightedLayer layer, float[] weights, RankRule rule) {
      Shape s = layer.shape();
      int outputs = s.dimension(0);
      int inputs = s.dimension(1);
      int height = s.dimension(2);
      int width = s.dimension(3);
      double[][] matrix = new double[inputs * height][outputs * width];
      for (int at = 0; at < weights.length; at++) {
        int column = at % width;
        int row = at / width % height;
        int input = at / (width * height) % inputs;
        int output = at / (width * height * inputs);
        matrix[input * height + row][output * width + column] = weights[at];
      }
      SingularValues svd = SingularValues.of(matrix);
      IntUnaryOperator size = r -> r * (inputs * height + outputs * width);
      int rank = rule.rank(svd.values(), size, weights.length);
      float[] first = new float[rank * inputs * height];
      float[] second = new float[outputs * rank * width];
      for (int r = 0; r < rank; r++) {
        double root = Math.sqrt(svd.values()[r]);
        for (int i = 0; i < inputs * height; i++) {
          first[r * inputs * height + i] = (float) (root * svd.left()[i][r]);
        }
        for (int i = 0; i < outputs * width; i++) {
          second[(i / width * rank + r) * width + i % width] = (float) (root * svd.right()[r][i]);
        }
      }
      Conv2d op = (Conv2d) layer.node().op();
      return List.of(
          new Factor(
              new Conv2d(rowsOf(op.window()), op.layout(), 1),
              FloatTensor.of(Shape.of(rank, inputs, height, 1), first)),
          new Factor(
              new Conv2d(columnsOf(op.window()), op.layout(), 1),
              FloatTensor.of(Shape.of(outputs, rank, 1, width), second)));
    }
  },

  /**
   * A convolution of fewer channels, between one that makes them of the inputs and one that makes
   * the outputs of them, both of 1 x 1: the Tucker decomposition of the first two modes, by the
   * singular vectors of each. Source: Y.-D. Kim, E. Park, S. Yoo, T. Choi, L. Yang, D. Shin,
   * Compression of Deep Convolutional Neural Networks for Fast and Low Power Mobile Applications,
   * ICLR 2016.
   */
  TUCKER {
    @Override
    public boolean takes(WeightedLayer layer) {
      return isConvolution(layer);
    }

    @Override
    List<Factor> factors(WeightedLayer layer, float[] weights, RankRule rule) {
      return new TuckerFactors(layer, weights).factors(rule);
    }
  };

  /** Whether it is for a layer of this kind. */
  public abstract boolean takes(WeightedLayer layer);

  /**
   * The layers that stand for a layer, in their order.
   *
   * @param weights of the layer, row-major
   */
  abstract List<Factor> factors(WeightedLayer layer, float[] weights, RankRule rule);

  private static boolean isConvolution(WeightedLayer layer) {
    return layer.node().op() instanceof Conv2d convolution && convolution.groups() == 1;
  }

  private static Window rowsOf(Window w) {
    return new Window(
        w.kernelHeight(),
        1,
        w.strideHeight(),
        1,
        w.dilationHeight(),
        1,
        w.padTop(),
        0,
        w.padBottom(),
        0);
  }

  private static Window columnsOf(Window w) {
    return new Window(
        1,
        w.kernelWidth(),
        1,
        w.strideWidth(),
        1,
        w.dilationWidth(),
        0,
        w.padLeft(),
        0,
        w.padRight());
  }
}
