// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.tflite;

import dev.etch.diagnostic.Printable;
import dev.etch.importer.Refusal;
import dev.etch.importer.tflite.operator.OperatorRegistry;
import dev.etch.importer.tflite.schema.BuiltinOperator;
import dev.etch.importer.tflite.schema.OperatorCode;
import java.util.Map;
import java.util.Optional;

/** Refuses operators without a reader, and says what would work instead where something would. */
final class UnsupportedOperators {
  private static final String CONTROL_FLOW = "unroll the control flow before you convert the model";
  private static final String RECURRENT =
      "recurrent layers need state between frames; use convolutions over time instead";
  private static final String DETECTION = "end the model before it and do this on the host";

  private static final Map<BuiltinOperator, String> ADVICE =
      Map.ofEntries(
          Map.entry(BuiltinOperator.CUSTOM, "convert the model without custom operators"),
          Map.entry(BuiltinOperator.IF, CONTROL_FLOW),
          Map.entry(BuiltinOperator.WHILE, CONTROL_FLOW),
          Map.entry(BuiltinOperator.CALL_ONCE, "freeze the variables before you convert the model"),
          Map.entry(BuiltinOperator.LSTM, RECURRENT),
          Map.entry(BuiltinOperator.RNN, RECURRENT),
          Map.entry(BuiltinOperator.UNIDIRECTIONAL_SEQUENCE_LSTM, RECURRENT),
          Map.entry(BuiltinOperator.BIDIRECTIONAL_SEQUENCE_LSTM, RECURRENT),
          Map.entry(BuiltinOperator.UNIDIRECTIONAL_SEQUENCE_RNN, RECURRENT),
          Map.entry(BuiltinOperator.BIDIRECTIONAL_SEQUENCE_RNN, RECURRENT),
          Map.entry(BuiltinOperator.SVDF, RECURRENT),
          Map.entry(BuiltinOperator.NON_MAX_SUPPRESSION_V4, DETECTION),
          Map.entry(BuiltinOperator.NON_MAX_SUPPRESSION_V5, DETECTION),
          Map.entry(BuiltinOperator.TOPK_V2, DETECTION),
          Map.entry(BuiltinOperator.RESIZE_BILINEAR, "use RESIZE_NEAREST_NEIGHBOR"),
          Map.entry(BuiltinOperator.TRANSPOSE_CONV, "resize by nearest neighbour, then CONV_2D"),
          Map.entry(BuiltinOperator.L2_POOL_2D, "use AVERAGE_POOL_2D or MAX_POOL_2D"),
          Map.entry(BuiltinOperator.ELU, "use RELU, RELU6 or LEAKY_RELU"),
          Map.entry(BuiltinOperator.GELU, "use RELU, RELU6 or HARD_SWISH"));

  private UnsupportedOperators() {}

  /** Complains unless there is a reader. */
  static void check(OperatorCode code, Optional<BuiltinOperator> builtin) {
    if (builtin.flatMap(OperatorRegistry::reader).isPresent()) {
      return;
    }
    throw new Refusal(
        Printable.of(OperatorNames.of(code)) + " is not supported",
        builtin.map(ADVICE::get).orElse("compute it on the host, or replace it in the model"));
  }
}
