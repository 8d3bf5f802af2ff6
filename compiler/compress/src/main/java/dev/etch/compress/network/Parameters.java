// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.network;

import dev.etch.diagnostic.CompilerBug;
import java.io.Serializable;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;

/**
 * Numbers by the names of a network's constants, row-major: values, gradients, or what an optimizer
 * remembers of them. Arrays are not copied: whoever makes the record gives them up.
 *
 * @param arrays by name, in the order of the network's nodes
 */
public record Parameters(Map<String, float[]> arrays) implements Serializable {
  public Parameters {
    arrays = Collections.unmodifiableMap(new LinkedHashMap<>(arrays));
  }

  /** The names, in order. */
  public Set<String> names() {
    return arrays.keySet();
  }

  /** The numbers of a name. */
  public float[] get(String name) {
    float[] array = arrays.get(name);
    if (array == null) {
      throw new CompilerBug("no parameter " + name);
    }
    return array;
  }

  /** What {@code function} makes of each name and its numbers. */
  public Parameters map(BiFunction<String, float[], float[]> function) {
    Map<String, float[]> mapped = new LinkedHashMap<>();
    arrays.forEach((name, array) -> mapped.put(name, function.apply(name, array)));
    return new Parameters(mapped);
  }

  /** The same numbers in arrays of their own. */
  public Parameters copy() {
    return map((name, array) -> array.clone());
  }

  /** Zeros of the same names and lengths. */
  public Parameters zeros() {
    return map((name, array) -> new float[array.length]);
  }
}
