// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.tflite;

import dev.etch.diagnostic.Printable;
import dev.etch.importer.CutAdvice;
import dev.etch.importer.Refusal;
import dev.etch.importer.tflite.operator.OperatorRegistry;
import dev.etch.importer.tflite.schema.BuiltinOperator;
import dev.etch.importer.tflite.schema.OperatorCode;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Refuses operators without a reader, and says what would work instead where something would. */
final class UnsupportedOperators {
  private static final String CONTROL_FLOW = "unroll the control flow before you convert the model";
  private static final String RECURRENT =
      "of recurrent layers UNIDIRECTIONAL_SEQUENCE_LSTM in int8 is read; or use convolutions over time";

  private static final Map<BuiltinOperator, String> ADVICE =
      Map.ofEntries(
          Map.entry(BuiltinOperator.IF, CONTROL_FLOW),
          Map.entry(BuiltinOperator.WHILE, CONTROL_FLOW),
          Map.entry(BuiltinOperator.CALL_ONCE, "freeze the variables before you convert the model"),
          Map.entry(BuiltinOperator.LSTM, RECURRENT),
          Map.entry(BuiltinOperator.RNN, RECURRENT),
          Map.entry(BuiltinOperator.BIDIRECTIONAL_SEQUENCE_LSTM, RECURRENT),
          Map.entry(BuiltinOperator.UNIDIRECTIONAL_SEQUENCE_RNN, RECURRENT),
          Map.entry(BuiltinOperator.BIDIRECTIONAL_SEQUENCE_RNN, RECURRENT),
          Map.entry(BuiltinOperator.SVDF, RECURRENT),
          Map.entry(BuiltinOperator.L2_POOL_2D, "use AVERAGE_POOL_2D or MAX_POOL_2D"));

  private UnsupportedOperators() {}

  /**
   * What is said of an operator without a reader.
   *
   * @param operands computed tensors that the operator reads
   * @param isFloat whether the model is one of floats, of which fewer operators are read
   */
  static Refusal refusal(
      OperatorCode code,
      Optional<BuiltinOperator> builtin,
      List<String> operands,
      boolean isFloat) {
    boolean isReadOtherwise = isFloat && builtin.flatMap(OperatorRegistry::reader).isPresent();
    return new Refusal(
        Printable.of(OperatorNames.of(code))
            + (isReadOtherwise ? " of floats is not supported" : " is not supported"),
        builtin.map(ADVICE::get).orElseGet(() -> cut(operands)));
  }

  private static String cut(List<String> operands) {
    return operands.isEmpty()
        ? "compute it on the host, or replace it in the model"
        : "this is host code: cut it off with " + CutAdvice.outputs(operands);
  }
}
