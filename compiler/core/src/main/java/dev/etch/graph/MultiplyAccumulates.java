// SPDX-License-Identifier: Apache-2.0
package dev.etch.graph;

import dev.etch.op.Add;
import dev.etch.op.AnyElementOp;
import dev.etch.op.AveragePool2d;
import dev.etch.op.BatchNormalization;
import dev.etch.op.BilinearResize2d;
import dev.etch.op.Clip;
import dev.etch.op.Conv2d;
import dev.etch.op.ConvTranspose2d;
import dev.etch.op.ConversionOp;
import dev.etch.op.Dense;
import dev.etch.op.Extremum;
import dev.etch.op.FunctionOp;
import dev.etch.op.IntegerConv2d;
import dev.etch.op.IntegerDense;
import dev.etch.op.IntegerLstm;
import dev.etch.op.IntegerMultiply;
import dev.etch.op.IntegerSoftmaxOp;
import dev.etch.op.IntegerSumPool2d;
import dev.etch.op.Linear;
import dev.etch.op.LinearResize2d;
import dev.etch.op.LogSoftmax;
import dev.etch.op.Lookup;
import dev.etch.op.Multiply;
import dev.etch.op.OperatorTable;
import dev.etch.op.PRelu;
import dev.etch.op.QuantizedAdd;
import dev.etch.op.ReduceMean2d;
import dev.etch.op.Relu;
import dev.etch.op.Requantize;
import dev.etch.op.Softmax;
import dev.etch.tensor.FloatTensor;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.Shape;
import dev.etch.tensor.Tensor;
import dev.etch.tensor.Weights;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Multiply-accumulates of one frame. Every weight meets every position of its output map once, also
 * where the window lies over padding: the usual way to count.
 *
 * @param all with zero weights
 * @param nonzero without them; equal to {@code all} where the weights are not constant
 */
public record MultiplyAccumulates(long all, long nonzero) {
  /** How many positions of a map meet each weight. */
  private interface Positions {
    long count(Node node, Value weights);
  }

  /**
   * A layer with weights.
   *
   * @param weights operands that are weights
   */
  private record Layer(List<Integer> weights, Positions positions) {
    Layer(Positions positions) {
      this(List.of(1), positions);
    }
  }

  private static final OperatorTable<Layer> LAYERS =
      OperatorTable.<Layer>of("multiply-accumulates")
          .with(
              new Layer(MultiplyAccumulates::ofOutput),
              Conv2d.class,
              Dense.class,
              IntegerConv2d.class,
              IntegerDense.class)
          .with(new Layer(MultiplyAccumulates::ofInput), ConvTranspose2d.class)
          .with(new Layer(IntegerLstm.WEIGHTS, MultiplyAccumulates::ofSteps), IntegerLstm.class)
          .without(
              "has no weights",
              AnyElementOp.class,
              ConversionOp.class,
              FunctionOp.class,
              IntegerSoftmaxOp.class,
              Add.class,
              AveragePool2d.class,
              BatchNormalization.class,
              BilinearResize2d.class,
              Clip.class,
              Extremum.class,
              IntegerMultiply.class,
              IntegerSumPool2d.class,
              Linear.class,
              LinearResize2d.class,
              LogSoftmax.class,
              Lookup.class,
              Multiply.class,
              PRelu.class,
              QuantizedAdd.class,
              ReduceMean2d.class,
              Relu.class,
              Requantize.class,
              Softmax.class)
          .build();

  /** No work. */
  public static final MultiplyAccumulates NONE = new MultiplyAccumulates(0, 0);

  /** The sum over a graph. */
  public static MultiplyAccumulates of(Graph graph) {
    Map<Value, Node> producers = graph.producers();
    MultiplyAccumulates sum = NONE;
    for (Node node : graph.nodes()) {
      sum = sum.plus(of(node, producers));
    }
    return sum;
  }

  /** Those of one node; {@link #NONE} if its operator has no weights. */
  public static MultiplyAccumulates of(Node node, Map<Value, Node> producers) {
    return LAYERS.find(node.op()).map(layer -> of(node, layer, producers)).orElse(NONE);
  }

  private static MultiplyAccumulates of(Node node, Layer layer, Map<Value, Node> producers) {
    MultiplyAccumulates sum = NONE;
    for (int operand : layer.weights()) {
      sum = sum.plus(of(node, node.inputs().get(operand), layer.positions(), producers));
    }
    return sum;
  }

  private static MultiplyAccumulates of(
      Node node, Value weights, Positions met, Map<Value, Node> producers) {
    long count = weights.type().shape().elements();
    int outputs = weights.type().shape().dimension(0);
    if (count == 0 || outputs == 0) {
      return NONE;
    }
    long positions = met.count(node, weights);
    long nonzero =
        WeightSource.of(weights, producers)
            .map(Weights::decode)
            .map(MultiplyAccumulates::nonzero)
            .orElse(count);
    return new MultiplyAccumulates(positions * count, positions * nonzero);
  }

  /** A node's (first) weights, if its operator has weights and they are constant. */
  static Optional<Tensor> constantWeights(Node node, Map<Value, Node> producers) {
    return LAYERS
        .find(node.op())
        .flatMap(layer -> WeightSource.of(node.inputs().get(layer.weights().get(0)), producers))
        .map(Weights::decode);
  }

  private static long ofOutput(Node node, Value weights) {
    return node.output().type().shape().elements() / weights.type().shape().dimension(0);
  }

  /** A frame of a recurrent layer has several steps, and each meets every weight. */
  private static long ofSteps(Node node, Value weights) {
    Shape result = node.output().type().shape();
    return result.elements() / result.dimension(-1);
  }

  /** Where a transposed convolution multiplies its weights is its input, not its output. */
  private static long ofInput(Node node, Value weights) {
    int groups = ((ConvTranspose2d) node.op()).groups();
    int inputs = weights.type().shape().dimension(1) * groups;
    return node.inputs().get(0).type().shape().elements() / inputs;
  }

  /** Elements that are not zero. */
  public static long nonzero(Tensor tensor) {
    long count = 0;
    if (tensor instanceof IntegerTensor integers) {
      for (int value : integers.data()) {
        count += value == 0 ? 0 : 1;
      }
    } else {
      for (float value : ((FloatTensor) tensor).data()) {
        count += value == 0 ? 0 : 1;
      }
    }
    return count;
  }

  /** Both counts added. */
  public MultiplyAccumulates plus(MultiplyAccumulates other) {
    return new MultiplyAccumulates(all + other.all, nonzero + other.nonzero);
  }
}
