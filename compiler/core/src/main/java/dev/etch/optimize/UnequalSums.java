// SPDX-License-Identifier: Apache-2.0
package dev.etch.optimize;

import dev.etch.diagnostic.DiagnosticCollector;
import dev.etch.diagnostic.Location;
import dev.etch.exact.ChannelRange;
import dev.etch.exact.Interval;
import dev.etch.exact.RangeAnalysis;
import dev.etch.exact.Ranges;
import dev.etch.graph.Graph;
import dev.etch.graph.Node;
import dev.etch.graph.Value;
import dev.etch.op.AccumulatingOp;
import dev.etch.op.AnyElementOp;
import dev.etch.op.BilinearResize2d;
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
import dev.etch.op.OperatorTable;
import dev.etch.op.QuantizedAdd;
import dev.etch.op.Requantize;
import dev.etch.op.requantization.ExactSum;
import dev.etch.op.requantization.FloatAccumulation;
import dev.etch.op.requantization.Requantization;
import dev.etch.tensor.IntegerTensor;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Where Etch's exact answer may differ from ONNX Runtime's, because the latter adds up floats in an
 * order that depends on the processor, or multiplies rounded ones. Says which layers these are and
 * bounds the difference; see docs/rationale/arithmetic.md, "Which kernel".
 */
final class UnequalSums {
  /** Wider ones are parts of a sum. */
  private static final int WIDEST_RESULT = 16;

  /** Those without an integer kernel. */
  private static final Set<String> FLOAT_OPERATORS = Set.of("ConvTranspose", "Resize");

  /** Elements that a resized one is mixed of. */
  private static final int MIXED = 4;

  /** The error of a float32 sum in front of a staircase. */
  private interface ErrorOfSum {
    FloatSumError of(
        UnequalSums sums, Node layer, int channel, FloatAccumulation staircase, boolean fine);
  }

  private static final OperatorTable<ErrorOfSum> ERRORS =
      OperatorTable.<ErrorOfSum>of("errors of float sums")
          .with((sums, layer, c, end, fine) -> sums.ofProduct(layer, end), IntegerMultiply.class)
          .with(
              (sums, layer, c, end, fine) -> sums.ofPool(layer, end, fine), IntegerSumPool2d.class)
          .with((sums, layer, c, end, fine) -> sums.ofResize(layer, end), BilinearResize2d.class)
          .with(UnequalSums::ofWeights, IntegerConv2d.class, IntegerDense.class)
          .without("works on floats, or makes or takes them", ConversionOp.class, FloatOp.class)
          .without(
              "its results are no sums that a float layer ends in",
              AnyElementOp.class,
              IntegerLstm.class,
              IntegerSoftmaxOp.class,
              Lookup.class,
              QuantizedAdd.class,
              Requantize.class)
          .build();

  private final Map<Value, Node> producers;
  private final Ranges ranges;
  private final Map<Value, IntegerTensor> constants = new HashMap<>();

  private UnequalSums(Graph graph) {
    this.producers = graph.producers();
    this.ranges = RangeAnalysis.analyze(graph, new DiagnosticCollector());
  }

  /** The layers of an integer graph that no order-free arithmetic can equal. */
  static List<Deviation> in(Graph graph) {
    List<Node> layers = graph.nodes().stream().filter(UnequalSums::isFloat).toList();
    if (layers.isEmpty()) {
      return List.of();
    }
    UnequalSums sums = new UnequalSums(graph);
    return layers.stream().flatMap(layer -> sums.deviation(layer).stream()).toList();
  }

  private static boolean isFloat(Node node) {
    if (node.op() instanceof QuantizedAdd add) {
      return add.sum().accept(new FloatAdditions()).isPresent();
    }
    return node.op() instanceof Requantize op
        && op.output().bits() <= WIDEST_RESULT
        && arithmetic(op).isPresent();
  }

  /** Channels of a layer differ in scales alone. */
  private static FloatArithmetic arithmetic(Requantize op) {
    return FloatArithmetic.of(op.channels().get(0));
  }

