// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.tflite.operator;

import dev.etch.diagnostic.Location;
import dev.etch.diagnostic.Printable;
import dev.etch.graph.GraphBuilder;
import dev.etch.graph.Value;
import dev.etch.importer.Dimensions;
import dev.etch.importer.Refusal;
import dev.etch.importer.TfliteKernels;
import dev.etch.importer.tflite.schema.ElementTypes;
import dev.etch.importer.tflite.schema.MalformedFile;
import dev.etch.importer.tflite.schema.TfliteBuffer;
import dev.etch.importer.tflite.schema.TfliteModel;
import dev.etch.importer.tflite.schema.TfliteSubGraph;
import dev.etch.importer.tflite.schema.TfliteTensor;
import dev.etch.tensor.ElementType;
import dev.etch.tensor.FloatTensor;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.IntegerType;
import dev.etch.tensor.TensorType;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What is known of the tensors of a subgraph while its operators are read in order. */
public final class TensorScope {
  private final TfliteModel model;
  private final TfliteSubGraph subGraph;
  private final String file;
  private final TfliteKernels kernels;
  private final GraphBuilder builder;
  private final ConstantReader constants;
  private final Map<Integer, Value> values = new HashMap<>();
  private final Set<Integer> refused = new HashSet<>();
  private final Map<Integer, Integer> aliases = new HashMap<>();

  /** Nothing is defined but the constants. */
  public TensorScope(
      TfliteModel model,
      TfliteSubGraph subGraph,
      String file,
      TfliteKernels kernels,
      GraphBuilder builder) {
    this.model = model;
    this.subGraph = subGraph;
    this.file = file;
    this.kernels = kernels;
    this.builder = builder;
    this.constants = new ConstantReader();
  }

  GraphBuilder builder() {
    return builder;
  }

  TfliteKernels kernels() {
    return kernels;
  }

  /** A tensor's name for people; every tensor has one. */
  public String name(int tensor) {
    String name = tensor(tensor).name();
    return name.isEmpty() ? "tensor " + tensor : Printable.of(name);
  }

  /** Whether a tensor is there and its elements are floating-point numbers. */
  public boolean isFloat(int tensor) {
    return exists(tensor) && ElementTypes.name(tensor(tensor).type()).startsWith("FLOAT");
  }

  /** Whether a tensor is there and its elements are integers with a scale. */
  public boolean isQuantized(int tensor) {
    return exists(tensor)
        && !isFloat(tensor)
        && tensor(tensor).quantization().filter(q -> !q.scales().isEmpty()).isPresent();
  }

  /** Whether a tensor is there and no constant of the file. */
  public boolean isComputed(int tensor) {
    return exists(tensor) && !isConstant(tensor);
  }

  /** Adds a graph input. */
  public void defineInput(int tensor) {
    values.put(tensor, builder.input(name(tensor), info(tensor).type()));
  }

  /** Notes that tensors could not be read, so that whoever reads them is not reported again. */
  public void refuse(List<Integer> tensors) {
    refused.addAll(tensors);
  }

  /** Whether any of these could not be read. */
  public boolean isAnyRefused(List<Integer> tensors) {
    return tensors.stream().anyMatch(refused::contains);
  }

  /**
   * The graph's value of a tensor; a constant becomes a node the first time it is asked for.
   *
   * @throws Refusal if nothing defines it
   */
  public Value value(int tensor) {
    Value known = values.get(tensor);
    if (known == null) {
      Location location = Location.node(file, name(tensor), "constant");
      known =
          builder.constant(
              name(tensor),
              info(tensor).type().isFloat() ? floats(tensor) : constant(tensor),
              location);
      values.put(tensor, known);
    }
    return known;
  }

  void define(int tensor, Value value) {
    if (isConstant(tensor) || values.put(tensor, value) != null) {
      throw new Refusal("its result '" + name(tensor) + "' is defined twice", "convert it again");
    }
  }

  /** Says that a tensor is the same constant as another. */
  void alias(int tensor, int constant) {
    if (!info(tensor).type().equals(info(constant).type())) {
      throw new Refusal("its result has another type than its operand", "convert it again");
    }
    if (isConstant(tensor) || values.containsKey(tensor)) {
      throw new Refusal("its result '" + name(tensor) + "' is defined twice", "convert it again");
    }
    aliases.put(tensor, constant);
  }

  /** Whether the file has data for a tensor. */
  boolean isConstant(int tensor) {
    if (aliases.containsKey(tensor)) {
      return true;
    }
    int buffer = tensor(tensor).buffer();
    if (buffer < 0 || buffer >= model.buffers().size()) {
      return false;
    }
    return model.buffers().get(buffer).data().hasRemaining()
        || model.buffers().get(buffer).isBehindTables();
  }

  /** The data of a constant of integers of at most 32 bits. */
  IntegerTensor constant(int tensor) {
    int stored = stored(tensor);
    return constants.read(info(stored), tensor(stored), buffer(stored));
  }

  /** The data of a constant of floats, or the floats that its integers stand for. */
  FloatTensor floats(int tensor) {
    int stored = stored(tensor);
    TensorInfo info = info(stored);
    return info.isQuantized()
        ? info.reals(constant(stored))
        : constants.readFloats(info, tensor(stored), buffer(stored));
  }

  /** The data of a constant of 64-bit integers. */
  long[] longs(int tensor) {
    int stored = stored(tensor);
    return constants.readLongs(info(stored), tensor(stored), buffer(stored));
  }

  /** The tensor whose data a constant is, through names that it has besides. */
  private int stored(int tensor) {
    if (aliases.containsKey(tensor)) {
      return stored(aliases.get(tensor));
    }
    if (!isConstant(tensor) || tensor(tensor).isVariable()) {
      throw new Refusal(
          "tensor '" + name(tensor) + "' is neither a constant nor computed before it is read",
          "operators must come after those that they depend on");
    }
    return tensor;
  }

  private TfliteBuffer buffer(int tensor) {
    return model.buffers().get(tensor(tensor).buffer());
  }

  /** What the file says of a tensor, checked. */
  TensorInfo info(int tensor) {
    TfliteTensor stored = tensor(tensor);
    ElementType element =
        ElementTypes.of(stored.type())
            .orElseThrow(
                () ->
                    new Refusal(
                        "tensor '%s' has elements of type %s"
                            .formatted(name(tensor), ElementTypes.name(stored.type())),
                        "use int8, uint8 or int16 activations"));
    List<Long> extents = stored.shape().stream().map(Integer::longValue).toList();
    TensorType type = new TensorType(element, Dimensions.shape(extents));
    return new TensorInfo(name(tensor), type, stored.quantization());
  }

  /** A vector of axes, extents or positions: a constant of at most 32 bits. */
  List<Integer> numbers(int tensor) {
    TensorInfo info = info(tensor);
    if (!(info.type().element() instanceof IntegerType)) {
      throw new Refusal("tensor '" + name(tensor) + "' must be integers", "");
    }
    return java.util.Arrays.stream(constant(tensor).data()).boxed().toList();
  }

  private boolean exists(int tensor) {
    return tensor >= 0 && tensor < subGraph.tensors().size();
  }

  private TfliteTensor tensor(int tensor) {
    if (!exists(tensor)) {
      throw new MalformedFile("tensor " + tensor + " does not exist");
    }
    return subGraph.tensors().get(tensor);
  }
}
