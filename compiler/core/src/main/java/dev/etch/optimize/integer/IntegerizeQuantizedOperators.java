// SPDX-License-Identifier: Apache-2.0
package dev.etch.optimize.integer;

import dev.etch.diagnostic.DiagnosticCollector;
import dev.etch.graph.Graph;
import dev.etch.graph.Node;
import dev.etch.graph.Value;
import dev.etch.op.Add;
import dev.etch.op.ArgMax;
import dev.etch.op.AveragePool2d;
import dev.etch.op.BatchNormalization;
import dev.etch.op.BatchToSpace;
import dev.etch.op.Clip;
import dev.etch.op.Concat;
import dev.etch.op.Constant;
import dev.etch.op.Conv2d;
import dev.etch.op.ConvTranspose2d;
import dev.etch.op.Dense;
import dev.etch.op.Dequantize;
import dev.etch.op.Extremum;
import dev.etch.op.FunctionOp;
import dev.etch.op.IntegerOp;
import dev.etch.op.Linear;
import dev.etch.op.LinearResize2d;
import dev.etch.op.LogSoftmax;
import dev.etch.op.MaxPool2d;
import dev.etch.op.Multiply;
import dev.etch.op.NearestResize2d;
import dev.etch.op.Op;
import dev.etch.op.OperatorTable;
import dev.etch.op.PRelu;
import dev.etch.op.Pad;
import dev.etch.op.Quantize;
import dev.etch.op.QuantizeTiesAway;
import dev.etch.op.RealQuantize;
import dev.etch.op.ReduceMean2d;
import dev.etch.op.Relu;
import dev.etch.op.Reshape;
import dev.etch.op.Slice;
import dev.etch.op.Softmax;
import dev.etch.op.SpaceToBatch;
import dev.etch.op.Transpose;
import dev.etch.pass.Pass;
import java.util.Optional;
import java.util.Set;

/**
 * Replaces float operators between Dequantize and Quantize by exact integer operators; see
 * docs/rationale/arithmetic.md for what each becomes. Float operators that do not lie between
 * quantizations stay.
 */
public final class IntegerizeQuantizedOperators implements Pass {
  private static final OperatorTable<IntegerRule> RULES =
      OperatorTable.<IntegerRule>of("integer rewrite")
          .with(new AddToInteger(), Add.class)
          .with(new AveragePool2dToInteger(), AveragePool2d.class)
          .with(new ActivationToInteger(), Clip.class, Relu.class)
          .with(new ConcatToInteger(), Concat.class)
          .with(new Conv2dToInteger(), Conv2d.class)
          .with(new ConvTranspose2dToInteger(), ConvTranspose2d.class)
          .with(new DenseToInteger(), Dense.class)
          .with(new ExtremumToInteger(), Extremum.class)
          .with(new FunctionToInteger(), FunctionOp.class, PRelu.class)
          .with(new LinearToInteger(), Linear.class)
          .with(new LinearResize2dToInteger(), LinearResize2d.class)
          .with(
              new MoveToInteger(),
              MaxPool2d.class,
              NearestResize2d.class,
              Reshape.class,
              Slice.class,
              Transpose.class)
          .with(new MultiplyToInteger(), Multiply.class)
          .with(new PadToInteger(), Pad.class)
          .with(new ReduceMean2dToInteger(), ReduceMean2d.class)
          .with(new SoftmaxToInteger(), Softmax.class)
          .without("begins what the others are rules for", Dequantize.class)
          .without("ends it", ArgMax.class, Quantize.class, RealQuantize.class)
          .without("integers already", IntegerOp.class)
          .without("folded, or linear by now", BatchNormalization.class)
          .without("no reader makes it of floats", BatchToSpace.class, SpaceToBatch.class)
          .without("has no operands", Constant.class)
          .without("the host's", LogSoftmax.class, QuantizeTiesAway.class)
          .build();

  /** Float operators that have an integer form. */
  public static Set<Class<? extends Op>> operators() {
    return RULES.operators();
  }

  @Override
  public String name() {
    return "integerize-quantized-operators";
  }

  @Override
  public Graph run(Graph graph, DiagnosticCollector diagnostics) {
    Rewrite rewrite = new Rewrite(graph, diagnostics);
    KernelSelection kernels = KernelSelection.of(graph);
    for (Node node : graph.nodes()) {
      rewrite(node, kernels, rewrite);
    }
    graph.outputs().forEach(rewrite::value);
    return rewrite.finish();
  }

  private static void rewrite(Node node, KernelSelection kernels, Rewrite rewrite) {
    Optional<FloatForm> form = form(node, rewrite);
    if (form.isPresent()) {
      rewrite.define(node, form.get());
      return;
    }
    rewrite.replace(
        node, integers(node, kernels, rewrite).orElseGet(() -> rewrite.emitFloat(node)));
  }

  /** The integers that the node gives, if integer operators give them. */
  private static Optional<Value> integers(Node node, KernelSelection kernels, Rewrite rewrite) {
    if (node.op() instanceof Quantize quantize) {
      return quantized(node, quantize, kernels.of(node), rewrite);
    }
    if (node.op() instanceof RealQuantize quantize) {
      return rewrite
          .form(node.inputs().get(0))
          .flatMap(form -> form.quantize(rewrite, RealTarget.of(node, quantize)));
    }
    return node.op() instanceof ArgMax ? indexes(node, rewrite) : Optional.empty();
  }

  private static Optional<FloatForm> form(Node node, Rewrite rewrite) {
    if (node.op() instanceof Dequantize dequantize) {
      return Optional.of(
          new Dequantized(rewrite.value(node.inputs().get(0)), dequantize.quantization()));
    }
    return RULES.find(node.op()).flatMap(rule -> rule.apply(node, rewrite));
  }

  private static Optional<Value> quantized(
      Node node, Quantize op, KernelSelection.Kernel kernel, Rewrite rewrite) {
    return op.quantization().isPerTensor()
        ? rewrite
            .form(node.inputs().get(0))
            .flatMap(form -> form.quantize(rewrite, Target.of(node, op.quantization(), kernel)))
        : Optional.empty();
  }

  /** Scales are above 0, so the largest integer is where the largest float is. */
  private static Optional<Value> indexes(Node node, Rewrite rewrite) {
    return rewrite
        .activation(node.inputs().get(0))
        .map(operand -> rewrite.emit(node, node.op(), operand.integers()));
  }
}
