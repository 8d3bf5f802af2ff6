// SPDX-License-Identifier: Apache-2.0
package dev.etch.op;

import static dev.etch.op.Evaluation.bytes;
import static dev.etch.op.Evaluation.evaluate;
import static dev.etch.op.Evaluation.refuses;
import static dev.etch.op.Evaluation.sums;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.etch.op.requantization.QuantizedMultiplier;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.Shape;
import dev.etch.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Values by hand, and sequences in parts, in batches and with the steps first. */
class IntegerLstmTest {
  private static final LstmGate ONE_TO_ONE =
      new LstmGate(QuantizedMultiplier.ONE, QuantizedMultiplier.ONE);

  /** 1 has 7 fraction bits in results. */
  private static final QuantizedMultiplier HIDDEN = QuantizedMultiplier.of(Math.scalb(1.0, -23));

  private static final int CELLS = 3;
  private static final int INPUTS = 2;

  private static IntegerLstm lstm(int timeAxis, int cellFractionBits, int cellClip) {
    return new IntegerLstm(
        timeAxis,
        1,
        2,
        ONE_TO_ONE,
        ONE_TO_ONE,
        ONE_TO_ONE,
        ONE_TO_ONE,
        cellFractionBits,
        cellClip,
        HIDDEN,
        -1);
  }

  /** One cell whose gates are wide open: each step adds almost one to it. */
  private static List<Integer> openCell(int cellClip, int steps) {
    IntegerTensor x = bytes(Shape.of(1, steps, 1), new int[steps]);
    IntegerTensor none = bytes(Shape.of(4, 1), 0, 0, 0, 0);
    IntegerTensor open = sums(Shape.of(4), 40_000, 40_000, 40_000, 40_000);
    Tensor y = evaluate(lstm(1, 12, cellClip), x, none, none, open);
    return Arrays.stream(((IntegerTensor) y).data()).boxed().toList();
  }

  @Test
  void anOpenCellCounts() {
    // tanh(1), tanh(2), tanh(3) of 128, less one for the zero point; at 127 is the end.
    assertEquals(List.of(96, 122, 126), openCell(0, 3));
    // Clipped at a half: tanh(1/2) of 128 is 59.
    assertEquals(List.of(58, 58, 58), openCell(1 << 11, 3));
  }

  @Test
  void zeroPointsStandForZero() {
    // x and the state are their zero points, so weights do not count and the gates are 0: half of
    // the cell, which is 0, plus half of tanh(0).
    IntegerTensor x = bytes(Shape.of(1, 1, 1), 1);
    IntegerTensor weights = bytes(Shape.of(4, 1), 127, -127, 100, 5);
    assertEquals(
        bytes(Shape.of(1, 1, 1), -1),
        evaluate(lstm(1, 12, 0), x, weights, weights, sums(Shape.of(4), 0, 0, 0, 0)));
  }

  @Test
  void aSequenceGoesOnInTheNextFrame() {
    IntegerLstm op = lstm(1, 11, 30_000);
    List<Tensor> whole = operands(2, 6);
    Tensor expected = op.evaluate(whole).get(0);
    List<Tensor> states = op.initialStates(Operands.typesOf(whole));
    for (int part = 0; part < 3; part++) {
      List<Tensor> operands = withInput(whole, steps((IntegerTensor) whole.get(0), 2 * part, 2));
      RecurrentOp.Advance advance = op.advance(operands, states);
      states = advance.states();
      assertEquals(
          steps((IntegerTensor) expected, 2 * part, 2), advance.results().get(0), "part " + part);
    }
    List<Tensor> last = withInput(whole, steps((IntegerTensor) whole.get(0), 4, 2));
    assertNotEquals(steps((IntegerTensor) expected, 4, 2), op.evaluate(last).get(0));
  }

  @Test
  void timeMayBeTheFirstAxis() {
    List<Tensor> operands = operands(2, 5);
    Tensor byTime = lstm(0, 11, 0).evaluate(withInput(operands, swapped(operands.get(0)))).get(0);
    assertEquals(lstm(1, 11, 0).evaluate(operands).get(0), swapped(byTime));
  }

  @Test
  void refusesWhatDoesNotFit() {
    Tensor[] operands = operands(1, 2).toArray(Tensor[]::new);
    refuses(lstm(2, 12, 0), "time axis 2", operands);
    refuses(lstm(1, 8, 0), "8 fraction bits", operands);
    refuses(lstm(1, 12, 40_000), "clipped at 40000", operands);
    operands[3] = sums(Shape.of(4), 1, 2, 3, 4);
    refuses(lstm(1, 12, 0), "must have shape [12]", operands);
    operands[2] = bytes(Shape.of(3, 3), new int[9]);
    refuses(lstm(1, 12, 0), "must have shape [12, 3]", operands);
    operands[0] = sums(Shape.of(1, 2, 2), 1, 2, 3, 4);
    refuses(lstm(1, 12, 0), "at most 8 bits", operands);
  }

  private static List<Tensor> operands(int batch, int steps) {
    SplittableRandom random = new SplittableRandom(11);
    int rows = IntegerLstm.GATES * CELLS;
    return List.of(
        bytes(Shape.of(batch, steps, INPUTS), random(random, batch * steps * INPUTS, 100)),
        bytes(Shape.of(rows, INPUTS), random(random, rows * INPUTS, 60)),
        bytes(Shape.of(rows, CELLS), random(random, rows * CELLS, 60)),
        sums(Shape.of(rows), random(random, rows, 4000)));
  }

  private static int[] random(SplittableRandom random, int count, int bound) {
    return random.ints(count, -bound, bound).toArray();
  }

  private static List<Tensor> withInput(List<Tensor> operands, Tensor x) {
    return List.of(x, operands.get(1), operands.get(2), operands.get(3));
  }

  /** Some of the steps of [batch, steps, elements]. */
  private static IntegerTensor steps(IntegerTensor all, int first, int count) {
    int width = all.shape().dimension(2);
    int length = all.shape().dimension(1) * width;
    int[] data = new int[all.shape().dimension(0) * count * width];
    for (int i = 0; i < data.length; i++) {
      data[i] = all.data()[i / (count * width) * length + first * width + i % (count * width)];
    }
    return bytes(Shape.of(all.shape().dimension(0), count, width), data);
  }

  private static Tensor swapped(Tensor x) {
    return new Transpose(List.of(1, 0, 2)).evaluate(List.of(x)).get(0);
  }
}
