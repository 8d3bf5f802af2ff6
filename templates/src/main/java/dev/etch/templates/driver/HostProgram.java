// SPDX-License-Identifier: Apache-2.0
package dev.etch.templates.driver;

import dev.etch.diagnostic.DiagnosticException;
import dev.etch.diagnostic.Printable;
import dev.etch.graph.Graph;
import dev.etch.graph.Node;
import dev.etch.graph.PartitionedModel;
import dev.etch.graph.Value;
import dev.etch.op.AccumulatingOp;
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
import dev.etch.op.IntegerLstm;
import dev.etch.op.IntegerMultiply;
import dev.etch.op.InterpolatedSoftmax;
import dev.etch.op.Linear;
import dev.etch.op.LinearResize2d;
import dev.etch.op.LogSoftmax;
import dev.etch.op.Lookup;
import dev.etch.op.MaxPool2d;
import dev.etch.op.Multiply;
import dev.etch.op.NearestResize2d;
import dev.etch.op.Op;
import dev.etch.op.OperatorTable;
import dev.etch.op.PRelu;
import dev.etch.op.Pad;
import dev.etch.op.Quantization;
import dev.etch.op.Quantize;
import dev.etch.op.QuantizeTiesAway;
import dev.etch.op.QuantizedAdd;
import dev.etch.op.QuantizedLogSoftmax;
import dev.etch.op.QuantizedSoftmax;
import dev.etch.op.RealQuantize;
import dev.etch.op.ReduceMean2d;
import dev.etch.op.Relu;
import dev.etch.op.Requantize;
import dev.etch.op.Reshape;
import dev.etch.op.Slice;
import dev.etch.op.Softmax;
import dev.etch.op.SpaceToBatch;
import dev.etch.op.TableSoftmax;
import dev.etch.op.Transpose;
import dev.etch.op.requantization.RealStep;
import dev.etch.templates.SafeText;
import dev.etch.templates.driver.HostStep.ArrayType;
import dev.etch.templates.driver.HostStep.Method;
import dev.etch.templates.driver.HostStep.Table;
import dev.etch.templates.driver.HostStep.TableName;
import dev.etch.tensor.Shape;
import dev.etch.tensor.TensorType;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** A host part of a model, a chain of operators, as calls of the generated HostMath. */
final class HostProgram {
  private interface Maker {
    HostStep make(int index, Op op, TensorType operand);
  }

  private static final OperatorTable<Maker> MAKERS =
      OperatorTable.<Maker>of("generated driver")
          .with(maker(Quantize.class, HostProgram::quantize), Quantize.class)
          .with(
              maker(QuantizeTiesAway.class, (i, op, type) -> quantizeTiesAway(i, op)),
              QuantizeTiesAway.class)
          .with(maker(RealQuantize.class, HostQuantizer::step), RealQuantize.class)
          .with(maker(Linear.class, HostProgram::linear), Linear.class)
          .with(maker(Dequantize.class, HostProgram::dequantize), Dequantize.class)
          .with(maker(Transpose.class, HostProgram::transpose), Transpose.class)
          .with((i, op, type) -> clip(i, 0, Float.POSITIVE_INFINITY), Relu.class)
          .with(maker(Clip.class, (i, op, type) -> clip(i, op.minimum(), op.maximum())), Clip.class)
          .with(maker(Softmax.class, HostProgram::softmax), Softmax.class)
          .with(maker(LogSoftmax.class, HostProgram::logSoftmax), LogSoftmax.class)
          .with(
              maker(QuantizedLogSoftmax.class, HostProgram::logSoftmax), QuantizedLogSoftmax.class)
          .with(maker(QuantizedSoftmax.class, HostProgram::softmax), QuantizedSoftmax.class)
          .with(maker(TableSoftmax.class, HostProgram::softmax), TableSoftmax.class)
          .with(maker(InterpolatedSoftmax.class, HostProgram::softmax), InterpolatedSoftmax.class)
          .with(maker(ArgMax.class, HostProgram::argMax), ArgMax.class)
          .without("moves nothing", Reshape.class)
          .without("a table, behind a Dequantize of narrow integers", FunctionOp.class)
          .without(
              "the accelerator's, if the model is quantized there",
              AccumulatingOp.class,
              Add.class,
              AveragePool2d.class,
              BatchNormalization.class,
              BatchToSpace.class,
              Concat.class,
              Constant.class,
              Conv2d.class,
              ConvTranspose2d.class,
              Dense.class,
              Extremum.class,
              IntegerLstm.class,
              IntegerMultiply.class,
              LinearResize2d.class,
              Lookup.class,
              MaxPool2d.class,
              Multiply.class,
              NearestResize2d.class,
              Pad.class,
              PRelu.class,
              QuantizedAdd.class,
              ReduceMean2d.class,
              Requantize.class,
              Slice.class,
              SpaceToBatch.class)
          .build();

