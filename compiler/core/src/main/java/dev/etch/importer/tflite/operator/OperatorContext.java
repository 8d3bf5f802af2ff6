// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.tflite.operator;

import dev.etch.diagnostic.Location;
import dev.etch.diagnostic.OperatorException;
import dev.etch.graph.Value;
import dev.etch.importer.Refusal;
import dev.etch.importer.TfliteKernels;
import dev.etch.importer.tflite.schema.MalformedFile;
import dev.etch.importer.tflite.schema.Options;
import dev.etch.importer.tflite.schema.TfliteOperator;
import dev.etch.op.Op;
import dev.etch.tensor.FloatTensor;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.Tensor;
import dev.etch.tensor.TensorType;
import java.util.List;

/** One operator while it is read: its operands, attributes and results. */
public final class OperatorContext {
  private final TfliteOperator operator;
  private final Options options;
  private final TensorScope scope;
  private final Location location;
  private final String name;

  /** An operator called {@code operatorName} in messages. */
  public OperatorContext(
      TfliteOperator operator, String operatorName, TensorScope scope, String file) {
    this.operator = operator;
    this.options = new Options(operator);
    this.scope = scope;
    if (operator.outputs().isEmpty()) {
      throw new MalformedFile("an operator " + operatorName + " has no result");
    }
    // TFLite does not name operators: people find them by their result. A converter that fuses
    // layers joins all their names, the last one first.
    String result = scope.name(operator.outputs().get(0));
    this.location = Location.node(file, result, operatorName);
    this.name = result.split(";", 2)[0].isEmpty() ? result : result.split(";", 2)[0];
  }

  /** Where the user finds it. */
  public Location location() {
    return location;
  }

  /** The release whose kernels the model follows. */
  TfliteKernels kernels() {
    return scope.kernels();
  }

  /** Attributes. */
  Options options() {
    return options;
  }

  /** Complains unless it has {@code least} to {@code most} operands, without those left out. */
  void operands(int least, int most) {
    int count = operator.inputs().size();
    if (count < least || count > most) {
      throw new Refusal("it has " + count + " operands", "convert the model again");
    }
  }

  /** Number of operands. */
  int operandCount() {
    return operator.inputs().size();
  }

  /** Number of results. */
  int resultCount() {
    return operator.outputs().size();
  }

  /** Whether an operand is there and not left out. */
  boolean has(int operand) {
    return operand < operator.inputs().size() && operator.inputs().get(operand) >= 0;
  }

  /** What the file says of an operand. */
  TensorInfo operand(int operand) {
    return scope.info(tensor(operand));
  }

  /** What the file says of a result. */
  TensorInfo result(int result) {
    return scope.info(resultTensor(result));
  }

  /** What the file says of a tensor that only holds the quantization of something inside. */
  TensorInfo intermediate(int number) {
    if (number >= operator.intermediates().size()) {
      throw new Refusal(
          "it has %d intermediate tensors".formatted(operator.intermediates().size()),
          "convert the model again");
    }
    return scope.info(operator.intermediates().get(number));
  }

  /** The graph's value of an operand. */
  Value value(int operand) {
    return scope.value(tensor(operand));
  }

  /** Whether the file has data for an operand. */
  boolean isConstant(int operand) {
    return scope.isConstant(tensor(operand));
  }

  /** Data of an operand that must be a constant. */
  IntegerTensor constant(int operand) {
    return scope.constant(tensor(operand));
  }

  /** As {@link #constant}, of floats. */
  FloatTensor floats(int operand) {
    return scope.floats(tensor(operand));
  }

  /** As {@link #constant}, of integers that may have 64 bits. */
  long[] longs(int operand) {
    return scope.longs(tensor(operand));
  }

  /** An operand that must be a constant list of axes, extents or positions. */
  List<Integer> numbers(int operand) {
    return scope.numbers(tensor(operand));
  }

  /** Adds a constant that the reader has made of operand {@code operand}. */
  Value emitConstant(int operand, Tensor data) {
    String constant = scope.name(tensor(operand));
    return scope.builder().constant(constant, data, location);
  }

  /** Adds a node whose result, named after its role, is not a tensor of the file. */
  Value emit(String role, Op op, Value... operands) {
    return scope.builder().add(name, name + "/" + role, op, location, operands);
  }

  /** Adds the node that makes the first result. */
  void finish(Op op, Value... operands) {
    finish(0, op, operands);
  }

  /** Adds the node that makes a result. */
  void finish(int result, Op op, Value... operands) {
    Value value = scope.builder().add(name, resultName(result), op, location, operands);
    define(result, value);
  }

  /** Says that the first result is the constant that an operand is. */
  void aliasConstant(int operand) {
    scope.alias(resultTensor(0), tensor(operand));
  }

  private void define(int result, Value value) {
    TensorType declared = result(result).type();
    if (!declared.equals(value.type())) {
      throw new OperatorException(
          "its result is %s, but the file says %s".formatted(value.type(), declared),
          "convert the model again");
    }
    scope.define(resultTensor(result), value);
  }

  private String resultName(int result) {
    return scope.name(resultTensor(result));
  }

  private int resultTensor(int result) {
    if (result >= operator.outputs().size()) {
      throw new Refusal("it has " + operator.outputs().size() + " results", "convert it again");
    }
    return operator.outputs().get(result);
  }

  private int tensor(int operand) {
    if (!has(operand)) {
      throw new Refusal("operand " + operand + " is missing", "convert the model again");
    }
    return operator.inputs().get(operand);
  }
}
