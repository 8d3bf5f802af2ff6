// SPDX-License-Identifier: Apache-2.0
package dev.etch.optimize.integer;

import dev.etch.diagnostic.DiagnosticCollector;
import dev.etch.graph.Graph;
import dev.etch.graph.Node;
import dev.etch.graph.Value;
import dev.etch.op.Dequantize;
import dev.etch.op.Op;
import dev.etch.op.Quantization;
import dev.etch.pass.GraphRewriter;
import dev.etch.tensor.FloatTensor;
import dev.etch.tensor.Weights;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** State of the integer rewrite: the new graph, and the forms of the original float values. */
final class Rewrite {
  private final GraphRewriter rewriter;
  private final DiagnosticCollector diagnostics;
  private final Map<Value, FloatForm> forms = new HashMap<>();
  private final Map<Value, Node> waiting = new HashMap<>();
  private final Map<Value, Node> makers = new HashMap<>();
  private final Map<Value, Dequantized> aligned = new HashMap<>();

  Rewrite(Graph original, DiagnosticCollector diagnostics) {
    this.rewriter = new GraphRewriter(original);
    this.diagnostics = diagnostics;
  }

  DiagnosticCollector diagnostics() {
    return diagnostics;
  }

  /** The form of a value of the original graph, if it comes from integers. */
  Optional<FloatForm> form(Value original) {
    return Optional.ofNullable(forms.get(original));
  }

  /** The value as quantized integers with one scale, if it can be had without loss. */
  Optional<Dequantized> activation(Value original) {
    return form(original)
        .flatMap(f -> f.dequantized(this))
        .flatMap(d -> perTensor(original, d))
        .filter(d -> d.quantization().isPerTensor() && d.quantization().type().bits() <= 16);
  }

  /** Scales of channels as one, if they have a common divisor. */
  private Optional<Dequantized> perTensor(Value original, Dequantized operand) {
    if (operand.quantization().isPerTensor()) {
      return Optional.of(operand);
    }
    Dequantized known = aligned.get(original);
    if (known != null) {
      return Optional.of(known);
    }
    Optional<Dequantized> found = CommonScale.ofChannels(operand, makers.get(original), this);
    found.ifPresent(f -> aligned.put(original, f));
    return found;
  }

  /** Notes the form of {@code node}'s result; the float value is made only if someone needs it. */
  void define(Node node, FloatForm form) {
    forms.put(node.output(), form);
    waiting.put(node.output(), node);
    makers.put(node.output(), node);
  }

  /** The value of the new graph for a value of the original; makes floats that wait. */
  Value value(Value original) {
    Node node = waiting.remove(original);
    if (node != null) {
      rewriter.replace(original, forms.get(original).materialize(this, node));
    }
    return rewriter.mapped(original);
  }

  /** {@code replacement} stands for {@code node}'s result. */
  void replace(Node node, Value replacement) {
    rewriter.replace(node.output(), replacement);
  }

  /** The node as it is, on float operands. */
  Value emitFloat(Node node) {
    return rewriter.addLike(node, node.op(), node.inputs().stream().map(this::value).toList());
  }

  /** A new node in the place of {@code node}; evaluated at once if all operands are constant. */
  Value emit(Node node, Op op, Value... operands) {
    return rewriter.addFolded(node, op, List.of(operands));
  }

  /** As {@link #emit(Node, Op, Value...)}, one of several nodes that stand for {@code node}. */
  Value emit(Node node, String what, Op op, Value... operands) {
    String name = node.name() + "/" + what;
    return rewriter.add(name, name, op, node.location(), List.of(operands));
  }

  /** A constant that belongs to {@code node}. */
  Value constant(Node node, String what, Weights weights) {
    String name = node.name() + "/" + what;
    return rewriter.add(name, name, new dev.etch.op.Constant(weights), node.location(), List.of());
  }

  /** The constant behind a value of the new graph. */
  Optional<Weights> constant(Value value) {
    return rewriter.constant(value);
  }

  /** The constant integers behind an original float value, with what they mean. */
  Optional<ConstantIntegers> constantIntegers(Value original) {
    if (forms.get(original) instanceof Dequantized d) {
      return constant(d.integers())
          .map(weights -> new ConstantIntegers(d.integers(), weights, d.quantization()));
    }
    return Optional.empty();
  }

  /** The constant floats behind an original value. */
  Optional<Weights> constantFloats(Value original) {
    return waiting.containsKey(original)
        ? Optional.empty()
        : rewriter.constant(rewriter.mapped(original));
  }

  Graph finish() {
    return rewriter.finish();
  }

  /** Constant integers of the new graph and their quantization. */
  record ConstantIntegers(Value value, Weights weights, Quantization quantization) {
    /** The numbers that they stand for. */
    FloatTensor floats() {
      return (FloatTensor) new Dequantize(quantization).evaluate(List.of(weights.decode())).get(0);
    }
  }
}
