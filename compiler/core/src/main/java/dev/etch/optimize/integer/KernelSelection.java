// SPDX-License-Identifier: Apache-2.0
package dev.etch.optimize.integer;

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
import dev.etch.op.Quantization;
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
import dev.etch.tensor.IntegerType;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which kernel an ONNX Runtime session with default options runs, on x86, in front of each
 * QuantizeLinear. It depends on the structure of the graph: an int8 value with one reader is moved
 * to uint8 ({@code QDQS8ToU8Transformer}), one with several stays int8; an operator is fused with
 * the quantizations around it only where their types suit its kernel ({@code qdq_selectors.cc}),
 * and otherwise runs in float32. See docs/rationale/arithmetic.md, "Which kernel".
 */
final class KernelSelection {
  /** What an operator in front of a QuantizeLinear is for ONNX Runtime. */
  private enum Role {
    /** Quantizations are moved past it ({@code QDQPropagationTransformer}). */
    MOVES,
    /** Left out where the quantization saturates alike. */
    CLIPS,
    CONVOLUTION,
    MATRIX_PRODUCT,
    /** Its kernel wants operands and result of one type. */
    ELEMENTWISE,
    /** Without an integer kernel. */
    FLOAT,
    /** With an integer kernel for any type, or computed element by element to the same end. */
    ANY_TYPE
  }

  private static final OperatorTable<Role> ROLES =
      OperatorTable.<Role>of("ONNX Runtime's kernels")
          .with(Role.MOVES, MaxPool2d.class, Reshape.class, Slice.class, Transpose.class)
          .with(Role.CLIPS, Clip.class, Relu.class)
          .with(Role.CONVOLUTION, Conv2d.class)
          .with(Role.MATRIX_PRODUCT, Dense.class)
          .with(Role.ELEMENTWISE, Add.class, AveragePool2d.class, Multiply.class)
          .with(Role.FLOAT, ConvTranspose2d.class, Extremum.class)
          .with(
              Role.ANY_TYPE,
              FunctionOp.class,
              BatchNormalization.class,
              BatchToSpace.class,
              Concat.class,
              Constant.class,
              Dequantize.class,
              Linear.class,
              LinearResize2d.class,
              LogSoftmax.class,
              NearestResize2d.class,
              Pad.class,
              PRelu.class,
              ReduceMean2d.class,
              Softmax.class,
              SpaceToBatch.class)
          .without(
              "gives integers",
              ArgMax.class,
              IntegerOp.class,
              Quantize.class,
              QuantizeTiesAway.class,
              RealQuantize.class)
          .build();

  /** Weights of fewer bits have no integer kernel. */
  private static final int WEIGHT_BITS = 8;

  /** Activations of more bits have none either. */
  private static final int KERNEL_BITS = 8;

  private static final int GEMM_OPERANDS = 3;

  private final Map<Value, Node> producers;
  private final Map<Value, List<Node>> consumers;
  private final Set<Value> outputs;
  private final Map<Node, Kernel> kernels = new HashMap<>();

  private KernelSelection(Graph graph) {
    producers = graph.producers();
    consumers = graph.consumers();
    outputs = new HashSet<>(graph.outputs());
  }

  /** The kernels of a graph of floats and quantizations, as it was imported. */
  static KernelSelection of(Graph graph) {
    KernelSelection selection = new KernelSelection(graph);
    for (Node node : graph.nodes()) {
      if (node.op() instanceof Quantize quantize) {
        selection.kernels.put(node, selection.select(node, quantize.quantization()));
      }
    }
    return selection;
  }

  /** The kernel that gives what {@code quantize} quantizes. */
  Kernel of(Node quantize) {
    return kernels.get(quantize);
  }

  private Kernel select(Node quantize, Quantization quantization) {
    Value result = quantize.inputs().get(0);
    boolean moved = false;
    Optional<Node> producer = producer(result);
    while (producer.isPresent() && (isMover(producer.get()) || isActivation(producer.get()))) {
      Node node = producer.get();
      if (readers(result) != 1 || !(isMover(node) || isRedundant(node.op(), quantization))) {
        return Kernel.FLOAT;
      }
      moved |= isMover(node);
      result = node.inputs().get(0);
      producer = producer(result);
    }
    if (producer.isEmpty()) {
      return Kernel.AS_STORED;
    }
    IntegerType output =
        moved ? movedType(quantization.type()) : type(quantize.output(), quantization.type());
    if (readers(result) != 1 || !isFused(producer.get(), output)) {
      return Kernel.FLOAT;
    }
    return output.equals(quantization.type()) ? Kernel.AS_STORED : Kernel.MOVED_TO_UINT8;
  }

  /** Whether there is an integer kernel for the operator, given the type of its result. */
  private boolean isFused(Node node, IntegerType output) {
    return switch (ROLES.get(node.op())) {
      case CONVOLUTION -> isMatrixFused(node, output, false);
      case MATRIX_PRODUCT -> isMatrixFused(node, output, node.inputs().size() == GEMM_OPERANDS);
      case ELEMENTWISE -> isElementwiseFused(node, output);
      case FLOAT -> false;
      case MOVES, CLIPS, ANY_TYPE -> true;
    };
  }

