// SPDX-License-Identifier: Apache-2.0
package dev.etch.testbench.synthesis;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.etch.testbench.SimulationException;
import java.io.IOException;
import java.util.Optional;

/**
 * Reads the report that nextpnr writes with {@code --report}. Of the paths it names only the
 * longest; {@link DelayFile} has all.
 */
final class RouteReport {
  private RouteReport() {}

  /**
   * The highest clock of the only clock domain.
   *
   * @throws SimulationException if the text is no report
   */
  static Optional<Double> fmaxMegahertz(String json) {
    try {
      for (JsonNode clock : new ObjectMapper().readTree(json).path("fmax")) {
        return Optional.of(clock.path("achieved").asDouble());
      }
      return Optional.empty();
    } catch (IOException e) {
      throw new SimulationException(
          SimulationException.Kind.BUILD, "nextpnr's report cannot be read", e);
    }
  }
}
