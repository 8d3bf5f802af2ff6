// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.onnx.operator;

import dev.etch.diagnostic.Location;
import dev.etch.diagnostic.OperatorException;
import dev.etch.diagnostic.Printable;
import dev.etch.graph.GraphBuilder;
import dev.etch.graph.Value;
import dev.etch.importer.Refusal;
import dev.etch.importer.onnx.data.Operand;
import dev.etch.importer.onnx.data.TensorReader;
import dev.etch.op.Constant;
import dev.etch.op.Dequantize;
import dev.etch.op.Op;
import dev.etch.tensor.DenseWeights;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.Weights;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** What is known of the graph while its nodes are read in order. */
public final class Scope {
  private static final long MOST_CONSTANT_ELEMENTS = 1L << 28;

  private final String file;
  private final GraphBuilder builder;
  private final TensorReader tensors;
  private final Set<String> used;
  private final Map<String, Operand> operands = new HashMap<>();
  private final Map<String, Value> constants = new HashMap<>();
  private long constantElements;

  /**
   * An empty scope.
   *
   * @param file the model, for locations
   * @param builder gets the nodes
   * @param tensors reads tensors in attributes
   * @param used names that some live node reads or the graph gives out
   */
  public Scope(String file, GraphBuilder builder, TensorReader tensors, Set<String> used) {
    this.file = file;
    this.builder = builder;
    this.tensors = tensors;
    this.used = used;
  }

  /** Says what {@code name} stands for. */
  public void define(String name, Operand operand) {
    if (!(operand instanceof Operand.Dynamic) && !(operand instanceof Operand.Refused)) {
      countConstant(operand.shape().elements());
    }
    operands.put(name, operand);
  }

  /** A long chain of nodes that each copy a large constant must not use up the memory. */
  private void countConstant(int elements) {
    constantElements += elements;
    if (constantElements > MOST_CONSTANT_ELEMENTS) {
      throw new Refusal(
          "constants have more than " + MOST_CONSTANT_ELEMENTS + " elements in all",
          "the model is too large for hardware");
    }
  }

  /** What {@code name} stands for; null if nothing defines it. */
  public Operand lookup(String name) {
    return operands.get(name);
  }

  /** Where an element of the model is. */
  public Location location(String name, String kind) {
    return Location.node(file, name, kind);
  }

  TensorReader tensors() {
    return tensors;
  }

  boolean isUsed(String name) {
    return used.contains(name);
  }

  /**
   * The graph's value for {@code name}; a constant becomes a node the first time it is asked for.
   */
  public Value value(String name) {
    Operand operand = operands.get(name);
    if (operand instanceof Operand.Dynamic dynamic) {
      return dynamic.value();
    }
    Value known = constants.get(name);
    if (known == null) {
      known = materialize(operand, name);
      constants.put(name, known);
    }
    return known;
  }

  /** A new node for a constant that readers have made; dynamic values as they are. */
  Value materialize(Operand operand, String name) {
    if (operand instanceof Operand.Dynamic dynamic) {
      return dynamic.value();
    }
    if (operand instanceof Operand.DequantizedConstant dequantized) {
      Value integers =
          constant(dequantized.integersName(), dequantized.integers(), dequantized.location());
      return add(
          dequantized.nodeName(),
          name,
          new Dequantize(dequantized.quantization()),
          dequantized.location(),
          integers);
    }
    if (operand instanceof Operand.Constant constant) {
      return constant(name, constant.weights(), location(name, "constant"));
    }
    IntegerTensor tensor = narrowed((Operand.Longs) operand);
    return constant(name, new DenseWeights(tensor), location(name, "constant"));
  }

  private Value constant(String name, Weights weights, Location location) {
    countConstant(weights.type().shape().elements());
    return add(name, name, new Constant(weights), location);
  }

  /** 64-bit integers as a tensor of the graph, which holds 32 bits of each. */
  static IntegerTensor narrowed(Operand.Longs longs) {
    if (Arrays.stream(longs.data()).anyMatch(v -> v != (int) v)) {
      throw new Refusal("an int64 constant does not fit 32 bits", "");
    }
    return new IntegerTensor(
        longs.type(), Arrays.stream(longs.data()).mapToInt(v -> (int) v).toArray());
  }

  /**
   * Adds a node.
   *
   * @throws Refusal if the operands do not fit the operator
   */
  Value add(String nodeName, String resultName, Op op, Location location, Value... operands) {
    try {
      return builder.add(Printable.of(nodeName), Printable.of(resultName), op, location, operands);
    } catch (OperatorException e) {
      throw new Refusal(e.getMessage(), e.help());
    } catch (ArithmeticException | IllegalArgumentException e) {
      throw new Refusal("result is too large: " + e.getMessage(), "at most 2^31 - 1 elements");
    }
  }
}
