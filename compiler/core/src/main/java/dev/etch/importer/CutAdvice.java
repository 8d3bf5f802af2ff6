// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer;

import dev.etch.diagnostic.Printable;
import java.util.List;
import java.util.stream.Collectors;

/** How to cut a model in front of an operator. */
public final class CutAdvice {
  private CutAdvice() {}

  /** The option that ends the model at an operator's operands, one at a time. */
  public static String outputs(List<String> operands) {
    return operands.stream()
        .map(name -> "--outputs " + Printable.of(name))
        .collect(Collectors.joining(", or "));
  }
}
