// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.tflite;

import dev.etch.diagnostic.DiagnosticCollector;
import dev.etch.diagnostic.Location;
import dev.etch.importer.tflite.operator.TensorScope;
import dev.etch.importer.tflite.schema.BuiltinOperator;
import dev.etch.importer.tflite.schema.TfliteModel;
import dev.etch.importer.tflite.schema.TfliteOperator;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Refuses models whose layers compute in floating point, once and not at every layer. */
final class FloatModels {
  private static final Set<BuiltinOperator> LAYERS =
      EnumSet.of(
          BuiltinOperator.CONV_2D,
          BuiltinOperator.DEPTHWISE_CONV_2D,
          BuiltinOperator.FULLY_CONNECTED,
          BuiltinOperator.TRANSPOSE_CONV,
          BuiltinOperator.BATCH_MATMUL);

  private FloatModels() {}

  static void check(
      TfliteModel model,
      TensorScope scope,
      List<TfliteOperator> operators,
      String file,
      DiagnosticCollector diagnostics) {
    List<TfliteOperator> floats =
        operators.stream()
            .filter(o -> isLayer(model, o) && !o.inputs().isEmpty())
            .filter(o -> scope.isFloat(o.inputs().get(0)))
            .toList();
    if (floats.isEmpty()) {
      return;
    }
    boolean integerWeights =
        floats.stream()
            .anyMatch(o -> o.inputs().size() > 1 && scope.isQuantized(o.inputs().get(1)));
    diagnostics.error(
        Location.file(file),
        floats.size()
            + " layers compute in floating point: this is a "
            + (integerWeights ? "dynamic-range quantized" : "float")
            + " model",
        "convert it with full integer quantization: optimizations = [DEFAULT], a representative"
            + " data set, and supported_ops = [TFLITE_BUILTINS_INT8]");
    diagnostics.throwIfErrors();
  }

  private static boolean isLayer(TfliteModel model, TfliteOperator operator) {
    if (operator.code() < 0 || operator.code() >= model.operatorCodes().size()) {
      return false;
    }
    Optional<BuiltinOperator> builtin =
        BuiltinOperator.of(model.operatorCodes().get(operator.code()).builtin());
    return builtin.filter(LAYERS::contains).isPresent();
  }
}