  private interface TypedMaker<T extends Op> {
    HostStep make(int index, T op, TensorType operand);
  }

  private static <T extends Op> Maker maker(Class<T> op, TypedMaker<T> maker) {
    return (i, any, type) -> maker.make(i, op.cast(any), type);
  }

  private HostProgram() {}

  /** Operators that a driver can compute. */
  static Set<Class<? extends Op>> supported() {
    return MAKERS.operators();
  }

  /**
   * Complains about the layers that a driver cannot compute.
   *
   * @param imported the model before all passes, whose tensors have the names that the user knows
   * @throws DiagnosticException if there are any, with the tensor where the model can be cut
   */
  static void check(PartitionedModel model, Graph imported) {
    List<Node> before = refused(model.before());
    if (!before.isEmpty()) {
      Node last = imported(before.get(before.size() - 1), imported);
      throw refuse(before, "in front of the quantized layers", "--inputs", last.output());
    }
    List<Node> after = refused(model.after());
    if (!after.isEmpty()) {
      Node first = imported(after.get(0), imported);
      throw refuse(after, "behind the quantized layers", "--outputs", first.inputs().get(0));
    }
  }

  /** The node that the user knows for one behind all passes. */
  private static Node imported(Node node, Graph imported) {
    return imported.nodes().stream()
        .filter(n -> n.location().equals(node.location()) && !n.inputs().isEmpty())
        .findFirst()
        .orElse(node);
  }

  private static DiagnosticException refuse(
      List<Node> nodes, String place, String option, Value cut) {
    return new DiagnosticException(
        nodes.get(0).location(),
        "stays float %s, where the generated driver cannot compute it%s"
            .formatted(place, others(nodes)),
        "quantize this layer too, or cut the model there, %s %s, and compute the rest in the program that uses the driver"
            .formatted(option, Printable.of(cut.name())));
  }

  private static String others(List<Node> nodes) {
    return nodes.size() == 1
        ? ""
        : " (with "
            + nodes.stream()
                .skip(1)
                .map(node -> "'" + Printable.of(node.name()) + "'")
                .collect(Collectors.joining(", "))
            + ")";
  }

  private static List<Node> refused(Graph part) {
    if (part.outputs().size() == 1) {
      return refused(part.inputs().get(0), part.nodes());
    }
    Set<Node> refused = new LinkedHashSet<>();
    for (Value output : part.outputs()) {
      HostChain chain = HostChain.to(output, part);
      refused.addAll(refused(chain.begin(), chain.nodes()));
    }
    return List.copyOf(refused);
  }

  private static List<Node> refused(Value begin, List<Node> nodes) {
    List<Node> refused = new ArrayList<>();
    Value current = begin;
    Optional<HostTable> table = Optional.empty();
    for (Node node : nodes) {
      if (node.op() instanceof Constant) {
        continue;
      }
      if (node.inputs().size() != 1 || !node.inputs().get(0).equals(current)) {
        refused.add(node);
      } else if (!(node.op() instanceof Reshape)) {
        Optional<HostTable> functions = table.flatMap(behind -> behind.then(node.op()));
        if (functions.isEmpty() && MAKERS.find(node.op()).isEmpty()) {
          refused.add(node);
        }
        table = functions.or(() -> HostTable.behind(node.op()));
      }
      current = node.output();
    }
    return refused;
  }

  /**
   * The calls of one part.
   *
   * @throws DiagnosticException if it is no chain, or an operator has no host form
   */
  static List<HostStep> of(Graph part) {
    return steps(part.inputs().get(0), part.nodes(), part.outputs().get(0));
  }

  /**
   * What the host computes of an output of the accelerator.
   *
   * @param source which output of the accelerator, counted from 0
   * @param steps the calls
   */
  record Tail(int source, List<HostStep> steps) {}