  private Optional<Deviation> deviation(Node node) {
    if (node.op() instanceof QuantizedAdd add) {
      return add.sum().accept(new FloatAdditions()).flatMap(sum -> addition(node, sum));
    }
    Requantize op = (Requantize) node.op();
    FloatArithmetic arithmetic = arithmetic(op);
    return arithmetic.sum().isPresent()
        ? sum(node, op)
        : Optional.of(product(node, arithmetic.unequalPairs()));
  }

  private static Deviation product(Node node, int pairs) {
    return new Deviation(
        node.location(),
        String.format(
            Locale.ROOT,
            "ONNX Runtime multiplies in float32 here, since int8 values have several readers; for"
                + " %,d pairs of operands, next to ties, its result is one step from Etch's, which"
                + " rounds the exact product",
            pairs),
        "change the scale of the result slightly, or quantize activations to uint8");
  }

  /** Near a tie, within the error of the operands and of the sum itself. */
  private Optional<Deviation> addition(Node node, ExactSum sum) {
    Node left = producers.get(node.inputs().get(0));
    boolean isFine =
        left != null
            && left.op() instanceof Requantize op
            && op.output().bits() > WIDEST_RESULT
            && arithmetic(op).fine();
    double error = sum.error() + (isFine ? steps(left) * sum.leftRatio() : 0);
    return error == 0
        ? Optional.empty()
        : Optional.of(
            new Deviation(
                node.location(),
                String.format(
                    Locale.ROOT,
                    "ONNX Runtime adds in float32 here; Etch adds exactly and rounds once. Results"
                        + " differ by %s at most, where the exact sum is within %.1e of a step from"
                        + " a tie",
                    error < 1 ? "one step" : (long) Math.ceil(error) + " steps",
                    error),
                "quantize both operands to 8 bits before they are added"));
  }

  /** The largest error of a layer in float32, in steps of its fine result. */
  private double steps(Node fine) {
    List<Requantization> staircases = ((Requantize) fine.op()).channels();
    Node layer = producers.get(fine.inputs().get(0));
    int channels = ranges.channels(layer.output()).size();
    double steps = 0;
    for (int c = 0; c < channels; c++) {
      FloatAccumulation staircase = definition(staircases.get(staircases.size() == 1 ? 0 : c));
      steps = Math.max(steps, error(layer, c, staircase, false).steps(staircase));
    }
    return steps;
  }

  private Optional<Deviation> sum(Node node, Requantize op) {
    Node layer = SummingNode.of(node, producers);
    List<ChannelRange> channels = channels(layer, op);
    long doubtful = 0;
    long reached = 0;
    double steps = 0;
    for (int c = 0; c < channels.size(); c++) {
      FloatArithmetic channel =
          FloatArithmetic.of(op.channels().get(op.channels().size() == 1 ? 0 : c));
      FloatAccumulation staircase = channel.sum().orElseThrow();
      Interval total = channels.get(c).total();
      FloatSumError error = error(layer, c, staircase, channel.fine());
      doubtful += error.doubtful(staircase, total);
      reached += total.high() - total.low() + 1;
      steps = Math.max(steps, error.steps(staircase));
    }
    return doubtful == 0
        ? Optional.empty()
        : Optional.of(
            sum(
                layer,
                Math.max(1, (long) Math.ceil(steps)),
                doubtful,
                reached,
                arithmetic(op).fine()));
  }

  /** One for each channel of the layer; of an average, one for each staircase. */
  private List<ChannelRange> channels(Node layer, Requantize op) {
    boolean average = layer.op() instanceof IntegerSumPool2d;
    if (average || layer.op() instanceof IntegerMultiply) {
      Interval sums = ranges.of(layer.output());
      int staircases = average ? op.channels().size() : 1;
      return Collections.nCopies(staircases, new ChannelRange(sums, sums, 0));
    }
    return ranges.channels(layer.output());
  }

  /** What ONNX Runtime does. */
  private static FloatAccumulation definition(Requantization channel) {
    return FloatArithmetic.of(channel).sum().orElseThrow();
  }

  private static Deviation sum(Node node, long steps, long doubtful, long reached, boolean fine) {
    return new Deviation(
        node.location(),
        String.format(
            Locale.ROOT,
            "ONNX Runtime has no integer kernel for this layer and computes it in float32;"
                + " the order of its sum decides next to ties. Etch rounds the exact sum, and"
                + " differs by %s at most, at %,d of %,d sums that the layer can reach",
            steps == 1 ? "one step" : steps + " steps",
            doubtful,
            reached),
        remedy(node, fine));
  }

