// SPDX-License-Identifier: Apache-2.0
package dev.etch.op;

import static dev.etch.op.requantization.FixedPointArithmetic.divideByPowerOfTwo;

import dev.etch.diagnostic.OperatorException;
import dev.etch.op.requantization.QuantizedMultiplier;
import dev.etch.op.requantization.ShortArithmetic;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.IntegerType;
import dev.etch.tensor.Shape;
import dev.etch.tensor.Tensor;
import dev.etch.tensor.TensorType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A long short-term memory in integers: 8-bit input, weights and results, 16-bit gates and cells.
 * Operands x [batch, steps, inputs] (or [steps, batch, inputs]), input weights [4 * cells, inputs]
 * and state weights [4 * cells, cells], all int8, and bias [4 * cells] int32; the rows are those of
 * the input gate, the forget gate, the candidate and the output gate, in this order. The result has
 * x's shape with cells instead of inputs.
 *
 * <p>A sequence begins with cells of 0 and with results that stand for 0. Both are states. For each
 * step, with {@code sat} to 16 bits and {@code round} to nearest, ties away from zero:
 *
 * <pre>
 * gate = sat(sat(ofInput * (W (x - inputZeroPoint) + bias)) + ofState * (R (y - outputZeroPoint)))
 * cell = clip(sat(round(logistic(forget) * cell / 2^15)
 *                 + round(logistic(input) * tanh(candidate) / 2^(30 - cellFractionBits))))
 * y    = sat8(hidden * (logistic(output) * tanh(cell)) + hiddenZeroPoint)
 * </pre>
 *
 * <p>Source: TFLite, {@code LstmStepInteger8x8_16} in {@code lstm_eval.cc}, without coupled gates,
 * peepholes, layer normalization and projection.
 *
 * @param timeAxis 0 or 1: the axis of x that counts the steps
 * @param inputZeroPoint what stands for 0 in x
 * @param outputZeroPoint what stands for 0 in the results when the next step reads them
 * @param inputGate multipliers of the input gate
 * @param forgetGate multipliers of the forget gate
 * @param candidate multipliers of the cells' candidate
 * @param outputGate multipliers of the output gate
 * @param cellFractionBits of the cells, from 9 to 15
 * @param cellClip cells are from {@code -cellClip} to {@code cellClip}; 0 if they are not clipped
 * @param hidden of a product of output gate and tanh of the cell, which has 30 fraction bits
 * @param hiddenZeroPoint what stands for 0 in a result
 */
