// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.onnx;

import dev.etch.diagnostic.Location;
import dev.etch.diagnostic.Printable;
import dev.etch.graph.GraphBuilder;
import dev.etch.graph.Value;
import dev.etch.importer.onnx.data.Operand;
import dev.etch.importer.onnx.format.GraphProto;
import dev.etch.importer.onnx.format.NodeProto;
import dev.etch.importer.onnx.format.StringStringEntryProto;
import dev.etch.importer.onnx.format.TensorAnnotation;
import dev.etch.op.Dequantize;
import dev.etch.op.Quantization;
import dev.etch.op.RealQuantize;
import dev.etch.op.requantization.RealQuantizer;
import dev.etch.op.requantization.RealRounding;
import dev.etch.tensor.DenseWeights;
import dev.etch.tensor.FloatTensor;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.IntegerType;
import dev.etch.tensor.Shape;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * FINN's datatypes ({@code quantization_annotation}, key {@code finn_datatype}): which integers a
 * float tensor holds. Says so of inputs that layers read as they are, and of weights.
 */
final class Annotations {
  private static final String KEY = "finn_datatype";
  private static final Pattern INTEGER = Pattern.compile("(U?)INT([1-9]|1[0-6])");
  private static final Set<String> LAYERS = Set.of("Conv", "Gemm", "MatMul");
  private static final Set<String> MOVERS =
      Set.of("Flatten", "Identity", "Reshape", "Squeeze", "Transpose", "Unsqueeze");

  private final Map<String, RealQuantizer> quantizers = new HashMap<>();
  private final Map<String, Set<NodeProto>> readers = new HashMap<>();

  Annotations(GraphProto graph) {
    for (TensorAnnotation annotation : graph.getQuantizationAnnotationList()) {
      for (StringStringEntryProto entry : annotation.getQuantParameterTensorNamesList()) {
        if (entry.getKey().equals(KEY)) {
          quantizer(entry.getValue())
              .ifPresent(quantizer -> quantizers.put(annotation.getTensorName(), quantizer));
        }
      }
    }
    if (!quantizers.isEmpty()) {
      for (NodeProto node : graph.getNodeList()) {
        node.getInputList()
            .forEach(name -> readers.computeIfAbsent(name, n -> new HashSet<>()).add(node));
      }
    }
  }

  private static Optional<RealQuantizer> quantizer(String datatype) {
    if (datatype.equals("BIPOLAR")) {
      return Optional.of(new RealQuantizer.Bipolar(1, 0));
    }
    if (datatype.equals("BINARY") || datatype.equals("TERNARY")) {
      return Optional.of(uniform(datatype.equals("BINARY") ? 0 : -1, 1));
    }
    Matcher integer = INTEGER.matcher(datatype);
    if (!integer.matches()) {
      return Optional.empty();
    }
    int bits = Integer.parseInt(integer.group(2));
    boolean signed = integer.group(1).isEmpty();
    return Optional.of(
        signed ? uniform(-(1 << (bits - 1)), (1 << (bits - 1)) - 1) : uniform(0, (1 << bits) - 1));
  }

  private static RealQuantizer uniform(int low, int high) {
    return new RealQuantizer.Uniform(1, 0, low, high, RealRounding.HALF_EVEN);
  }

  /** An input as the integers that it is said to hold, if a layer reads it as it is. */
  Value input(String name, Value value, Location location, GraphBuilder builder) {
    RealQuantizer quantizer = quantizers.get(name);
    if (quantizer == null || !value.type().isFloat() || !isReadByLayer(name)) {
      return value;
    }
    Quantization integers = Quantization.perTensor(type(quantizer), 1, 0);
    RealQuantize quantize = new RealQuantize(List.of(quantizer), 0, integers.type());
    String stored = Printable.of(name) + "_integers";
    String floats = Printable.of(name) + "_annotated";
    Value quantized = builder.add(stored, stored, quantize, location, value);
    return builder.add(floats, floats, new Dequantize(integers), location, quantized);
  }

  private boolean isReadByLayer(String name) {
    Set<String> seen = new HashSet<>(Set.of(name));
    Deque<String> open = new ArrayDeque<>(seen);
    while (!open.isEmpty()) {
      for (NodeProto reader : readers.getOrDefault(open.pop(), Set.of())) {
        if (LAYERS.contains(reader.getOpType())) {
          return true;
        }
        if (MOVERS.contains(reader.getOpType()) && seen.add(reader.getOutput(0))) {
          open.add(reader.getOutput(0));
        }
      }
    }
    return false;
  }

  /** A float constant as the integers that it is said to hold, if it does. */
  Operand constant(String name, Operand operand, Location location) {
    RealQuantizer quantizer = quantizers.get(name);
    boolean isWeights =
        readers.getOrDefault(name, Set.of()).stream()
            .anyMatch(reader -> LAYERS.contains(reader.getOpType()));
    if (quantizer == null
        || !isWeights
        || !(operand instanceof Operand.Constant constant)
        || !(constant.weights().decode() instanceof FloatTensor floats)) {
      return operand;
    }
    float[] data = floats.data();
    int[] integers = new int[data.length];
    for (int i = 0; i < data.length; i++) {
      integers[i] = quantizer.apply(data[i]);
      if (integers[i] != data[i]) {
        return operand;
      }
    }
    Quantization quantization = Quantization.perTensor(type(quantizer), 1, 0);
    Shape shape = floats.shape();
    return new Operand.DequantizedConstant(
        new DenseWeights(IntegerTensor.of(quantization.type(), shape, integers)),
        quantization,
        name + "_integers",
        name + "_annotated",
        location,
        true);
  }

  private static IntegerType type(RealQuantizer quantizer) {
    return IntegerType.holding(quantizer.low(), quantizer.high());
  }
}
