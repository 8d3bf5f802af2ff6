// SPDX-License-Identifier: Apache-2.0
package dev.etch.exporter;

import dev.etch.exporter.OnnxFile.Attributes;
import dev.etch.graph.Graph;
import dev.etch.graph.Node;
import dev.etch.graph.Value;
import dev.etch.op.Constant;
import dev.etch.op.Dequantize;
import dev.etch.op.Layout;
import dev.etch.op.Quantization;
import dev.etch.tensor.ClusteredWeights;
import dev.etch.tensor.DenseWeights;
import dev.etch.tensor.FloatTensor;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.Shape;
import dev.etch.tensor.SparseWeights;
import dev.etch.tensor.Weights;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Where the graph's values are in the file. ONNX has channels first: feature maps that a graph has
 * with channels last are transposed where an operator first wants them so, and stay so from
 * operator to operator. A Dequantize is done anew behind a transposition of its integers, because
 * runtimes look for it in front of a convolution.
 */
final class OnnxValues {
  private static final List<Integer> TO_FIRST = List.of(0, 3, 1, 2);
  private static final List<Integer> TO_LAST = List.of(0, 2, 3, 1);

  private final Graph graph;
  private final OnnxFile file;
  private final Map<Value, String> asIs = new HashMap<>();
  private final Map<Value, String> channelsFirst = new HashMap<>();
  private final Set<String> names = new HashSet<>();

  OnnxValues(Graph graph, OnnxFile file) {
    this.graph = graph;
    this.file = file;
    graph.inputs().forEach(input -> names.add(input.name()));
    for (Node node : graph.nodes()) {
      names.add(node.name());
      node.outputs().forEach(value -> names.add(value.name()));
    }
  }

  /** A name that nothing has yet. */
  String fresh(String wanted) {
    String name = wanted;
    for (int number = 2; !names.add(name); number++) {
      name = wanted + "_" + number;
    }
    return name;
  }

  /** Says that a value has its own name, as it is. */
  String define(Value value) {
    asIs.put(value, value.name());
    return value.name();
  }

  /** Says that a value is there with channels first; its name there. */
  String defineFirst(Value value) {
    String name = fresh(value.name() + ".nchw");
    channelsFirst.put(value, name);
    return name;
  }

  /** Says that a value is there in the layout of feature maps; its name there. */
  String define(Value value, Layout layout) {
    return layout == Layout.NHWC ? defineFirst(value) : define(value);
  }

  /** Whether a value is there with channels first, where the graph has them last. */
  boolean isFirst(Value value) {
    return channelsFirst.containsKey(value);
  }

  /** A value as feature maps of a layout, which have channels first in the file. */
  String maps(Value value, Layout layout) {
    return layout == Layout.NHWC ? first(value) : get(value);
  }

  /** A value with channels first. */
  String first(Value value) {
    String known = channelsFirst.get(value);
    if (known != null) {
      return known;
    }
    Optional<Node> dequantize = graph.producer(value).filter(n -> n.op() instanceof Dequantize);
    if (dequantize.isPresent()) {
      Quantization quantization = ((Dequantize) dequantize.get().op()).quantization();
      if (quantization.isPerTensor()) {
        String integers = first(dequantize.get().inputs().get(0));
        String name = defineFirst(value);
        return dequantize(name, integers, quantization, Attributes.none(), name);
      }
    }
    String from = get(value);
    return transpose(from, defineFirst(value), TO_FIRST);
  }

  /** A value as the graph has it; a constant becomes an initializer when it is first asked for. */
  String get(Value value) {
    String known = asIs.get(value);
    if (known != null) {
      return known;
    }
    if (channelsFirst.containsKey(value)) {
      return transpose(channelsFirst.get(value), define(value), TO_LAST);
    }
    Constant constant = (Constant) graph.producer(value).orElseThrow().op();
    write(value.name(), constant.weights());
    return define(value);
  }

  private String transpose(String from, String to, List<Integer> permutation) {
    return file.node(
        "Transpose",
        fresh(to + ".transpose"),
        List.of(from),
        to,
        Attributes.none().integers("perm", permutation));
  }

  /** Weights in the form that they have. */
  private void write(String name, Weights weights) {
    if (weights instanceof SparseWeights sparse) {
      file.sparse(name, sparse);
    } else if (weights instanceof ClusteredWeights clustered) {
      String codebook = file.initializer(fresh(name + ".codebook"), clustered.codebook());
      String indexes = file.initializer(fresh(name + ".indexes"), clustered.indexes());
      file.node("Gather", name, List.of(codebook, indexes), name, Attributes.none());
    } else {
      file.initializer(name, ((DenseWeights) weights).tensor());
    }
  }

  /** A DequantizeLinear. */
  String dequantize(
      String name,
      String integers,
      Quantization quantization,
      Attributes attributes,
      String result) {
    return file.node(
        "DequantizeLinear",
        name,
        List.of(integers, scale(name, quantization), zeroPoint(name, quantization)),
        result,
        attributes);
  }

  /** The scales as an initializer. */
  String scale(String name, Quantization quantization) {
    float[] scales = new float[quantization.scales().size()];
    for (int i = 0; i < scales.length; i++) {
      scales[i] = quantization.scale(i);
    }
    return file.initializer(fresh(name + ".scale"), FloatTensor.of(shape(quantization), scales));
  }

  /** The zero points as an initializer. */
  String zeroPoint(String name, Quantization quantization) {
    int[] zeros = quantization.zeroPoints().stream().mapToInt(Integer::intValue).toArray();
    return file.initializer(
        fresh(name + ".zero_point"),
        IntegerTensor.of(quantization.type(), shape(quantization), zeros));
  }

  private static Shape shape(Quantization quantization) {
    return quantization.isPerTensor() ? Shape.of() : Shape.of(quantization.scales().size());
  }

  /** The file. */
  OnnxFile file() {
    return file;
  }
}
