// SPDX-License-Identifier: Apache-2.0
package dev.etch.lower;

/** Where the lanes of a layer get their elements from. */
public enum Addressing {
  /** Each skips its own zeros, with an address sequence and a memory of its own. */
  OWN,
  /**
   * All clusters follow the same address sequences, so that one memory serves them all; best for
   * dense weights.
   */
  SHARED,
  /**
   * Every element goes to all lanes, which keep the last few, and each the sums of several outputs:
   * a {@link dev.etch.hardware.MatrixUnit}. For layers of one pixel with products of their own.
   */
  BROADCAST
}
