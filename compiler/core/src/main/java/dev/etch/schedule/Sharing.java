// SPDX-License-Identifier: Apache-2.0
package dev.etch.schedule;

/** Which layers may use the same multipliers, besides those that the user names. */
enum Sharing {
  /** None: each has its own. */
  ALONE,
  /** Some have their own, the others share one array. */
  ONE_ARRAY,
  /** All share one array: then no array ever waits for the work of another one. */
  TOGETHER,
  /**
   * Neighbours share several arrays, see {@link NeighbourArrays}: fewer lanes for each layer, and
   * so less area, for hardly more cycles.
   */
  NEIGHBOURS
}
