// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer;

import dev.etch.diagnostic.DiagnosticException;
import dev.etch.diagnostic.Location;
import dev.etch.diagnostic.Printable;
import java.util.Collection;
import java.util.List;

/**
 * The part of a model that is wanted: what lies between tensors that the user names. What lies
 * outside is not even read, so that it may be anything.
 *
 * @param inputs tensors in place of the model's inputs; empty for its own
 * @param outputs tensors in place of the model's outputs; empty for its own
 */
public record Cut(List<String> inputs, List<String> outputs) {
  /** The whole model. */
  public static final Cut NONE = new Cut(List.of(), List.of());

  private static final int NAMES_SHOWN = 12;

  public Cut {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
  }

  /** Whether the whole model is wanted. */
  public boolean isNone() {
    return inputs.isEmpty() && outputs.isEmpty();
  }

  /**
   * Complains about names that the model does not have.
   *
   * @param computed names of all tensors that nodes give, in order
   * @param given names of the model's inputs
   */
  public void check(String file, Collection<String> computed, Collection<String> given) {
    for (String name : outputs) {
      if (!computed.contains(name)) {
        throw unknown(file, "--outputs", name, computed);
      }
    }
    for (String name : inputs) {
      if (!computed.contains(name) && !given.contains(name)) {
        throw unknown(file, "--inputs", name, computed);
      }
    }
  }

  private static DiagnosticException unknown(
      String file, String option, String name, Collection<String> known) {
    List<String> some = known.stream().limit(NAMES_SHOWN).map(Printable::of).toList();
    return new DiagnosticException(
        Location.file(file),
        option + ": the model computes no tensor '" + Printable.of(name) + "'",
        "tensors are, in order: "
            + String.join(", ", some)
            + (known.size() > NAMES_SHOWN ? ", ..." : ""));
  }
}
