// SPDX-License-Identifier: Apache-2.0
package dev.etch.schedule;

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