  /**
   * The calls that make each output of the last part; steps that outputs share are in each.
   *
   * @throws DiagnosticException if one depends on several outputs of the accelerator, or an
   *     operator has no host form
   */
  static List<Tail> tails(Graph part) {
    List<Tail> tails = new ArrayList<>();
    for (Value output : part.outputs()) {
      HostChain chain = HostChain.to(output, part);
      List<HostStep> steps = steps(chain.begin(), chain.nodes(), output);
      tails.add(new Tail(part.inputs().indexOf(chain.begin()), steps));
    }
    return tails;
  }

  private static List<HostStep> steps(Value begin, List<Node> nodes, Value end) {
    List<HostStep> steps = new ArrayList<>();
    Value current = begin;
    Optional<HostTable> table = Optional.empty();
    for (Node node : nodes) {
      if (node.inputs().size() != 1 || !node.inputs().get(0).equals(current)) {
        throw refuse(node, "is not in a chain of one operand each");
      }
      if (!(node.op() instanceof Reshape)) {
        Optional<HostTable> functions = table.flatMap(behind -> behind.then(node.op()));
        if (functions.isPresent()) {
          steps.set(steps.size() - 1, functions.get().step(steps.size()));
          table = functions;
        } else {
          steps.add(step(node, steps.size() + 1, current.type()));
          table = HostTable.behind(node.op());
        }
      }
      current = node.output();
    }
    if (!end.equals(current)) {
      throw new DiagnosticException(
          nodes.get(nodes.size() - 1).location(),
          "the host part does not end at the model's output",
          "give the model a single output");
    }
    return steps;
  }

  private static HostStep step(Node node, int index, TensorType operand) {
    return MAKERS
        .find(node.op())
        .orElseThrow(() -> refuse(node, "cannot run in the generated driver"))
        .make(index, node.op(), operand);
  }

  private static DiagnosticException refuse(Node node, String why) {
    return new DiagnosticException(
        node.location(),
        "the operator " + why,
        "cut the model before this node, or compute it in the program that uses the driver");
  }

  private static HostStep quantize(int index, Quantize op, TensorType operand) {
    Quantization q = op.quantization();
    return new HostStep(
        index,
        Method.QUANTIZE,
        ArrayType.INTS,
        tables(q),
        List.of(
            stride(q, operand.shape()),
            SafeText.javaInt(Math.toIntExact(q.type().minimum())),
            SafeText.javaInt(Math.toIntExact(q.type().maximum()))));
  }

  private static HostStep quantizeTiesAway(int index, QuantizeTiesAway op) {
    Quantization q = op.quantization();
    return new HostStep(
        index,
        Method.QUANTIZE_TIES_AWAY,
        ArrayType.INTS,
        tables(q),
        List.of(
            SafeText.javaInt(Math.toIntExact(q.type().minimum())),
            SafeText.javaInt(Math.toIntExact(q.type().maximum()))));
  }

  private static HostStep linear(int index, Linear op, TensorType operand) {
    List<RealStep.Linear> channels = op.channels();
    return new HostStep(
        index,
        Method.LINEAR,
        ArrayType.FLOATS,
        List.of(
            table(TableName.DIVISORS, channels.stream().map(RealStep.Linear::divisor).toList()),
            table(TableName.FACTORS, channels.stream().map(RealStep.Linear::factor).toList()),
            table(TableName.ADDENDS, channels.stream().map(RealStep.Linear::addend).toList())),
        List.of(
            SafeText.javaInt(
                channels.size() == 1 ? 1 : stride(operand.shape(), op.channelAxis()))));
  }

  static Table table(TableName name, List<Float> values) {
    return new Table(name, ArrayType.FLOATS, SafeText.javaFloats(values));
  }

  private static HostStep dequantize(int index, Dequantize op, TensorType operand) {
    Quantization q = op.quantization();
    return new HostStep(
        index, Method.DEQUANTIZE, ArrayType.FLOATS, tables(q), List.of(stride(q, operand.shape())));
  }

  private static List<Table> tables(Quantization q) {
    return List.of(
        new Table(TableName.SCALES, ArrayType.FLOATS, SafeText.javaFloats(q.scales())),
        new Table(TableName.ZERO_POINTS, ArrayType.INTS, SafeText.javaInts(q.zeroPoints())));
  }

  /** Elements between neighbours along the channels' axis. */
  private static SafeText.JavaText stride(Quantization q, Shape shape) {
    return SafeText.javaInt(q.isPerTensor() ? 1 : stride(shape, q.axis()));
  }

  static int stride(Shape shape, int axis) {
    return shape.strides()[axis < 0 ? axis + shape.rank() : axis];
  }

