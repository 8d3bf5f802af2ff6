// SPDX-License-Identifier: Apache-2.0
package dev.etch.op;

import dev.etch.diagnostic.CompilerBug;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * What one layer of the compiler knows of each operator: an entry, or the reason why it has none.
 * There is no default. A table that leaves an operator out cannot be made, so that all that uses
 * its layer fails as soon as an operator is added, and not when a user's model has it.
 *
 * @param <T> the layer's entries
 */
public final class OperatorTable<T> {
  private final String layer;
  private final Map<Class<? extends Op>, T> entries;
  private final Map<Class<? extends Op>, String> reasons;

  private OperatorTable(Builder<T> builder) {
    this.layer = builder.layer;
    this.entries = Map.copyOf(builder.entries);
    this.reasons = Map.copyOf(builder.reasons);
  }

  /**
   * A table to be filled.
   *
   * @param layer its name, for the message about an operator that it leaves out
   */
  public static <T> Builder<T> of(String layer) {
    return new Builder<>(layer);
  }

  /** The entry for an operator, if it has one. */
  public Optional<T> find(Op op) {
    return Optional.ofNullable(entries.get(op.getClass()));
  }

  /** The entry for an operator that the layer does not meet unless it has one. */
  public T get(Op op) {
    return find(op)
        .orElseThrow(
            () ->
                new CompilerBug(
                    "%s: no entry for %s: %s"
                        .formatted(
                            layer, op.getClass().getSimpleName(), reasons.get(op.getClass()))));
  }

  /** Operators with an entry. */
  public Set<Class<? extends Op>> operators() {
    return entries.keySet();
  }

  /** Why the others have none. */
  public Map<Class<? extends Op>, String> reasons() {
    return reasons;
  }

  /**
   * Collects what a layer says. Each operator is named once, by itself or by its kind.
   *
   * @param <T> the layer's entries
   */
  public static final class Builder<T> {
    private final String layer;
    private final Map<Class<? extends Op>, T> entries = new HashMap<>();
    private final Map<Class<? extends Op>, String> reasons = new HashMap<>();

    private Builder(String layer) {
      this.layer = Objects.requireNonNull(layer);
    }

    /** The entry for one or more operators or kinds of them. */
    @SafeVarargs
    public final Builder<T> with(T entry, Class<? extends Op>... kinds) {
      each(kinds, operator -> entries.put(operator, entry));
      return this;
    }

    /** Why one or more operators or kinds of them have no entry. */
    @SafeVarargs
    public final Builder<T> without(String reason, Class<? extends Op>... kinds) {
      each(kinds, operator -> reasons.put(operator, reason));
      return this;
    }

    private void each(Class<? extends Op>[] kinds, Consumer<Class<? extends Op>> action) {
      for (Class<? extends Op> kind : kinds) {
        for (Class<? extends Op> operator : Operators.of(kind)) {
          if (entries.containsKey(operator) || reasons.containsKey(operator)) {
            throw new CompilerBug(layer + ": " + operator.getSimpleName() + " is named twice");
          }
          action.accept(operator);
        }
      }
    }

    /** The table; all operators are named. */
    public OperatorTable<T> build() {
      List<String> missing =
          Operators.all().stream()
              .filter(operator -> !entries.containsKey(operator) && !reasons.containsKey(operator))
              .map(Class::getSimpleName)
              .toList();
      if (!missing.isEmpty()) {
        throw new CompilerBug(layer + ": nothing is said of " + String.join(", ", missing));
      }
      return new OperatorTable<>(this);
    }
  }
}
