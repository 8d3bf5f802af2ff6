// SPDX-License-Identifier: Apache-2.0
package dev.etch.reference;

import dev.etch.graph.Node;
import dev.etch.graph.Value;
import dev.etch.op.ArgMax;
import dev.etch.op.BatchToSpace;
import dev.etch.op.BilinearResize2d;
import dev.etch.op.Concat;
import dev.etch.op.Constant;
import dev.etch.op.ConversionOp;
import dev.etch.op.FloatOp;
import dev.etch.op.IntegerConv2d;
import dev.etch.op.IntegerDense;
import dev.etch.op.IntegerLstm;
import dev.etch.op.IntegerMultiply;
import dev.etch.op.IntegerSoftmaxOp;
import dev.etch.op.IntegerSumPool2d;
import dev.etch.op.Lookup;
import dev.etch.op.MaxPool2d;
import dev.etch.op.NearestResize2d;
import dev.etch.op.Op;
import dev.etch.op.OperatorTable;
import dev.etch.op.Pad;
import dev.etch.op.QuantizedAdd;
import dev.etch.op.Requantize;
import dev.etch.op.Reshape;
import dev.etch.op.Slice;
import dev.etch.op.SpaceToBatch;
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

  private static final OperatorTable<Maker<?>> FAST =
      OperatorTable.<Maker<?>>of("kernels")
          .with((Maker<IntegerConv2d>) ConvolutionKernel::make, IntegerConv2d.class)
          .with((Maker<IntegerDense>) DenseKernel::make, IntegerDense.class)
          .with((Maker<MaxPool2d>) MaxPoolKernel::make, MaxPool2d.class)
          .with((Maker<QuantizedAdd>) TableKernels::ofSum, QuantizedAdd.class)
          .with((Maker<Requantize>) TableKernels::ofRequantize, Requantize.class)
          .with((Maker<Transpose>) TransposeKernel::make, Transpose.class)
          .without(
              "on the host, at either end of a model, if at all",
              ConversionOp.class,
              FloatOp.class,
              IntegerSoftmaxOp.class)
          .without(
              "its definition does little for an element",
              ArgMax.class,
              BatchToSpace.class,
              BilinearResize2d.class,
              Concat.class,
              Constant.class,
              IntegerLstm.class,
              IntegerMultiply.class,
              IntegerSumPool2d.class,
              Lookup.class,
              NearestResize2d.class,
              Pad.class,
              Reshape.class,
              Slice.class,
              SpaceToBatch.class)
          .build();

  /** The kernel of {@code node}; {@code constants} are all constants of its graph. */
  static Kernel of(Node node, Map<Value, Tensor> constants) {
    return fast(node.op(), new Site(node, constants)).orElse(node.op()::evaluate);
  }

  /** The fast kernel, if there is one. */
  @SuppressWarnings("unchecked")
  static <T extends Op> Optional<Kernel> fast(T op, Site site) {
    return FAST.find(op).flatMap(maker -> ((Maker<T>) maker).make(op, site));
  }

  /** The one result of most kernels. */
  static List<Tensor> integers(Node node, int[] data) {
    return List.of(new IntegerTensor(node.output().type(), data));
  }
}
