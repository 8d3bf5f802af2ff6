// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer;

import java.util.Arrays;
import java.util.Optional;

/**
 * Which release of TFLite's reference kernels a model's arithmetic follows. They differ in
 * FULLY_CONNECTED only.
 */
public enum TfliteKernels {
  /** A product in double precision, rounded once, ties away from zero. */
  CURRENT("current", "TensorFlow 2.21 and LiteRT 2.3"),
  /** A 31-bit multiplier, or 15 bits with a 64-bit bias: up to 2.16, and TFLite Micro. */
  RELEASE_2_14("2.14", "TFLite 2.14 and TFLite Micro");

  private final String id;
  private final String releases;

  TfliteKernels(String id, String releases) {
    this.id = id;
    this.releases = releases;
  }

  /** As the command line spells it. */
  public String id() {
    return id;
  }

  /** Releases that people know by name. */
  public String releases() {
    return releases;
  }

  /** The kernels that are spelled {@code id}. */
  public static Optional<TfliteKernels> of(String id) {
    return Arrays.stream(values()).filter(kernels -> kernels.id.equals(id)).findFirst();
  }
}
