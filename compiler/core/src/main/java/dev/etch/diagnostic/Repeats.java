// SPDX-License-Identifier: Apache-2.0
package dev.etch.diagnostic;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Makes one message of those that say the same of several nodes with one operator. */
final class Repeats {
  private static final int NODES_SHOWN = 3;

  private Repeats() {}

  /** The first of each, with the number and some names of the others. */
  static List<Diagnostic> merged(List<Diagnostic> diagnostics) {
    Map<List<Object>, List<Diagnostic>> alike = new LinkedHashMap<>();
    for (Diagnostic diagnostic : diagnostics) {
      alike.computeIfAbsent(key(diagnostic), k -> new ArrayList<>()).add(diagnostic);
    }
    return alike.values().stream().map(Repeats::merge).toList();
  }

  private static List<Object> key(Diagnostic diagnostic) {
    Object place =
        diagnostic.location() instanceof Location.OfNode node
            ? List.of(node.file(), node.operator())
            : diagnostic.location();
    return List.of(diagnostic.severity(), place, diagnostic.message());
  }

  private static Diagnostic merge(List<Diagnostic> alike) {
    Diagnostic first = alike.get(0);
    List<String> others =
        alike.stream()
            .map(Diagnostic::location)
            .filter(location -> !location.equals(first.location()))
            .distinct()
            .map(location -> "'" + Printable.of(((Location.OfNode) location).node()) + "'")
            .toList();
    if (others.isEmpty()) {
      return first;
    }
    String names =
        String.join(", ", others.subList(0, Math.min(NODES_SHOWN, others.size())))
            + (others.size() > NODES_SHOWN ? ", ..." : "");
    return new Diagnostic(
        first.severity(),
        first.location(),
        first.message() + " (and " + others.size() + " more of it: " + names + ")",
        first.help());
  }
}
