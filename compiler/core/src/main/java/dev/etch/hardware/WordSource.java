// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware;

/** Where the lanes of a layer get the words of their schedule from. */
public enum WordSource {
  /** Read-only memories that hold them as they are. */
  ROM,
  /**
   * Read-only memories that hold them in a prefix code, with a decoder beside each lane: a {@link
   * MatrixCode}. For layers whose elements are broadcast.
   */
  CODED,
  /**
   * Read-only memories that hold each circulant block of the weights once: {@link MatrixRotation}.
   * For layers whose elements are broadcast.
   */
  ROTATED,
  /**
   * One memory that the host writes, with the coded words of all lanes in the order in which their
   * decoders need them: a {@link MatrixStream}. For layers whose elements are broadcast.
   */
  PACKED,
  /**
   * A memory outside of the FPGA: {@link ExternalMemory}. If elements are broadcast, with the same
   * words in the same order, a beat of its bus a chunk; else with the words of ports and lanes as
   * they are, which each pixel reads from end to end: a {@link WindowStream}.
   */
  EXTERNAL,
  /**
   * Memories that the host writes, all of them: other weights may be zero later. For layers of a
   * design whose weights are loaded; without it these have a step for each weight.
   */
  LOADED;

  /** Whether lanes have decoders. */
  public boolean isCoded() {
    return this == CODED || isStreamed();
  }

  /** Whether the words of all lanes come as one {@link MatrixStream}. */
  public boolean isStreamed() {
    return this == PACKED || this == EXTERNAL;
  }
}
