// SPDX-License-Identifier: Apache-2.0
package dev.etch.op;

import dev.etch.diagnostic.CompilerBug;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The operators that there are, from the {@code permits} clauses of {@link Op} and its kinds. */
public final class Operators {
  private Operators() {}

  /** All, by name. */
  public static List<Class<? extends Op>> all() {
    return of(Op.class);
  }

  /** Those of a kind, by name; the operator itself if it is one. */
  public static List<Class<? extends Op>> of(Class<? extends Op> kind) {
    return leaves(kind).sorted(Comparator.comparing(Class::getSimpleName)).toList();
  }

  private static Stream<Class<? extends Op>> leaves(Class<? extends Op> kind) {
    if (kind.isRecord()) {
      return Stream.of(kind);
    }
    if (!kind.isSealed()) {
      throw new CompilerBug(kind.getSimpleName() + " is no kind of operator");
    }
    return Arrays.stream(kind.getPermittedSubclasses())
        .flatMap(permitted -> leaves(permitted.asSubclass(Op.class)));
  }
}
