// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.onnx.operator;

import dev.etch.importer.Refusal;
import dev.etch.op.Transpose;
import java.util.List;
import java.util.stream.IntStream;

/** Transpose; constants are transposed at import. */
final class TransposeReader implements OperatorReader {
  @Override
  public Signature signature() {
    return Signature.of(1, 1, "perm");
  }

  @Override
  public String notes() {
    return "";
  }

  @Override
  public void read(NodeContext node) {
    int rank = node.shape(0).rank();
    List<Integer> reversed = IntStream.range(0, rank).map(i -> rank - 1 - i).boxed().toList();
    List<Integer> permutation = node.attributes().integers("perm").orElse(reversed);
    if (!permutation.stream().sorted().toList().equals(IntStream.range(0, rank).boxed().toList())) {
      throw new Refusal("perm " + permutation + " does not permute " + rank + " axes", "");
    }
    ConstantForms.transposed(node.operand(0), permutation)
        .ifPresentOrElse(
            node::result, () -> node.emitResult(new Transpose(permutation), node.value(0)));
  }
}
