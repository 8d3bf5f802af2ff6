// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.tflite;

import dev.etch.importer.tflite.schema.BuiltinOperator;
import dev.etch.importer.tflite.schema.TfliteModel;
import dev.etch.importer.tflite.schema.TfliteOperator;
import dev.etch.importer.tflite.schema.TfliteSubGraph;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The operators that influence an output, in the file's order. What only computes the shape operand
 * of a RESHAPE (SHAPE, STRIDED_SLICE, PACK) does not: the file states the shape of the result.
 */
final class LiveOperators {
  private LiveOperators() {}

  static List<TfliteOperator> of(TfliteModel model, TfliteSubGraph subGraph) {
    Set<Integer> needed = new HashSet<>(subGraph.outputs());
    List<TfliteOperator> live = new ArrayList<>();
    for (int i = subGraph.operators().size() - 1; i >= 0; i--) {
      TfliteOperator operator = subGraph.operators().get(i);
      if (operator.outputs().stream().anyMatch(needed::contains)) {
        live.add(operator);
        boolean onlyFirst = isReshape(model, operator) && !operator.inputs().isEmpty();
        needed.addAll(onlyFirst ? operator.inputs().subList(0, 1) : operator.inputs());
      }
    }
    Collections.reverse(live);
    return live;
  }

  private static boolean isReshape(TfliteModel model, TfliteOperator operator) {
    return operator.code() >= 0
        && operator.code() < model.operatorCodes().size()
        && model.operatorCodes().get(operator.code()).builtin()
            == BuiltinOperator.RESHAPE.ordinal();
  }
}
