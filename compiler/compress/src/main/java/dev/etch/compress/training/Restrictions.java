// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.training;

import dev.etch.compress.network.Parameters;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The restrictions of all parameters, which every step of a compression keeps: each restricts what
 * the one before it allows.
 *
 * @param byName restrictions of a parameter in their order; parameters without any are left out
 */
public record Restrictions(Map<String, List<Restriction>> byName) {
  /** Everything is allowed. */
  public static final Restrictions NONE = new Restrictions(Map.of());

  public Restrictions {
    Map<String, List<Restriction>> copy = new LinkedHashMap<>();
    byName.forEach((name, list) -> copy.put(name, List.copyOf(list)));
    byName = Collections.unmodifiableMap(copy);
  }

  /** Those of a parameter. */
  public List<Restriction> of(String name) {
    return byName.getOrDefault(name, List.of());
  }

  /** The one of a kind, if a parameter has it. */
  public <R extends Restriction> Optional<R> find(String name, Class<R> kind) {
    return of(name).stream().filter(kind::isInstance).map(kind::cast).findFirst();
  }

  /** With another restriction in place of the one of the same kind, or behind all others. */
  public Restrictions with(String name, Restriction restriction) {
    List<Restriction> list = new ArrayList<>(of(name));
    int at = 0;
    while (at < list.size() && list.get(at).getClass() != restriction.getClass()) {
      at++;
    }
    if (at < list.size()) {
      list.set(at, restriction);
    } else {
      list.add(restriction);
    }
    Map<String, List<Restriction>> map = new LinkedHashMap<>(byName);
    map.put(name, list);
    return new Restrictions(map);
  }

  /** Without those of a kind. */
  public Restrictions without(Class<? extends Restriction> kind) {
    Map<String, List<Restriction>> map = new LinkedHashMap<>();
    byName.forEach(
        (name, list) -> map.put(name, list.stream().filter(r -> !kind.isInstance(r)).toList()));
    return new Restrictions(map);
  }

  /** What free values stand for. */
  public Parameters restrict(Parameters free) {
    return free.map(
        (name, values) -> {
          float[] restricted = values;
          for (Restriction restriction : of(name)) {
            restricted = restriction.restrict(restricted);
          }
          return restricted;
        });
  }

  /** Gradients by free values, of those by what they stand for. */
  public Parameters gradients(Parameters free, Parameters gradients) {
    return gradients.map((name, gradient) -> gradient(of(name), free.get(name), gradient));
  }

  /** Backwards through all restrictions: the last one's free values are what those before allow. */
  private static float[] gradient(List<Restriction> list, float[] free, float[] gradient) {
    List<float[]> between = new ArrayList<>();
    float[] values = free;
    for (Restriction restriction : list) {
      between.add(values);
      values = restriction.restrict(values);
    }
    float[] result = gradient;
    for (int i = list.size() - 1; i >= 0; i--) {
      result = list.get(i).gradient(between.get(i), result);
    }
    return result;
  }
}
