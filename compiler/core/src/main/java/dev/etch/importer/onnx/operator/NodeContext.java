// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.onnx.operator;

import dev.etch.diagnostic.Location;
import dev.etch.graph.Value;
import dev.etch.importer.Refusal;
import dev.etch.importer.onnx.data.Operand;
import dev.etch.importer.onnx.data.TensorReader;
import dev.etch.importer.onnx.format.NodeProto;
import dev.etch.op.Dequantize;
import dev.etch.op.Op;
import dev.etch.op.Reshape;
import dev.etch.op.Transpose;
import dev.etch.tensor.DenseWeights;
import dev.etch.tensor.FloatTensor;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.IntegerType;
import dev.etch.tensor.Shape;
import dev.etch.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What a reader sees of its node: operands, attributes, the graph so far, and its results. */
public final class NodeContext {
  private final NodeProto node;
  private final String name;
  private final int operatorSet;
  private final Scope scope;
  private final Attributes attributes;

  /**
   * The context of one node.
   *
   * @param node as the file has it
   * @param name to use for it
   * @param operatorSet version of its domain
   * @param scope the graph so far
   */
  public NodeContext(NodeProto node, String name, int operatorSet, Scope scope) {
    this.node = node;
    this.name = name;
    this.operatorSet = operatorSet;
    this.scope = scope;
    this.attributes = new Attributes(node);
  }

  /** Name of the node. */
  public String name() {
    return name;
  }

  /** Version of the operator set that the node's domain is imported with. */
  public int operatorSet() {
    return operatorSet;
  }

  /** The attributes. */
  public Attributes attributes() {
    return attributes;
  }

  /** Reads tensors in attributes. */
  public TensorReader tensors() {
    return scope.tensors();
  }

  /** Where the user finds this node. */
  public Location location() {
    return scope.location(name, node.getOpType());
  }

  /** Number of operands, absent optional ones in between included. */
  public int inputs() {
    return node.getInputCount();
  }

  /** Whether the operand is there. */
  public boolean has(int input) {
    return input < node.getInputCount() && !node.getInput(input).isEmpty();
  }

  /** Name of an operand in the model. */
  public String inputName(int input) {
    return node.getInput(input);
  }

  /** The operand. */
  public Operand operand(int input) {
    return scope.lookup(node.getInput(input));
  }

  /** Extents of an operand. */
  public Shape shape(int input) {
    return operand(input).shape();
  }

  /** Whether the operand is known at import. */
  public boolean isConstant(int input) {
    return !(operand(input) instanceof Operand.Dynamic);
  }

  /** The operand as a value of the graph. */
  public Value value(int input) {
    return scope.value(node.getInput(input));
  }

  /** A constant that the reader has made, as a value of the graph. */
  public Value materialize(Operand operand, String wantedName) {
    return scope.materialize(operand, wantedName);
  }

  /** A dense constant that the reader has made. */
  public Value constant(String suffix, Tensor tensor) {
    return materialize(new Operand.Constant(new DenseWeights(tensor)), name + "_" + suffix);
  }

  /**
   * A constant operand, decoded; integers of 64 bits are narrowed to 32.
   *
   * @throws Refusal if it is not constant
   */
  public Tensor tensor(int input, String role) {
    Operand operand = operand(input);
    if (operand instanceof Operand.Constant constant) {
      return constant.weights().decode();
    }
    if (operand instanceof Operand.Longs longs) {
      return Scope.narrowed(longs);
    }
    if (operand instanceof Operand.DequantizedConstant dequantized) {
      Dequantize dequantize = new Dequantize(dequantized.quantization());
      return dequantize.evaluate(List.of(dequantized.integers().decode())).get(0);
    }
    throw new Refusal(
        role + " '" + dev.etch.diagnostic.Printable.of(inputName(input)) + "' is not constant",
        "make it an initializer, or let a constant-folding exporter (onnx-simplifier) fold it");
  }

  /** The floats of a constant operand. */
  public FloatTensor floats(int input, String role) {
    if (tensor(input, role) instanceof FloatTensor floats) {
      return floats;
    }
    throw new Refusal(role + " is not float32", "");
  }

  /** The single float of a constant operand. */
  public float number(int input, String role) {
    FloatTensor tensor = floats(input, role);
    if (tensor.data().length != 1) {
      throw new Refusal(role + " has shape " + tensor.shape(), "a single number is wanted");
    }
    return tensor.data()[0];
  }

  /** Numbers of a constant operand; integers, as QKeras's export has them, are numbers too. */
  public FloatTensor numbers(int input, String role) {
    Tensor tensor = tensor(input, role);
    if (tensor instanceof IntegerTensor integers) {
      float[] data = new float[integers.data().length];
      for (int i = 0; i < data.length; i++) {
        data[i] = integers.data()[i];
        if ((long) data[i] != integers.data()[i]) {
          throw new Refusal(role + " " + integers.data()[i] + " has too many digits", "");
        }
      }
      return FloatTensor.of(integers.shape(), data);
    }
    return (FloatTensor) tensor;
  }

