// SPDX-License-Identifier: Apache-2.0
package dev.etch.optimize.integer;

import dev.etch.diagnostic.DiagnosticCollector;
import dev.etch.graph.Graph;
import dev.etch.graph.Node;
import dev.etch.graph.Value;
import dev.etch.op.Add;
import dev.etch.op.ArgMax;
import dev.etch.op.AveragePool2d;
import dev.etch.op.Clip;
import dev.etch.op.Concat;
import dev.etch.op.Conv2d;
import dev.etch.op.ConvTranspose2d;
import dev.etch.op.Dense;
import dev.etch.op.Dequantize;
import dev.etch.op.Elu;
import dev.etch.op.Extremum;
import dev.etch.op.Gelu;
import dev.etch.op.HardSigmoid;
import dev.etch.op.HardSwish;
import dev.etch.op.LeakyRelu;
import dev.etch.op.Linear;
import dev.etch.op.LinearResize2d;
import dev.etch.op.MaxPool2d;
import dev.etch.op.Mish;
import dev.etch.op.Multiply;
import dev.etch.op.NearestResize2d;
import dev.etch.op.Op;
import dev.etch.op.PRelu;
import dev.etch.op.Pad;
import dev.etch.op.Quantize;
import dev.etch.op.RealQuantize;
import dev.etch.op.ReduceMean2d;
import dev.etch.op.Relu;
import dev.etch.op.Reshape;
import dev.etch.op.Sigmoid;
import dev.etch.op.Slice;
import dev.etch.op.Softmax;
import dev.etch.op.Softplus;
import dev.etch.op.Tanh;
import dev.etch.op.Transpose;
import dev.etch.pass.Pass;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Replaces float operators between Dequantize and Quantize by exact integer operators; see
 * docs/rationale/arithmetic.md for what each becomes. Float operators that do not lie between
 * quantizations stay.
 */
public final class IntegerizeQuantizedOperators implements Pass {
  private static final Map<Class<? extends Op>, IntegerRule> RULES =
      Map.ofEntries(
          Map.entry(Add.class, new AddToInteger()),
          Map.entry(AveragePool2d.class, new AveragePool2dToInteger()),
          Map.entry(Clip.class, new ActivationToInteger()),
          Map.entry(Concat.class, new ConcatToInteger()),
          Map.entry(Conv2d.class, new Conv2dToInteger()),
          Map.entry(ConvTranspose2d.class, new ConvTranspose2dToInteger()),
          Map.entry(Dense.class, new DenseToInteger()),
          Map.entry(Elu.class, new FunctionToInteger()),
          Map.entry(Extremum.class, new ExtremumToInteger()),
          Map.entry(Gelu.class, new FunctionToInteger()),
          Map.entry(HardSigmoid.class, new FunctionToInteger()),
          Map.entry(HardSwish.class, new FunctionToInteger()),
          Map.entry(LeakyRelu.class, new FunctionToInteger()),
          Map.entry(Linear.class, new LinearToInteger()),
          Map.entry(LinearResize2d.class, new LinearResize2dToInteger()),
          Map.entry(MaxPool2d.class, new MoveToInteger()),
          Map.entry(Mish.class, new FunctionToInteger()),
          Map.entry(Multiply.class, new MultiplyToInteger()),
          Map.entry(NearestResize2d.class, new MoveToInteger()),
          Map.entry(PRelu.class, new FunctionToInteger()),
          Map.entry(Pad.class, new PadToInteger()),
          Map.entry(ReduceMean2d.class, new ReduceMean2dToInteger()),
          Map.entry(Relu.class, new ActivationToInteger()),
          Map.entry(Reshape.class, new MoveToInteger()),
          Map.entry(Sigmoid.class, new FunctionToInteger()),
          Map.entry(Slice.class, new MoveToInteger()),
          Map.entry(Softmax.class, new SoftmaxToInteger()),
          Map.entry(Softplus.class, new FunctionToInteger()),
          Map.entry(Tanh.class, new FunctionToInteger()),
          Map.entry(Transpose.class, new MoveToInteger()));

  /** Float operators that have an integer form. */
  public static Set<Class<? extends Op>> operators() {
    return RULES.keySet();
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
    IntegerRule rule = RULES.get(node.op().getClass());
    return rule == null ? Optional.empty() : rule.apply(node, rewrite);
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
