// SPDX-License-Identifier: Apache-2.0
package dev.etch.reference;

import dev.etch.graph.Node;
import dev.etch.op.QuantizedAdd;
import dev.etch.op.Requantize;
import dev.etch.op.requantization.Requantization;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.IntegerType;
import dev.etch.tensor.Tensor;
import java.util.List;
import java.util.Optional;

/** Kernels of element-wise operators: from tables where the operands have few values. */
final class TableKernels {
  static final int TABLE_BITS = 8;

  private TableKernels() {}

  /** A sum of operands of at most 8 bits, from a table over all pairs. */
  static Optional<Kernel> ofSum(QuantizedAdd op, Kernels.Site site) {
    Node node = site.node();
    IntegerType left = (IntegerType) node.inputs().get(0).type().element();
    IntegerType right = (IntegerType) node.inputs().get(1).type().element();
    boolean broadcast =
        !node.inputs().get(0).type().shape().equals(node.inputs().get(1).type().shape());
    if (broadcast || Math.max(left.bits(), right.bits()) > TABLE_BITS) {
      return Optional.empty();
    }
    int leftLow = (int) left.minimum();
    int rightLow = (int) right.minimum();
    int rightBits = right.bits();
    int[] table = sums(op, left, right);
    return Optional.of(
        operands -> {
          int[] a = data(operands, 0);
          int[] b = data(operands, 1);
          int[] y = new int[a.length];
          for (int i = 0; i < y.length; i++) {
            y[i] = table[((a[i] - leftLow) << rightBits) | (b[i] - rightLow)];
          }
          return Kernels.integers(node, y);
        });
  }

  /** Results of all pairs, those with the least left operand first. */
  static int[] sums(QuantizedAdd op, IntegerType left, IntegerType right) {
    int[] table = new int[1 << (left.bits() + right.bits())];
    for (int i = 0; i < table.length; i++) {
      int rightIndex = i & ((1 << right.bits()) - 1);
      table[i] =
          op.sum()
              .apply(
                  (i >> right.bits()) + (int) left.minimum(), rightIndex + (int) right.minimum());
    }
    return table;
  }

  /** A requantization: channel by channel, from tables if the operand has at most 8 bits. */
  static Optional<Kernel> ofRequantize(Requantize op, Kernels.Site site) {
    Node node = site.node();
    IntegerType input = (IntegerType) node.inputs().get(0).type().element();
    int channels = op.channels().size();
    int elements = node.output().type().shape().elements();
    int run = channels == 1 ? elements : node.output().type().shape().strides()[op.channelAxis()];
    List<Map> maps = op.channels().stream().map(c -> map(c, input)).toList();
    return Optional.of(
        operands -> {
          int[] x = data(operands, 0);
          int[] y = new int[x.length];
          for (int first = 0; first < x.length; first += run) {
            maps.get(first / run % channels).apply(x, y, first, first + run);
          }
          return Kernels.integers(node, y);
        });
  }

  /** Maps a run of elements. */
  private interface Map {
    void apply(int[] x, int[] y, int begin, int end);
  }

  private static Map map(Requantization requantization, IntegerType input) {
    return input.bits() <= TABLE_BITS ? table(requantization, input) : direct(requantization);
  }

  private static Map table(Requantization requantization, IntegerType input) {
    int low = (int) input.minimum();
    int[] table = new int[1 << input.bits()];
    for (int i = 0; i < table.length; i++) {
      table[i] = requantization.apply(i + low);
    }
    return (x, y, begin, end) -> {
      for (int i = begin; i < end; i++) {
        y[i] = table[x[i] - low];
      }
    };
  }

  private static Map direct(Requantization requantization) {
    return (x, y, begin, end) -> {
      for (int i = begin; i < end; i++) {
        y[i] = requantization.apply(x[i]);
      }
    };
  }

  private static int[] data(List<Tensor> operands, int index) {
    return ((IntegerTensor) operands.get(index)).data();
  }
}
