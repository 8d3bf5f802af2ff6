// SPDX-License-Identifier: Apache-2.0
package dev.etch.schedule;

import dev.etch.area.Area;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a part of a design can be: a layer, or layers that share an array of multipliers.
 *
 * @param variants of its layers, by name
 * @param area of the part, estimated
 */
record Point(Map<String, Variant> variants, Area area) {
  Point {
    variants = Collections.unmodifiableMap(new LinkedHashMap<>(variants));
  }
}
