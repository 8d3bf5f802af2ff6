// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.onnx.operator;

import dev.etch.importer.Refusal;
import dev.etch.importer.onnx.data.Operand;
import dev.etch.tensor.ClusteredWeights;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.IntegerType;
import dev.etch.tensor.Shape;
import dev.etch.tensor.Tensor;
import java.util.Arrays;

/**
 * Gather of constants along axis 0 of a vector: an element of a shape, or the entries of a codebook
 * at constant indexes, which become clustered weights.
 */
final class GatherReader implements OperatorReader {
  @Override
  public Signature signature() {
    return Signature.of(2, 2, "axis");
  }

  @Override
  public String notes() {
    return "of constants: shapes (folds away) and codebook weights";
  }

  @Override
  public void read(NodeContext node) {
    if (!node.isConstant(0) || !node.isConstant(1)) {
      throw new Refusal(
          "gathers with operands that are computed from the model's input",
          "only a constant codebook with constant indexes, and shape arithmetic, are supported");
    }
    node.checkRank(0, "what is gathered from", 1);
    NodeContext.axis(node.attributes().integer("axis", 0), 1);
    int[] indexes = indexes(node);
    Shape shape = node.shape(1);
    if (node.operand(0) instanceof Operand.Longs longs) {
      node.result(
          new Operand.Longs(
              shape, Arrays.stream(indexes).mapToLong(i -> longs.data()[i]).toArray()));
    } else if (node.operand(0) instanceof Operand.DequantizedConstant codebook
        && codebook.quantization().isPerTensor()) {
      node.result(
          codebook.with(
              clustered(codebook.integers().decode(), indexes, shape), codebook.quantization()));
    } else {
      Tensor codebook = node.tensor(0, "the codebook");
      node.result(new Operand.Constant(clustered(codebook, indexes, shape)));
    }
  }

  private static ClusteredWeights clustered(Tensor codebook, int[] indexes, Shape shape) {
    int entries = codebook.shape().elements();
    IntegerType type = IntegerType.holding(0, Math.max(1, entries - 1));
    return new ClusteredWeights(codebook, IntegerTensor.of(type, shape, indexes));
  }

  private static int[] indexes(NodeContext node) {
    if (!(node.tensor(1, "the indexes") instanceof IntegerTensor tensor)) {
      throw new Refusal("the indexes are not integers", "");
    }
    int entries = node.shape(0).dimension(0);
    int[] indexes = tensor.data().clone();
    for (int i = 0; i < indexes.length; i++) {
      if (indexes[i] < -entries || indexes[i] >= entries) {
        throw new Refusal("index " + indexes[i] + " with " + entries + " entries", "");
      }
      indexes[i] += indexes[i] < 0 ? entries : 0;
    }
    return indexes;
  }
}