  private static HostStep transpose(int index, Transpose op, TensorType operand) {
    return new HostStep(
        index,
        Method.TRANSPOSE,
        arrayType(operand),
        List.of(
            new Table(
                TableName.SHAPE, ArrayType.INTS, SafeText.javaInts(operand.shape().dimensions())),
            new Table(TableName.PERMUTATION, ArrayType.INTS, SafeText.javaInts(op.permutation()))),
        List.of());
  }

  private static HostStep clip(int index, float minimum, float maximum) {
    return new HostStep(
        index,
        Method.CLIP,
        ArrayType.FLOATS,
        List.of(),
        List.of(SafeText.javaFloat(minimum), SafeText.javaFloat(maximum)));
  }

  private static HostStep softmax(int index, Softmax op, TensorType operand) {
    return new HostStep(
        index, Method.SOFTMAX, ArrayType.FLOATS, List.of(), axis(operand, op.axis()));
  }

  private static HostStep logSoftmax(int index, LogSoftmax op, TensorType operand) {
    return new HostStep(
        index, Method.LOG_SOFTMAX, ArrayType.FLOATS, List.of(), axis(operand, op.axis()));
  }

  private static HostStep logSoftmax(int index, QuantizedLogSoftmax op, TensorType operand) {
    return new HostStep(
        index,
        Method.FIXED_POINT_LOG_SOFTMAX,
        ArrayType.INTS,
        List.of(
            ints(TableName.EXPONENTIALS, op.exponentials()),
            ints(TableName.DISTANCES, op.distances())),
        List.of(
            SafeText.javaInt(operand.shape().dimension(-1)),
            SafeText.javaInt(op.leastDifference()),
            SafeText.javaInt(op.reverse().multiplier()),
            SafeText.javaInt(op.reverse().shift())));
  }

  private static HostStep softmax(int index, QuantizedSoftmax op, TensorType operand) {
    return new HostStep(
        index,
        Method.FIXED_POINT_SOFTMAX,
        ArrayType.INTS,
        List.of(ints(TableName.EXPONENTIALS, op.exponentials())),
        List.of(
            SafeText.javaInt(operand.shape().dimension(-1)),
            SafeText.javaInt(op.output().bits()),
            SafeText.javaInt(Math.toIntExact(op.output().minimum()))));
  }

  private static HostStep softmax(int index, TableSoftmax op, TensorType operand) {
    List<SafeText.JavaText> arguments = new ArrayList<>(axis(operand, op.axis()));
    arguments.add(SafeText.javaInt((int) op.steps()));
    arguments.add(SafeText.javaInt(op.zeroPoint()));
    arguments.add(SafeText.javaInt(Math.toIntExact(op.output().maximum())));
    return new HostStep(
        index,
        Method.TABLE_SOFTMAX,
        ArrayType.INTS,
        List.of(
            table(TableName.EXPONENTIALS, op.exponentials(operand.shape().dimension(op.axis())))),
        arguments);
  }

  private static HostStep softmax(int index, InterpolatedSoftmax op, TensorType operand) {
    return new HostStep(
        index,
        Method.INTERPOLATED_SOFTMAX,
        ArrayType.INTS,
        List.of(
            ints(TableName.EXPONENTIALS, InterpolatedSoftmax.exponentials()),
            ints(TableName.RECIPROCALS, InterpolatedSoftmax.reciprocals())),
        List.of(
            SafeText.javaInt(operand.shape().dimension(-1)),
            SafeText.javaInt(op.multiplier().multiplier()),
            SafeText.javaInt(op.multiplier().shift())));
  }

  private static Table ints(TableName name, List<Integer> values) {
    return new Table(name, ArrayType.INTS, SafeText.javaInts(values));
  }

  private static HostStep argMax(int index, ArgMax op, TensorType operand) {
    List<SafeText.JavaText> arguments = new ArrayList<>(axis(operand, op.axis()));
    arguments.add(SafeText.javaBoolean(op.selectLast()));
    return new HostStep(index, Method.ARG_MAX, ArrayType.INTS, List.of(), arguments);
  }

  private static List<SafeText.JavaText> axis(TensorType operand, int axis) {
    return List.of(
        SafeText.javaInt(operand.shape().dimension(axis)),
        SafeText.javaInt(stride(operand.shape(), axis)));
  }

  /** The Java array that carries a tensor. */
  static ArrayType arrayType(TensorType type) {
    return type.isFloat() ? ArrayType.FLOATS : ArrayType.INTS;
  }
}
