// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware;

import java.util.Optional;

/** A unit that may read its words from a memory outside, one after the other. */
public interface WordReader {
  /** Verilog name. */
  String name();

  /** The memory that it reads them from; empty if it does not. */
  Optional<ExternalMemory> memory();

  /**
   * What it reads, if it does.
   *
   * @throws java.util.NoSuchElementException if it does not
   */
  OutsideWords outsideWords();
}