public record IntegerLstm(
    int timeAxis,
    int inputZeroPoint,
    int outputZeroPoint,
    LstmGate inputGate,
    LstmGate forgetGate,
    LstmGate candidate,
    LstmGate outputGate,
    int cellFractionBits,
    int cellClip,
    QuantizedMultiplier hidden,
    int hiddenZeroPoint)
    implements RecurrentOp {
  /** Gates of a cell. */
  public static final int GATES = 4;

  /** Fewest fraction bits of the cells. */
  public static final int LEAST_FRACTION_BITS = 15 - ShortFunctions.MOST_TANH_BITS;

  /** Most fraction bits of the cells. */
  public static final int MOST_FRACTION_BITS = 15;

  /** Operands that are weights. */
  public static final List<Integer> WEIGHTS = List.of(1, 2);

  private static final IntegerType INT16 = new IntegerType(16, true);

  private static final int INPUT_WEIGHTS = 1;
  private static final int STATE_WEIGHTS = 2;
  private static final int BIAS = 3;

  /** Of gates, before their functions. */
  private static final int GATE_INTEGER_BITS = 3;

  /** Extents of a layer. */
  private record Extents(int batch, int steps, int inputs, int cells) {}

  @Override
  public List<TensorType> infer(List<TensorType> operands) {
    Operands o = Operands.of(this, operands, BIAS + 1, BIAS + 1);
    for (int i = 0; i < BIAS; i++) {
      if (!o.integers(i, 8).element().equals(IntegerType.INT8)) {
        throw o.misfit(i, "must be int8", "quantize it to int8");
      }
    }
    o.int32(BIAS);
    o.rank(0, 3);
    o.rank(INPUT_WEIGHTS, 2);
    o.rank(STATE_WEIGHTS, 2);
    checkAttributes();
    int inputs = o.any(0).shape().dimension(2);
    int cells = o.any(STATE_WEIGHTS).shape().dimension(1);
    requireShape(o, INPUT_WEIGHTS, GATES * cells, inputs);
    requireShape(o, STATE_WEIGHTS, GATES * cells, cells);
    o.vector(BIAS, GATES * cells);
    List<Integer> extents = new ArrayList<>(o.any(0).shape().dimensions());
    extents.set(2, cells);
    return List.of(new TensorType(IntegerType.INT8, Operands.shape(extents)));
  }

  private static void requireShape(Operands o, int index, int rows, int columns) {
    if (!o.any(index).shape().equals(Shape.of(rows, columns))) {
      throw o.misfit(
          index,
          "must have shape [%d, %d]".formatted(rows, columns),
          "four rows a cell: input gate, forget gate, candidate, output gate");
    }
  }

  private void checkAttributes() {
    boolean fits =
        (timeAxis == 0 || timeAxis == 1)
            && cellFractionBits >= LEAST_FRACTION_BITS
            && cellFractionBits <= MOST_FRACTION_BITS
            && cellClip >= 0
            && cellClip <= Short.MAX_VALUE;
    if (!fits) {
      throw new OperatorException(
          "time axis %d, %d fraction bits of cells that are clipped at %d"
              .formatted(timeAxis, cellFractionBits, cellClip),
          "the time axis is 0 or 1, cells have 9 to 15 fraction bits, a clip is from 0 to 32767");
    }
  }

  private Extents extents(List<TensorType> operands) {
    Shape x = operands.get(0).shape();
    return new Extents(
        x.dimension(1 - timeAxis),
        x.dimension(timeAxis),
        x.dimension(2),
        operands.get(STATE_WEIGHTS).shape().dimension(1));
  }

  /** The results of the last step and the cells, both [batch, cells]. */
  @Override
  public List<Tensor> initialStates(List<TensorType> operands) {
    Extents extents = extents(operands);
    int[] results = new int[extents.batch() * extents.cells()];
    Arrays.fill(results, outputZeroPoint);
    return states(extents, results, new int[results.length]);
  }

  private static List<Tensor> states(Extents extents, int[] results, int[] cells) {
    Shape shape = Shape.of(extents.batch(), extents.cells());
    return List.of(
        IntegerTensor.of(IntegerType.INT8, shape, results), IntegerTensor.of(INT16, shape, cells));
  }

  @Override
  public Advance advance(List<Tensor> operands, List<Tensor> states) {
    TensorType type = infer(Operands.typesOf(operands)).get(0);
    Extents extents = extents(Operands.typesOf(operands));
    int[] results = Operands.intData(states, 0).clone();
    int[] cells = Operands.intData(states, 1).clone();
    int[] y = new int[type.shape().elements()];
    for (int sequence = 0; sequence < extents.batch(); sequence++) {
      int first = sequence * extents.cells();
      int[] ownCells = Arrays.copyOfRange(cells, first, first + extents.cells());
      int[] state = Arrays.copyOfRange(results, first, first + extents.cells());
      state = runSequence(operands, extents, sequence, state, ownCells, y);
      System.arraycopy(state, 0, results, first, state.length);
      System.arraycopy(ownCells, 0, cells, first, state.length);
    }
    return new Advance(List.of(new IntegerTensor(type, y)), states(extents, results, cells));
  }

  /** Writes a sequence's results and cells, and gives the results of its last step. */
  private int[] runSequence(
      List<Tensor> operands, Extents extents, int sequence, int[] before, int[] cells, int[] y) {
    int[] x = Operands.intData(operands, 0);
    int[] state = before;
    for (int step = 0; step < extents.steps(); step++) {
      int row =
          timeAxis == 0 ? step * extents.batch() + sequence : sequence * extents.steps() + step;
      int first = row * extents.inputs();
      int[] input = Arrays.copyOfRange(x, first, first + extents.inputs());
      state = step(operands, input, state, cells);
      System.arraycopy(state, 0, y, row * extents.cells(), extents.cells());
    }
    return state;
  }

  /** The results of one step, and in {@code cells} its cells. */
  private int[] step(List<Tensor> operands, int[] input, int[] state, int[] cells) {
    int[] next = new int[cells.length];
    for (int c = 0; c < cells.length; c++) {
      int in = logistic(gate(inputGate, operands, c, input, state));
      int forget = logistic(gate(forgetGate, operands, cells.length + c, input, state));
      int fresh =
          ShortFunctions.tanh(
              gate(candidate, operands, 2 * cells.length + c, input, state), GATE_INTEGER_BITS);
      int out = logistic(gate(outputGate, operands, 3 * cells.length + c, input, state));
      cells[c] = cell(forget, cells[c], in, fresh);
      int activated = ShortFunctions.tanh(cells[c], MOST_FRACTION_BITS - cellFractionBits);
      long result = (long) hidden.times((long) out * activated) + hiddenZeroPoint;
      next[c] = (int) IntegerType.INT8.saturate(result);
    }
    return next;
  }

  private static int logistic(int gate) {
    return ShortFunctions.logistic(gate, GATE_INTEGER_BITS);
  }

  /** One cell's new value. */
  private int cell(int forget, int old, int in, int fresh) {
    int kept = divideByPowerOfTwo(forget * old, 15);
    int added = divideByPowerOfTwo(in * fresh, 30 - cellFractionBits);
    int cell = ShortArithmetic.saturate((long) kept + added);
    return cellClip == 0 ? cell : Math.max(-cellClip, Math.min(cellClip, cell));
  }

  /** A gate of one cell in Q3.12, whose weights are in {@code row}. */
  private int gate(LstmGate gate, List<Tensor> operands, int row, int[] input, int[] state) {
    int bias = Operands.intData(operands, BIAS)[row];
    int[] inputWeights = Operands.intData(operands, INPUT_WEIGHTS);
    int[] stateWeights = Operands.intData(operands, STATE_WEIGHTS);
    int ofInput = Accumulator.int32(sum(bias, inputWeights, row, input, inputZeroPoint));
    int ofState = Accumulator.int32(sum(0, stateWeights, row, state, outputZeroPoint));
    int first = ShortArithmetic.saturate(gate.ofInput().times(ofInput));
    return ShortArithmetic.saturate((long) gate.ofState().times(ofState) + first);
  }

  private static long sum(long bias, int[] weights, int row, int[] values, int zeroPoint) {
    long sum = bias;
    for (int i = 0; i < values.length; i++) {
      sum += (values[i] - (long) zeroPoint) * weights[row * values.length + i];
    }
    return sum;
  }
}