  private boolean isElementwiseFused(Node node, IntegerType output) {
    return output.bits() <= KERNEL_BITS
        && node.inputs().stream().allMatch(v -> operand(v).map(output::equals).orElse(false));
  }

  /** Only Gemm has a kernel for int8 data; none has one for narrow weights. */
  private boolean isMatrixFused(Node node, IntegerType output, boolean gemm) {
    boolean data = operand(node.inputs().get(0)).map(output::equals).orElse(false);
    Optional<IntegerType> weights = operand(node.inputs().get(1));
    boolean suits =
        weights
            .map(
                type ->
                    output.equals(IntegerType.INT8)
                        ? gemm && type.equals(IntegerType.INT8)
                        : type.bits() >= WEIGHT_BITS)
            .orElse(!output.equals(IntegerType.INT8) || gemm);
    return data && suits && output.bits() <= KERNEL_BITS && isKernelBias(node);
  }

  /** A quantized bias has int32, and a convolution's the scale of the sums. */
  private boolean isKernelBias(Node node) {
    Optional<Quantization> bias =
        node.inputs().size() < GEMM_OPERANDS
            ? Optional.empty()
            : dequantization(node.inputs().get(2));
    Optional<Quantization> data = dequantization(node.inputs().get(0));
    Optional<Quantization> weights = dequantization(node.inputs().get(1));
    if (bias.isEmpty()) {
      return true;
    }
    int channels = node.inputs().get(1).type().shape().dimension(0);
    return bias.get().type().equals(IntegerType.INT32)
        && (has(Role.MATRIX_PRODUCT, node)
            || data.isEmpty()
            || weights.isEmpty()
            || LayerBias.fits(
                bias.get(), LayerWeights.scales(data.get().scale(0), weights.get(), channels)));
  }

  private Optional<Quantization> dequantization(Value floats) {
    Optional<Node> producer = producer(floats);
    while (producer.isPresent() && isMover(producer.get())) {
      producer = producer(producer.get().inputs().get(0));
    }
    return producer
        .filter(node -> node.op() instanceof Dequantize)
        .map(node -> ((Dequantize) node.op()).quantization());
  }

  /** The integers behind a float operand, as its reader sees them. */
  private Optional<IntegerType> operand(Value operand) {
    Value value = operand;
    Optional<Node> producer = producer(value);
    while (producer.isPresent() && isMover(producer.get())) {
      value = producer.get().inputs().get(0);
      producer = producer(value);
    }
    if (producer.isEmpty() || !(producer.get().op() instanceof Dequantize dequantize)) {
      return Optional.empty();
    }
    IntegerType stored = dequantize.quantization().type();
    if (!value.equals(operand)) {
      return Optional.of(readers(operand) == 1 ? movedType(stored) : stored);
    }
    return Optional.of(type(producer.get().inputs().get(0), stored));
  }

  /** The type that ONNX Runtime gives to quantized integers. */
  private IntegerType type(Value integers, IntegerType stored) {
    boolean quantized =
        producer(integers).filter(node -> node.op() instanceof Quantize).isPresent();
    return quantized && readersOfIntegers(integers) == 1 ? movedType(stored) : stored;
  }

  private static IntegerType movedType(IntegerType stored) {
    return stored.equals(IntegerType.INT8) ? IntegerType.UINT8 : stored;
  }

  /**
   * Each reader of the floats counts, since it gets a DequantizeLinear of its own; what is clipped
   * in between stays as it is.
   */
  private int readersOfIntegers(Value integers) {
    if (outputs.contains(integers)) {
      return Integer.MAX_VALUE;
    }
    int readers = 0;
    for (Node reader : consumers.getOrDefault(integers, List.of())) {
      if (!(reader.op() instanceof Dequantize)) {
        return Integer.MAX_VALUE;
      }
      readers += readers(reader.output());
    }
    return readers;
  }

  private int readers(Value value) {
    return consumers.getOrDefault(value, List.of()).size() + (outputs.contains(value) ? 1 : 0);
  }

  private Optional<Node> producer(Value value) {
    return Optional.ofNullable(producers.get(value));
  }

  private static boolean isMover(Node node) {
    return has(Role.MOVES, node);
  }

  private static boolean isActivation(Node node) {
    return has(Role.CLIPS, node);
  }

  private static boolean has(Role role, Node node) {
    return ROLES.find(node.op()).filter(role::equals).isPresent();
  }

  /** Whether the quantization saturates where the activation does, so that it is left out. */
  private static boolean isRedundant(Op activation, Quantization quantization) {
    float least = quantization.dequantize((int) quantization.type().minimum(), 0);
    if (activation instanceof Relu) {
      return least == 0;
    }
    Clip clip = (Clip) activation;
    float most = quantization.dequantize((int) quantization.type().maximum(), 0);
    return clip.minimum() - least <= Math.ulp(1f) && most - clip.maximum() <= Math.ulp(1f);
  }

  /** How a layer between quantizations is computed. */
  enum Kernel {
    /** By an integer kernel, on the types of the model. */
    AS_STORED,
    /** By an integer kernel, on int8 moved to uint8. */
    MOVED_TO_UINT8,
    /** In float32, between dequantization and quantization. */
    FLOAT
  }
}
