// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.onnx;

import dev.etch.importer.onnx.data.ExternalData;
import dev.etch.importer.onnx.data.Operand;
import dev.etch.importer.onnx.data.TensorReader;
import dev.etch.importer.onnx.format.GraphProto;
import dev.etch.importer.onnx.format.ModelProto;
import dev.etch.importer.onnx.format.NodeProto;
import dev.etch.importer.onnx.format.TensorProto;
import dev.etch.importer.onnx.operator.OperatorRegistry;
import dev.etch.tensor.FloatTensor;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** One of ONNX's own node tests: a folder with a model, its inputs and its outputs. */
record NodeTestCase(Path folder) {
  private static final float ABSOLUTE = 1e-4f;
  private static final float RELATIVE = 1e-3f;

  String name() {
    return folder.getFileName().toString();
  }

  Path model() {
    return folder.resolve("model.onnx");
  }

  ModelProto proto() throws IOException {
    return ModelProto.parseFrom(Files.readAllBytes(model()));
  }

  /** Whether the model uses an operator that the importer claims to read. */
  boolean isOfClaimedOperator() throws IOException {
    for (NodeProto node : proto().getGraph().getNodeList()) {
      if (OperatorRegistry.find(node.getDomain(), node.getOpType()).isPresent()) {
        return true;
      }
    }
    return false;
  }

  /**
   * The model with all inputs but the first as initializers. The tests feed weights and scales as
   * inputs; in real models they are constants.
   */
  ModelProto frozen() throws IOException {
    GraphProto.Builder graph = proto().getGraph().toBuilder();
    for (int i = graph.getInputCount() - 1; i > 0; i--) {
      TensorProto value = TensorProto.parseFrom(Files.readAllBytes(data("input", i)));
      graph.addInitializer(value.toBuilder().setName(graph.getInput(i).getName()));
      graph.removeInput(i);
    }
    return proto().toBuilder().setGraph(graph).build();
  }

  List<Tensor> inputs(int count) throws IOException {
    return tensors("input", count);
  }

  List<Tensor> outputs(int count) throws IOException {
    return tensors("output", count);
  }

  private List<Tensor> tensors(String kind, int count) throws IOException {
    List<Tensor> tensors = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      tensors.add(tensor(TensorProto.parseFrom(Files.readAllBytes(data(kind, i)))));
    }
    return tensors;
  }

  private Path data(String kind, int index) {
    return folder.resolve("test_data_set_0").resolve(kind + "_" + index + ".pb");
  }

  private Tensor tensor(TensorProto proto) {
    Operand operand = new TensorReader(new ExternalData(folder)).read(proto);
    if (operand instanceof Operand.Longs longs) {
      int[] data = Arrays.stream(longs.data()).mapToInt(Math::toIntExact).toArray();
      return new IntegerTensor(longs.type(), data);
    }
    return ((Operand.Constant) operand).weights().decode();
  }

  /** Whether a result is right: integers on every bit, floats within a tolerance. */
  static boolean matches(Tensor expected, Tensor actual) {
    if (!expected.type().equals(actual.type())) {
      return false;
    }
    if (expected instanceof IntegerTensor) {
      return expected.equals(actual);
    }
    float[] wanted = ((FloatTensor) expected).data();
    float[] given = ((FloatTensor) actual).data();
    for (int i = 0; i < wanted.length; i++) {
      boolean same = Float.compare(wanted[i], given[i]) == 0;
      if (!same && !(Math.abs(wanted[i] - given[i]) <= ABSOLUTE + RELATIVE * Math.abs(wanted[i]))) {
        return false;
      }
    }
    return true;
  }
}
