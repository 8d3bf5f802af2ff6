// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware.memory;

/** What bits of a memory are for. */
public enum MemoryUse {
  /** Factors of lanes. */
  WEIGHTS,
  /** Which beat is read, and which element of it. */
  POSITIONS,
  /** Words of lanes in coded form, weights and positions in one. */
  CODED,
  /** Tables of the symbols of coded words. */
  CODEBOOK,
  /** Whether a lane works in a step, and whether a part ends. */
  FLAGS,
  /** What drains do in a slot. */
  DRAINS,
  /** Constants of requantizers, and functions that are looked up. */
  TABLES,
  /** Windows, outputs in reorder, rows and queues: memories that are written. */
  BUFFERS
}
