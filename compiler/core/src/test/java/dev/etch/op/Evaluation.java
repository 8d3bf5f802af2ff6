// SPDX-License-Identifier: Apache-2.0
package dev.etch.op;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.etch.diagnostic.OperatorException;
import dev.etch.tensor.FloatTensor;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.IntegerType;
import dev.etch.tensor.Shape;
import dev.etch.tensor.Tensor;
import dev.etch.tensor.TensorType;
import java.util.List;

/** Evaluates operators in tests. */
final class Evaluation {
  private Evaluation() {}

  /** The only result, whose type must be the inferred one. */
  static Tensor evaluate(Op op, Tensor... operands) {
    List<TensorType> inferred = op.infer(Operands.typesOf(List.of(operands)));
    List<Tensor> results = op.evaluate(List.of(operands));
    assertEquals(inferred, Operands.typesOf(results));
    return results.get(0);
  }

  /** Checks that inference refuses the operands with a message that contains {@code part}. */
  static void refuses(Op op, String part, Tensor... operands) {
    List<TensorType> types = Operands.typesOf(List.of(operands));
    OperatorException thrown = assertThrows(OperatorException.class, () -> op.infer(types));
    assertTrue(thrown.getMessage().contains(part), thrown.getMessage());
  }

  /** A float vector. */
  static FloatTensor floats(float... data) {
    return FloatTensor.of(Shape.of(data.length), data);
  }

  /** An int8 tensor. */
  static IntegerTensor bytes(Shape shape, int... data) {
    return IntegerTensor.of(IntegerType.INT8, shape, data);
  }

  /** An int32 tensor. */
  static IntegerTensor sums(Shape shape, int... data) {
    return IntegerTensor.of(IntegerType.INT32, shape, data);
  }
}
