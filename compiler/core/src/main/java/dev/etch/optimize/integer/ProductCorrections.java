// SPDX-License-Identifier: Apache-2.0
package dev.etch.optimize.integer;

import dev.etch.graph.Node;
import dev.etch.graph.Value;
import dev.etch.op.Lookup;
import dev.etch.op.QuantizedAdd;
import dev.etch.op.requantization.FloatSum;
import dev.etch.tensor.IntegerType;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Steps that are added to a product's staircase for a few pairs of operands, from tables: each
 * operand that occurs in such a pair gets a number, the two numbers together address the steps.
 *
 * @param left numbers of left operands, from 1
 * @param right multiples of {@code left.size() + 1}, from one
 * @param steps by the sum of both numbers
 */
record ProductCorrections(
    Map<Integer, Integer> left, Map<Integer, Integer> right, Map<Integer, Integer> steps) {
  private static final IntegerType ADDRESS = IntegerType.UINT8;

  /**
   * One pair with another result than the staircase's.
   *
   * @param left operand
   * @param right operand
   * @param steps that its result is above the staircase's
   */
  record Correction(int left, int right, int steps) {}

  /** Tables for some pairs; empty if these have too many different operands. */
  static Optional<ProductCorrections> of(List<Correction> corrections) {
    Map<Integer, Integer> left = new HashMap<>();
    corrections.forEach(c -> left.putIfAbsent(c.left(), left.size() + 1));
    int stride = left.size() + 1;
    Map<Integer, Integer> right = new HashMap<>();
    corrections.forEach(c -> right.putIfAbsent(c.right(), (right.size() + 1) * stride));
    if ((long) (right.size() + 1) * stride > ADDRESS.maximum()) {
      return Optional.empty();
    }
    Map<Integer, Integer> steps = new HashMap<>();
    corrections.forEach(c -> steps.put(left.get(c.left()) + right.get(c.right()), c.steps()));
    return Optional.of(new ProductCorrections(left, right, steps));
  }

  /** {@code result} with the steps for its two operands added. */
  Value corrected(Rewrite rewrite, Node node, Dequantized a, Dequantized b, Value result) {
    Value address =
        rewrite.emit(
            node,
            "place",
            sum(ADDRESS),
            numbers(rewrite, node, "left", a, left),
            numbers(rewrite, node, "right", b, right));
    Lookup table = Lookup.of(ADDRESS, IntegerType.INT8, x -> steps.getOrDefault(x, 0));
    Value correction = rewrite.emit(node, "steps", table, address);
    return rewrite.emit(node, sum((IntegerType) result.type().element()), result, correction);
  }

  private static Value numbers(
      Rewrite rewrite, Node node, String side, Dequantized operand, Map<Integer, Integer> numbers) {
    Lookup table =
        Lookup.of(operand.quantization().type(), ADDRESS, x -> numbers.getOrDefault(x, 0));
    return rewrite.emit(node, side, table, operand.integers());
  }

  /** The plain sum of integers. */
  private static QuantizedAdd sum(IntegerType type) {
    FloatSum plain = new FloatSum(1, 0, 1, 0, 1, 0, (int) type.minimum(), (int) type.maximum());
    return new QuantizedAdd(plain, type);
  }
}
