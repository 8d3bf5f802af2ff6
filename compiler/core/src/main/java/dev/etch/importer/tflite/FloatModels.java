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

/**
 * Tells models whose layers all compute in floating point, and refuses those of which some do, once
 * and not at every layer.
 */
final class FloatModels {
  private static final Set<BuiltinOperator> LAYERS =
      EnumSet.of(
          BuiltinOperator.CONV_2D,
          BuiltinOperator.DEPTHWISE_CONV_2D,
          BuiltinOperator.FULLY_CONNECTED,
          BuiltinOperator.TRANSPOSE_CONV,
          BuiltinOperator.BATCH_MATMUL);

  private static final String CONVERT =
      "convert it with full integer quantization: optimizations = [DEFAULT], a representative"
          + " data set, and supported_ops = [TFLITE_BUILTINS_INT8]";

  private FloatModels() {}

  /** Whether all layers compute in floating point. */
  static boolean check(
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
      return false;
    }
    List<TfliteOperator> integers =
        operators.stream()
            .filter(o -> isLayer(model, o) && !o.inputs().isEmpty())
            .filter(o -> scope.isQuantized(o.inputs().get(0)))
            .toList();
    boolean integerWeights =
        floats.stream()
            .anyMatch(o -> o.inputs().size() > 1 && scope.isQuantized(o.inputs().get(1)));
    if (integers.isEmpty()) {
      if (integerWeights) {
        diagnostics.warning(
            Location.file(file),
            "a dynamic-range quantized model: its integer weights are read as the floats that they"
                + " stand for, and its activations are not rounded",
            "");
      }
      return true;
    }
    diagnostics.error(
        Location.file(file),
        "%d of %d layers compute in floating point, the first of them gives '%s'; the others are quantized"
            .formatted(
                floats.size(),
                floats.size() + integers.size(),
                scope.name(floats.get(0).outputs().get(0))),
        remedy(operators, floats, integers, scope));
    diagnostics.throwIfErrors();
    return false;
  }

  /** Where to cut, if the float layers all lie on one side of the quantized ones. */
  private static String remedy(
      List<TfliteOperator> operators,
      List<TfliteOperator> floats,
      List<TfliteOperator> integers,
      TensorScope scope) {
    TfliteOperator first = integers.get(0);
    TfliteOperator last = integers.get(integers.size() - 1);
    if (operators.indexOf(floats.get(floats.size() - 1)) < operators.indexOf(first)) {
      return "compute them on the host: cut them off with --inputs "
          + scope.name(first.inputs().get(0));
    }
    if (operators.indexOf(floats.get(0)) > operators.indexOf(last)) {
      return "compute them on the host: cut them off with --outputs "
          + scope.name(last.outputs().get(0));
    }
    return "quantize these, too: " + CONVERT;
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