  /** The 64-bit integers of a constant operand of rank 0 or 1. */
  public List<Long> longs(int input, String role) {
    if (operand(input) instanceof Operand.Longs longs && longs.shape().rank() <= 1) {
      return Arrays.stream(longs.data()).boxed().toList();
    }
    if (operand(input) instanceof Operand.Constant constant
        && constant.type().element().equals(IntegerType.INT32)
        && constant.shape().rank() <= 1) {
      IntegerTensor tensor = (IntegerTensor) constant.weights().decode();
      return Arrays.stream(tensor.data()).asLongStream().boxed().toList();
    }
    if (isConstant(input)) {
      throw new Refusal(role + " has type " + operand(input).type(), "a list of int64 is wanted");
    }
    throw new Refusal(
        role + " is computed from the model's input",
        "export with fixed shapes, or run onnx-simplifier, so that it is constant");
  }

  /** Adds a node on the way to the result. */
  public Value emit(Op op, Value... operands) {
    String part = name + "_" + op.getClass().getSimpleName().toLowerCase(Locale.ROOT);
    return scope.add(part, part, op, location(), operands);
  }

  /** Adds the node that gives the first result; it has the names that the model uses. */
  public void emitResult(Op op, Value... operands) {
    result(scope.add(name, node.getOutput(0), op, location(), operands));
  }

  /** Adds two nodes, the first with the name of the model's node, the second with its result. */
  public void emitResult(Op first, String suffix, Op second, Value operand) {
    Value between = scope.add(name, name + "_" + suffix, first, location(), operand);
    String part = name + "_" + second.getClass().getSimpleName().toLowerCase(Locale.ROOT);
    result(scope.add(part, node.getOutput(0), second, location(), between));
  }

  /** Adds the node that gives result {@code index}, which has a name. */
  public void emitResult(int index, Op op, Value operand) {
    String part = index == 0 ? name : name + "_" + index;
    Value value = scope.add(part, node.getOutput(index), op, location(), operand);
    scope.define(node.getOutput(index), new Operand.Dynamic(value));
  }

  /** Number of results, those without a name included. */
  public int results() {
    return node.getOutputCount();
  }

  /** Whether a result has a name, so that somebody may read it. */
  public boolean hasResult(int index) {
    return !node.getOutput(index).isEmpty();
  }

  /** Says what the first result is. */
  public void result(Value value) {
    result(new Operand.Dynamic(value));
  }

  /** Says what the first result is. */
  public void result(Operand operand) {
    scope.define(node.getOutput(0), operand);
  }

  /** {@code value} with permuted axes. */
  public Value transposed(Value value, Integer... permutation) {
    return emit(new Transpose(List.of(permutation)), value);
  }

  /** {@code value} under another shape; itself if it has that shape. */
  public Value reshaped(Value value, Shape shape) {
    if (value.type().shape().equals(shape)) {
      return value;
    }
    return emit(new Reshape(shape.dimensions()), value);
  }

  /** Counts a negative axis from the end. */
  public static int axis(long axis, int rank) {
    if (axis < -rank || axis >= rank) {
      throw new Refusal("axis " + axis + " for a tensor of rank " + rank, "");
    }
    return (int) (axis < 0 ? axis + rank : axis);
  }

  /** Checks an operand's rank. */
  public void checkRank(int input, String role, int rank) {
    if (shape(input).rank() != rank) {
      throw new Refusal(role + " has shape " + shape(input), "rank " + rank + " is wanted");
    }
  }

  /**
   * Checks what can be checked of the node alone.
   *
   * @throws Refusal if the operands or attributes are not those of the operator
   */
  public void check(Signature signature) {
    attributes.checkKnown(signature.attributes());
    int inputs = inputs();
    if (inputs < signature.fewestInputs() || inputs > signature.mostInputs()) {
      throw new Refusal(inputs + " operands, but " + signature.operands() + " are wanted", "");
    }
    boolean variadic = signature.mostInputs() == Integer.MAX_VALUE;
    for (int i = 0; i < (variadic ? inputs : signature.fewestInputs()); i++) {
      if (!has(i)) {
        throw new Refusal("operand " + i + " is missing", "");
      }
    }
    if (node.getOutputCount() == 0 || node.getOutput(0).isEmpty()) {
      throw new Refusal("result 0 has no name", "only result 0 is supported");
    }
  }

  /**
   * Refuses later results that somebody reads.
   *
   * @throws Refusal if there is one
   */
  public void checkResults() {
    for (int i = 1; i < node.getOutputCount(); i++) {
      String output = node.getOutput(i);
      if (!output.isEmpty() && scope.lookup(output) == null && scope.isUsed(output)) {
        throw new Refusal(
            "result " + i + " of " + node.getOpType() + " is used, but only result 0 is supported",
            "remove what reads '" + dev.etch.diagnostic.Printable.of(output) + "'");
      }
    }
  }
}
