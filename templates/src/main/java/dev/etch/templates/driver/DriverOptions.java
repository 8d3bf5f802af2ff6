// SPDX-License-Identifier: Apache-2.0
package dev.etch.templates.driver;

import dev.etch.hardware.WeightFile;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What a driver needs beside the model.
 *
 * @param designHash what the accelerator's designHash register reads
 * @param frameCycles clock cycles that one frame takes from its first beat in to its last beat out,
 *     as predicted; limits the tests against the simulated Verilog
 * @param labels names of the classes; empty if they are not known
 * @param vectors frames for the tests, at least one
 * @param weights that the host loads, if it does: those of the vectors
 */
public record DriverOptions(
    int designHash,
    long frameCycles,
    List<String> labels,
    List<ReferenceVector> vectors,
    Optional<WeightFile> weights) {
  public DriverOptions {
    labels = List.copyOf(labels);
    vectors = List.copyOf(vectors);
    Objects.requireNonNull(weights);
    if (frameCycles < 1) {
      throw new IllegalArgumentException("a frame of " + frameCycles + " cycles");
    }
    if (vectors.isEmpty()) {
      throw new IllegalArgumentException("a driver is tested with at least one vector");
    }
  }
}
