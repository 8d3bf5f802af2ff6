// SPDX-License-Identifier: Apache-2.0
package dev.etch.diagnostic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** One message for all nodes that have the same fault. */
class RepeatsTest {
  @Test
  void oneMessageForEachOperator() {
    DiagnosticCollector diagnostics = new DiagnosticCollector();
    for (String node : new String[] {"a", "b", "c", "d", "e"}) {
      diagnostics.error(Location.node("m.onnx", node, "Foo"), "is not supported", "help " + node);
      diagnostics.error(Location.node("m.onnx", node, "Bar" + node), "is not supported", "");
    }
    DiagnosticException e = assertThrows(DiagnosticException.class, diagnostics::throwIfErrors);
    assertEquals(6, e.diagnostics().size());
    assertEquals(
        "m.onnx: node 'a' (Foo): error: is not supported (and 4 more of it: 'b', 'c', 'd', ...)"
            + "\n  help: help a",
        e.diagnostics().get(0).toString());
  }

  @Test
  void placesInTextStayApart() {
    DiagnosticCollector diagnostics = new DiagnosticCollector();
    Stream.of(1, 2).forEach(i -> diagnostics.error(Location.text("m", i, 1, ""), "wrong", ""));
    DiagnosticException e = assertThrows(DiagnosticException.class, diagnostics::throwIfErrors);
    assertEquals(2, e.diagnostics().size());
  }
}
