// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.tflite.operator;

import dev.etch.graph.Value;
import dev.etch.importer.Refusal;
import dev.etch.importer.tflite.schema.Activation;
import dev.etch.op.IntegerLstm;
import dev.etch.op.LstmGate;
import dev.etch.op.Quantization;
import dev.etch.op.requantization.QuantizedMultiplier;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.IntegerType;
import dev.etch.tensor.Shape;
import java.util.List;

/**
 * UNIDIRECTIONAL_SEQUENCE_LSTM of integers, 8 bits by 8 bits to 16 bits: four gates a cell, whose
 * weights become the rows of two matrices.
 *
 * <p>Source of the ratios of scales, float32 where not stated otherwise: TFLite, {@code
 * PopulateQuantizedLstmParams8x8_16} in {@code unidirectional_sequence_lstm.cc}.
 */
final class UnidirectionalSequenceLstmReader implements OperatorReader {
  // Operands.
  private static final int INPUT_WEIGHTS = 1;
  private static final int STATE_WEIGHTS = 5;
  private static final int PEEPHOLES = 9;
  private static final int BIASES = 12;
  private static final int PROJECTION = 16;
  private static final int STATE = 18;
  private static final int CELLS = 19;
  private static final int NORMALIZATION = 20;
  private static final int LEAST_OPERANDS = 20;
  private static final int MOST_OPERANDS = 24;

  // Fields of UnidirectionalSequenceLSTMOptions.
  private static final int ACTIVATION = 0;
  private static final int CELL_CLIP = 1;
  private static final int TIME_MAJOR = 3;

  /** Of the intermediate tensors the one that holds the quantization of results. */
  private static final int HIDDEN = 4;

  private static final int GATES = IntegerLstm.GATES;

  /** Gates are Q3.12. */
  private static final float GATE_SCALE = 1f / (1 << 12);

  private static final IntegerType INT16 = new IntegerType(16, true);

  @Override
  public String notes() {
    return "int8 with int16 cells and clipped cells, by the reference only; no coupled gates, peepholes, "
        + "projection, layer normalization";
  }

  @Override
  public void read(OperatorContext node) {
    node.operands(LEAST_OPERANDS, MOST_OPERANDS);
    checkForm(node);
    Quantization input = int8(node, 0);
    Quantization state = int8(node, STATE);
    Quantization hidden = node.intermediate(HIDDEN).perTensor();
    int fractionBits = fractionBits(node);
    IntegerLstm lstm =
        new IntegerLstm(
            node.options().bool(TIME_MAJOR) ? 0 : 1,
            input.zeroPoint(0),
            state.zeroPoint(0),
            gate(node, 0, input, state),
            gate(node, 1, input, state),
            gate(node, 2, input, state),
            gate(node, 3, input, state),
            fractionBits,
            cellClip(node, fractionBits),
            hidden(hidden.scale(0)),
            hidden.zeroPoint(0));
    Value inputWeights = stacked(node, INPUT_WEIGHTS, IntegerType.INT8);
    Value stateWeights = stacked(node, STATE_WEIGHTS, IntegerType.INT8);
    Value bias = stacked(node, BIASES, IntegerType.INT32);
    node.finish(lstm, node.value(0), inputWeights, stateWeights, bias);
  }

  private static void checkForm(OperatorContext node) {
    refuseIf(node, INPUT_WEIGHTS, 1, false, "coupled input and forget gates");
    refuseIf(node, PEEPHOLES, 3, true, "peephole weights");
    refuseIf(node, PROJECTION, 2, true, "a projection");
    refuseIf(node, NORMALIZATION, 4, true, "layer normalization");
    if (node.options().activation(ACTIVATION) != Activation.TANH) {
      throw new Refusal(
          "its activation is " + node.options().activation(ACTIVATION),
          "integer LSTMs have tanh: convert the model again");
    }
    if (node.isConstant(STATE) || node.isConstant(CELLS)) {
      throw new Refusal("its state is a constant", "states are variables: convert it again");
    }
  }

