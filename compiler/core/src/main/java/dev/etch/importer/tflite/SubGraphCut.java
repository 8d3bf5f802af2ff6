// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.tflite;

import dev.etch.importer.Cut;
import dev.etch.importer.tflite.schema.TfliteModel;
import dev.etch.importer.tflite.schema.TfliteOperator;
import dev.etch.importer.tflite.schema.TfliteSubGraph;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Cuts a TensorFlow Lite model before it is read: other inputs and outputs. */
final class SubGraphCut {
  private SubGraphCut() {}

  /** The model with the cut applied to its first subgraph; offsets outside of it stay unread. */
  static TfliteModel of(TfliteModel model, Cut cut, String file) {
    if (cut.isNone() || model.subGraphs().size() != 1) {
      return model;
    }
    TfliteSubGraph part = of(model.subGraphs().get(0), cut, file);
    return new TfliteModel(model.operatorCodes(), List.of(part), model.buffers());
  }

  private static TfliteSubGraph of(TfliteSubGraph graph, Cut cut, String file) {
    Map<String, Integer> positions = new HashMap<>();
    for (int i = 0; i < graph.tensors().size(); i++) {
      positions.putIfAbsent(graph.tensors().get(i).name(), i);
    }
    cut.check(file, names(graph, computed(graph)), names(graph, graph.inputs()));
    List<Integer> inputs = positions(cut.inputs(), positions, graph.inputs());
    List<Integer> outputs = positions(cut.outputs(), positions, graph.outputs());
    return new TfliteSubGraph(
        graph.tensors(), inputs, outputs, behind(graph, Set.copyOf(inputs)), graph.name());
  }

  private static List<Integer> positions(
      List<String> names, Map<String, Integer> positions, List<Integer> original) {
    return names.isEmpty() ? original : names.stream().map(positions::get).toList();
  }

  private static List<Integer> computed(TfliteSubGraph graph) {
    return graph.operators().stream().flatMap(o -> o.outputs().stream()).toList();
  }

  private static Set<String> names(TfliteSubGraph graph, List<Integer> positions) {
    Set<String> names = new LinkedHashSet<>();
    for (int position : positions) {
      if (position >= 0 && position < graph.tensors().size()) {
        names.add(graph.tensors().get(position).name());
      }
    }
    return names;
  }

  /** The operators whose results the inputs do not stand for. */
  private static List<TfliteOperator> behind(TfliteSubGraph graph, Set<Integer> inputs) {
    Set<Integer> given = new HashSet<>(inputs);
    return graph.operators().stream()
        .filter(operator -> operator.outputs().stream().noneMatch(given::contains))
        .toList();
  }
}
