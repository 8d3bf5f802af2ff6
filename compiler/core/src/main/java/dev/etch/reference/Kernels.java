// SPDX-License-Identifier: Apache-2.0
package dev.etch.reference;

import dev.etch.graph.Node;
import dev.etch.graph.Value;
import dev.etch.op.IntegerConv2d;
import dev.etch.op.IntegerDense;
import dev.etch.op.MaxPool2d;
import dev.etch.op.Op;
import dev.etch.op.QuantizedAdd;
import dev.etch.op.Requantize;
import dev.etch.op.Transpose;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Chooses the kernel of a node: a fast one where there is one and its conditions hold, else the
 * operator's own {@link Op#evaluate}, which is the specification of them all.
 */
final class Kernels {
  private Kernels() {}

  /** What is known of a node before it runs. */
  record Site(Node node, Map<Value, Tensor> constants) {

    /** An integer operand that is a constant. */
    Optional<IntegerTensor> constant(int index) {
      return index < node.inputs().size()
              && constants.get(node.inputs().get(index)) instanceof IntegerTensor tensor
          ? Optional.of(tensor)
          : Optional.empty();
    }

    /** Whether an operand is absent or a constant. */
    boolean isKnown(int index) {
      return index >= node.inputs().size() || constant(index).isPresent();
    }
  }

  /** Makes a fast kernel for an operator, or nothing if its conditions do not hold. */
  private interface Maker<T extends Op> {
    Optional<Kernel> make(T op, Site site);
  }

  private static final Map<Class<? extends Op>, Maker<?>> FAST =
      Map.of(
          IntegerConv2d.class, (Maker<IntegerConv2d>) ConvolutionKernel::make,
          IntegerDense.class, (Maker<IntegerDense>) DenseKernel::make,
          MaxPool2d.class, (Maker<MaxPool2d>) MaxPoolKernel::make,
          QuantizedAdd.class, (Maker<QuantizedAdd>) TableKernels::ofSum,
          Requantize.class, (Maker<Requantize>) TableKernels::ofRequantize,
          Transpose.class, (Maker<Transpose>) TransposeKernel::make);

  /** The kernel of {@code node}; {@code constants} are all constants of its graph. */
  static Kernel of(Node node, Map<Value, Tensor> constants) {
    return fast(node.op(), new Site(node, constants)).orElse(node.op()::evaluate);
  }

  /** The fast kernel, if there is one. */
  @SuppressWarnings("unchecked")
  static <T extends Op> Optional<Kernel> fast(T op, Site site) {
    Maker<T> maker = (Maker<T>) FAST.get(op.getClass());
    return maker == null ? Optional.empty() : maker.make(op, site);
  }

  /** The one result of most kernels. */
  static List<Tensor> integers(Node node, int[] data) {
    return List.of(new IntegerTensor(node.output().type(), data));
  }
}