  private static String remedy(Node node, boolean fine) {
    if (node.location() instanceof Location.OfNode place
        && FLOAT_OPERATORS.contains(place.operator())) {
      return "it has none for any "
          + place.operator()
          + "; sums are exact with scales that are powers of two";
    }
    return fine
        ? "quantize activations to 8 bits, for which ONNX Runtime has integer kernels"
        : "with uint8 activations, weights of 8 bits, an int32 bias with input scale * weight"
            + " scale, and the smallest integer as zero point behind a Relu, ONNX Runtime"
            + " computes in integers, too";
  }

  /**
   * @param fine whether the quotient is exact here, and rounded in ONNX Runtime
   */
  private FloatSumError error(Node layer, int channel, FloatAccumulation staircase, boolean fine) {
    return ERRORS.get(layer.op()).of(this, layer, channel, staircase, fine);
  }

  private FloatSumError ofProduct(Node layer, FloatAccumulation staircase) {
    IntegerMultiply multiply = (IntegerMultiply) layer.op();
    long left = largest(ranges.of(layer.inputs().get(0)), multiply.leftZeroPoint());
    long right = largest(ranges.of(layer.inputs().get(1)), multiply.rightZeroPoint());
    return FloatSumError.of(staircase, 1, left, right, left * right)
        .withQuotient(staircase, left * right);
  }

  private FloatSumError ofPool(Node layer, FloatAccumulation staircase, boolean fine) {
    long largest = largestInput(layer);
    long all = largest * staircase.count();
    FloatSumError sum = FloatSumError.of(staircase, staircase.count(), largest, 1, all);
    return fine ? sum.withQuotient(staircase, all) : sum;
  }

  private FloatSumError ofResize(Node layer, FloatAccumulation staircase) {
    BilinearResize2d resize = (BilinearResize2d) layer.op();
    long units = (long) resize.rowUnit() * resize.columnUnit();
    long largest = largestInput(layer);
    double weights = MIXED * resize.weightError() * units * largest;
    long magnitudes = largest * units;
    return FloatSumError.of(staircase, MIXED, largest, units, magnitudes)
        .withQuotient(staircase, magnitudes)
        .plus(weights);
  }

  private FloatSumError ofWeights(
      Node layer, int channel, FloatAccumulation staircase, boolean fine) {
    long largest = largestInput(layer);
    IntegerTensor weights = constant(layer.inputs().get(1));
    int terms = weights.data().length / weights.shape().dimension(0);
    long sum = 0;
    long widest = 1;
    for (int i = channel * terms; i < (channel + 1) * terms; i++) {
      long weight = Math.abs((long) weights.data()[i]);
      sum += weight;
      widest = Math.max(widest, weight);
    }
    long magnitudes = sum * largest + bias(layer, channel, staircase);
    FloatSumError error = FloatSumError.of(staircase, terms + 1, largest, widest, magnitudes);
    return fine ? error.withQuotient(staircase, magnitudes) : error;
  }

  /** In steps of the sum. */
  private long bias(Node layer, int channel, FloatAccumulation staircase) {
    double step = (double) staircase.inputScale() * staircase.weightScale();
    long apart = (long) Math.ceil(Math.abs(staircase.bias() / step));
    return layer.inputs().size() > 2
        ? Math.abs((long) constant(layer.inputs().get(2)).data()[channel]) + apart
        : apart;
  }

  private IntegerTensor constant(Value value) {
    return constants.computeIfAbsent(
        value, v -> (IntegerTensor) ((Constant) producers.get(v).op()).weights().decode());
  }

  private static long largest(Interval stored, int zeroPoint) {
    return Math.max(Math.abs(stored.low() - zeroPoint), Math.abs(stored.high() - zeroPoint));
  }

  /** Magnitude of an accumulating layer's elements without their zero point. */
  private long largestInput(Node layer) {
    int zeroPoint = ((AccumulatingOp) layer.op()).inputZeroPoint();
    return largest(ranges.of(layer.inputs().get(0)), zeroPoint);
  }
}
