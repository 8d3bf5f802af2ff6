// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.tflite;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.etch.diagnostic.DiagnosticException;
import dev.etch.importer.tflite.schema.BuiltinOperator;
import dev.etch.text.GraphParser;
import dev.etch.text.GraphPrinter;
import java.util.Arrays;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How the operator is read: scales, and what is refused. */
class UnidirectionalSequenceLstmTest {
  private static final int INT16 = 7;
  private static final int TANH = 4;

  /** One cell and one input; every part can be replaced before the operator is made. */
  private static final class Lstm {
    private final TestModel model = new TestModel();
    private final int[] operands = new int[24];
    private int activation = TANH;
    private float clip = 10;
    private int timeMajor;
    private float cellScale = 1f / (1 << 12);
    private int cellType = INT16;
    private int intermediates = 5;

    private Lstm() {
      Arrays.fill(operands, -1);
      operands[0] = model.tensor("x", TestModel.INT8, 1 / 256f, -128, 1, 3, 1);
      for (int gate = 0; gate < 4; gate++) {
        operands[1 + gate] = weights(0, 0);
        operands[5 + gate] = weights(0, 0);
        operands[12 + gate] = model.ints("bias", new int[] {gate == 1 ? -1 << 20 : 1 << 20}, 1);
      }
    }

    private int weights(int zeroPoint, int value) {
      return model.bytes("w", TestModel.INT8, 1 / 16f, zeroPoint, new int[] {value}, 1, 1);
    }

    private byte[] build() {
      operands[18] = model.tensor("state", TestModel.INT8, 1 / 128f, 3, 1, 1);
      operands[19] = model.tensor("cells", cellType, cellScale, 0, 1, 1);
      int hidden = model.tensor("hidden", TestModel.INT8, 1 / 128f, 3, 0);
      int y = model.tensor("y", TestModel.INT8, 1 / 128f, 3, 1, 3, 1);
      int[] inside = new int[intermediates];
      Arrays.fill(inside, hidden);
      model.operator(
          BuiltinOperator.UNIDIRECTIONAL_SEQUENCE_LSTM,
          builder -> {
            builder.startTable(6);
            builder.addByte(0, (byte) activation, 0);
            builder.addFloat(1, clip, 0);
            builder.addByte(3, (byte) timeMajor, 0);
            return builder.endTable();
          },
          y,
          operands,
          inside);
      return model.build(new int[] {operands[0]}, y);
    }
  }

  @Test
  void gatesThatAreOpenOrShut() {
    // Input and output gate open, forget gate shut: each step's result is tanh(tanh(8)) = tanh(1)
    // of 128, behind the zero point: 97 + 3.
    assertArrayEquals(
        new int[] {100, 100, 100}, TestRun.integers(new Lstm().build(), new int[] {1, 2, 3}));
  }

  @Test
  void textReadsBack() {
    String text = GraphPrinter.print(TestRun.read(new Lstm().build()));
    assertTrue(text.contains("cellFractionBits = 12, cellClip = 32767"), text);
    assertEquals(text, GraphPrinter.print(GraphParser.parse("test.etch", text)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "COUPLED | an LSTM with coupled input and forget gates is not supported",
        "PEEPHOLES | an LSTM with peephole weights is not supported",
        "PROJECTION | an LSTM with a projection is not supported",
        "NORMALIZATION | an LSTM with layer normalization is not supported",
        "RELU | its activation is RELU",
        "CLIP | its cells are clipped at -1.0",
        "NO_CLIP_NUMBER | its cells are clipped at NaN",
        "COARSE_CELLS | with scale 0.00390625",
        "UNEVEN_CELLS | with scale 3.0E-4",
        "NARROW_CELLS | its cells are int8",
        "NO_INTERMEDIATES | it has 0 intermediate tensors",
        "WEIGHT_ZERO_POINT | operand 7 has zero point 4",
        "OTHER_SHAPE | operand 3 is int8[2, 1], not as that of the first gate",
        "LONG_WEIGHTS | must have shape",
        "TIME_MAJOR_RANK | must have 3 axes"
      })
  void refuses(Fault fault, String message) {
    Lstm lstm = new Lstm();
    fault.change.accept(lstm);
    DiagnosticException thrown =
        assertThrows(DiagnosticException.class, () -> TestRun.read(lstm.build()));
    assertTrue(thrown.getMessage().contains(message), thrown.getMessage());
    assertTrue(thrown.getMessage().contains("UNIDIRECTIONAL_SEQUENCE_LSTM"), thrown.getMessage());
  }

  /** What is wrong with a file. */
  enum Fault {
    COUPLED(l -> l.operands[1] = -1),
    PEEPHOLES(l -> l.operands[10] = l.operands[1]),
    PROJECTION(l -> l.operands[16] = l.operands[1]),
    NORMALIZATION(l -> l.operands[23] = l.operands[1]),
    RELU(l -> l.activation = 1),
    CLIP(l -> l.clip = -1),
    NO_CLIP_NUMBER(l -> l.clip = Float.NaN),
    COARSE_CELLS(l -> l.cellScale = 1f / 256),
    UNEVEN_CELLS(l -> l.cellScale = 3e-4f),
    NARROW_CELLS(l -> l.cellType = TestModel.INT8),
    NO_INTERMEDIATES(l -> l.intermediates = 0),
    WEIGHT_ZERO_POINT(l -> l.operands[7] = l.weights(4, 1)),
    OTHER_SHAPE(
        l -> l.operands[3] = l.model.bytes("w", TestModel.INT8, 1, 0, new int[] {1, 2}, 2, 1)),
    LONG_WEIGHTS(
        l -> {
          for (int gate = 0; gate < 4; gate++) {
            l.operands[1 + gate] = l.model.bytes("w", TestModel.INT8, 1, 0, new int[] {1, 2}, 1, 2);
          }
        }),
    TIME_MAJOR_RANK(l -> l.operands[0] = l.model.tensor("x", TestModel.INT8, 1 / 256f, -128, 3, 1));

    private final Consumer<Lstm> change;

    Fault(Consumer<Lstm> change) {
      this.change = change;
    }
  }
}
