// SPDX-License-Identifier: Apache-2.0
package dev.etch.op;

import static dev.etch.op.Evaluation.bytes;
import static dev.etch.op.Evaluation.evaluate;
import static dev.etch.op.Evaluation.floats;
import static dev.etch.op.Evaluation.refuses;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.etch.diagnostic.OperatorException;
import dev.etch.tensor.FloatTensor;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.IntegerType;
import dev.etch.tensor.Shape;
import dev.etch.tensor.SparseWeights;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Hand-computed values of the operators that only move data, and what they refuse. */
class DataMovementTest {
  @Test
  void concat() {
    assertEquals(
        bytes(Shape.of(2, 3), 1, 2, 5, 3, 4, 6),
        evaluate(new Concat(1), bytes(Shape.of(2, 2), 1, 2, 3, 4), bytes(Shape.of(2, 1), 5, 6)));
    assertEquals(floats(1, 2, 3), evaluate(new Concat(0), floats(1), floats(2, 3)));
    refuses(new Concat(0), "does not fit", floats(1), bytes(Shape.of(1), 1));
    refuses(new Concat(0), "does not fit", bytes(Shape.of(1, 1), 1), bytes(Shape.of(1, 2), 1, 2));
    refuses(new Concat(1), "has no axis 1", floats(1));
  }

  @Test
  void pad() {
    assertEquals(
        bytes(Shape.of(2, 3), 9, 9, 9, 9, 1, 2),
        evaluate(new Pad(List.of(1, 1), List.of(0, 0), 9), bytes(Shape.of(1, 2), 1, 2)));
    assertEquals(floats(1, -0.5f), evaluate(new Pad(List.of(0), List.of(1), -0.5), floats(1)));
    refuses(
        new Pad(List.of(0), List.of(1), 200), "cannot hold the pad value", bytes(Shape.of(1), 1));
    refuses(new Pad(List.of(0), List.of(1), 0.5), "cannot hold", bytes(Shape.of(1), 1));
    refuses(new Pad(List.of(-1), List.of(0), 0), "negative pad", floats(1, 2));
    refuses(new Pad(List.of(0, 0), List.of(0, 0), 0), "each axis", floats(1, 2));
    refuses(
        new Pad(List.of(Integer.MAX_VALUE, 9), List.of(9, 9), 0),
        "impossible",
        FloatTensor.of(Shape.of(1, 1), 1));
  }

  @Test
  void reshapeKeepsTheOrder() {
    assertEquals(
        bytes(Shape.of(3, 2), 1, 2, 3, 4, 5, 6),
        evaluate(new Reshape(List.of(3, 2)), bytes(Shape.of(2, 3), 1, 2, 3, 4, 5, 6)));
    refuses(new Reshape(List.of(4)), "cannot become", floats(1));
    refuses(new Reshape(List.of(-1)), "impossible", floats(1));
  }

  @Test
  void transpose() {
    assertEquals(
        bytes(Shape.of(3, 1, 2), 1, 4, 2, 5, 3, 6),
        evaluate(new Transpose(List.of(2, 0, 1)), bytes(Shape.of(1, 2, 3), 1, 2, 3, 4, 5, 6)));
    refuses(new Transpose(List.of(0, 0)), "cannot be permuted", bytes(Shape.of(1, 1), 1));
  }

  @Test
  void constantDecodes() {
    IntegerTensor indexes = IntegerTensor.of(IntegerType.INT64, Shape.of(1), 2);
    SparseWeights weights =
        new SparseWeights(bytes(Shape.of(3), 0, 0, 0).type(), indexes, bytes(Shape.of(1), 7));
    assertEquals(bytes(Shape.of(3), 0, 0, 7), evaluate(new Constant(weights)));
    refuses(new Constant(weights), "takes 0 operands", floats(1));
  }

  @Test
  void windowsRefuseNonsense() {
    assertThrows(OperatorException.class, () -> Window.of(0, 1));
    assertThrows(
        OperatorException.class, () -> new Window(1 << 20, 1, 1, 1, 1 << 20, 1, 0, 0, 0, 0));
    Window window = new Window(1, 1, 2, 2, 1, 1, 1 << 24, 0, 0, 0);
    assertEquals((1 << 23) + 1, window.outputHeight(1));
  }
}
