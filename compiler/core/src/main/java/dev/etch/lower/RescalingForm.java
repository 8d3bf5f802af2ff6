// SPDX-License-Identifier: Apache-2.0
package dev.etch.lower;

/** What the requantizers of a layer scale with. */
public enum RescalingForm {
  /** Adders, the only form that every requantizer has. */
  ADDERS,
  /** A multiplier, if there is such a form of the layer's requantizers. */
  MULTIPLIER
}
