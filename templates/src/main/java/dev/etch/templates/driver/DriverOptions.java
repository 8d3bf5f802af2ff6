// SPDX-License-Identifier: Apache-2.0
package dev.etch.templates.driver;

import java.util.List;

/**
 * What a driver needs beside the model.
 *
 * @param designHash what the accelerator's designHash register reads
 * @param frameCycles clock cycles that one frame takes from its first beat in to its last beat out,
 *     as predicted; limits the tests against the simulated Verilog
 * @param labels names of the classes; empty if they are not known
 * @param vectors frames for the tests, at least one
 */
public record DriverOptions(
    int designHash, long frameCycles, List<String> labels, List<ReferenceVector> vectors) {
  public DriverOptions {
    labels = List.copyOf(labels);
    vectors = List.copyOf(vectors);
    if (frameCycles < 1) {
      throw new IllegalArgumentException("a frame of " + frameCycles + " cycles");
    }
    if (vectors.isEmpty()) {
      throw new IllegalArgumentException("a driver is tested with at least one vector");
    }
  }
}
