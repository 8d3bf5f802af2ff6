// SPDX-License-Identifier: Apache-2.0
package dev.etch.optimize.integer;

import dev.etch.graph.Node;
import dev.etch.graph.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Operands are requantized to the result's quantization where theirs is another, then joined. */
final class ConcatToInteger implements IntegerRule {
  @Override
  public Optional<FloatForm> apply(Node node, Rewrite rewrite) {
    List<FloatForm> forms = new ArrayList<>();
    List<Dequantized> alike = new ArrayList<>();
    for (Value operand : node.inputs()) {
      Optional<FloatForm> form = rewrite.form(operand);
      if (form.isEmpty()) {
        return Optional.empty();
      }
      forms.add(form.get());
      if (form.get() instanceof Dequantized d
          && (alike.isEmpty() || d.sameAs(alike.get(0).quantization()))) {
        alike.add(d);
      }
    }
    if (alike.size() < forms.size() || !alike.get(0).quantization().isPerTensor()) {
      return Optional.of(new Moved(forms, target -> node.op(), node));
    }
    Value[] integers = alike.stream().map(Dequantized::integers).toArray(Value[]::new);
    return Optional.of(
        new Dequantized(rewrite.emit(node, node.op(), integers), alike.get(0).quantization()));
  }
}
