// SPDX-License-Identifier: Apache-2.0
package dev.etch.schedule;

import dev.etch.area.Area;
import java.util.Objects;

/**
 * What a layer takes in a form, with all forms in front of it.
 *
 * @param cycles a frame for which it works
 * @param bits of its schedule, weights included, wherever they are
 * @param area of its unit, estimated, without queues
 */
public record FormCost(CompressionForm form, long cycles, long bits, Area area) {
  public FormCost {
    Objects.requireNonNull(form);
    Objects.requireNonNull(area);
  }
}
