// SPDX-License-Identifier: Apache-2.0
package dev.etch.schedule;

import dev.etch.hardware.WordSource;
import dev.etch.lower.Folding;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What is built for a pace.
 *
 * @param cycles a frame
 * @param division of the layers with multipliers among arrays
 * @param variants of the layers whose foldings are open
 * @param mapping complete
 */
record Choice(long cycles, ArrayDivision division, Map<String, Variant> variants, Mapping mapping) {
  /** The same, but the words of a layer are as they are, and not coded. */
  Choice withPlainWords(String layer) {
    Map<String, Variant> others = new LinkedHashMap<>(variants);
    others.computeIfPresent(layer, (name, variant) -> variant.withCode(false));
    Map<String, Folding> foldings = new LinkedHashMap<>(mapping.layers());
    foldings.computeIfPresent(layer, (name, folding) -> folding.withWords(WordSource.ROM));
    return new Choice(cycles, division, others, mapping.withLayers(foldings));
  }

  /** The variants of those layers whose lanes, or array, the schedules occupy for too long. */
  Map<String, Variant> tooSlow(SearchSpace space) {
    Map<String, Long> busy = space.busy(mapping.layers());
    Map<String, Variant> slow = new LinkedHashMap<>(variants);
    slow.keySet()
        .removeIf(
            layer ->
                division.sharers(layer).stream().mapToLong(s -> busy.getOrDefault(s, 0L)).sum()
                    <= cycles);
    return slow;
  }
}