  /** Refuses a form of the operator that shows in which operands are there. */
  private static void refuseIf(
      OperatorContext node, int first, int count, boolean isThere, String form) {
    for (int operand = first; operand < first + count; operand++) {
      if (node.has(operand) == isThere) {
        throw new Refusal(
            "an LSTM with " + form + " is not supported", "train it as Keras' plain LSTM layer");
      }
    }
  }

  private static Quantization int8(OperatorContext node, int operand) {
    Quantization quantization = node.operand(operand).perTensor();
    if (!quantization.type().equals(IntegerType.INT8)) {
      throw new Refusal(
          "operand %d is %s".formatted(operand, quantization.type()),
          "quantize the model to int8 (8-bit weights and activations, 16-bit cells)");
    }
    return quantization;
  }

  /** Binary logarithm of the cells' scale, as TFLite's kernel takes it. */
  private static int fractionBits(OperatorContext node) {
    Quantization cells = node.operand(CELLS).perTensor();
    float scale = cells.scale(0);
    int bits = -Math.getExponent(scale);
    boolean fits =
        cells.type().equals(INT16)
            && cells.zeroPoint(0) == 0
            && scale == Math.scalb(1f, -bits)
            && bits >= IntegerLstm.LEAST_FRACTION_BITS
            && bits <= IntegerLstm.MOST_FRACTION_BITS;
    if (!fits) {
      throw new Refusal(
          "its cells are %s with scale %s and zero point %d"
              .formatted(cells.type(), scale, cells.zeroPoint(0)),
          "cells are int16 with a scale of 2^-9 to 2^-15 and zero point 0: convert it again");
    }
    return bits;
  }

  private static int cellClip(OperatorContext node, int fractionBits) {
    float clip = node.options().float32(CELL_CLIP);
    if (!(clip >= 0)) {
      throw new Refusal("its cells are clipped at " + clip, "a clip is at least 0");
    }
    return (int) Math.min(Math.scalb(clip, fractionBits), Short.MAX_VALUE);
  }

  private static LstmGate gate(
      OperatorContext node, int gate, Quantization input, Quantization state) {
    return new LstmGate(
        ratio(weights(node, INPUT_WEIGHTS + gate), input.scale(0)),
        ratio(weights(node, STATE_WEIGHTS + gate), state.scale(0)));
  }

  private static QuantizedMultiplier ratio(Quantization weights, float scale) {
    return QuantizedMultiplier.of(weights.scale(0) * scale / GATE_SCALE);
  }

  private static Quantization weights(OperatorContext node, int operand) {
    Quantization weights = int8(node, operand);
    if (weights.zeroPoint(0) != 0) {
      throw new Refusal(
          "operand %d has zero point %d".formatted(operand, weights.zeroPoint(0)),
          "weights of an LSTM are symmetric: convert it again");
    }
    return weights;
  }

  /** In double, and then to float32, as TFLite's kernel has it. */
  private static QuantizedMultiplier hidden(float scale) {
    double unit = Math.scalb(1.0, -15);
    return QuantizedMultiplier.of((float) (unit / scale * unit));
  }

  /** The constants of the four gates, one below the other. */
  private static Value stacked(OperatorContext node, int first, IntegerType type) {
    List<Integer> extents = node.operand(first).shape().dimensions();
    int each = node.operand(first).shape().elements();
    if (extents.isEmpty()) {
      throw new Refusal("operand " + first + " is a scalar", "convert the model again");
    }
    int[] data = new int[Math.multiplyExact(GATES, each)];
    for (int gate = 0; gate < GATES; gate++) {
      IntegerTensor part = node.constant(first + gate);
      if (!part.type().element().equals(type) || !part.shape().dimensions().equals(extents)) {
        throw new Refusal(
            "operand %d is %s, not as that of the first gate".formatted(first + gate, part.type()),
            "all gates have weights of one shape and type: convert the model again");
      }
      System.arraycopy(part.data(), 0, data, gate * each, each);
    }
    List<Integer> rows = new java.util.ArrayList<>(extents);
    rows.set(0, GATES * extents.get(0));
    return node.emitConstant(first, IntegerTensor.of(type, new Shape(rows), data));
  }
}
