// SPDX-License-Identifier: Apache-2.0
package dev.etch.templates.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.Objects;

/**
 * The clock that frames per second are counted with.
 *
 * @param mhz above 0; the required one if the design reaches more
 * @param source how it is known
 * @param device that it holds for; null if none is
 * @param speedGrade of the device; null if there is no device
 * @param requiredMHz what the user asked for; null if nothing
 * @param seeds placements of which it is the median; null if nothing was placed
 */
@JsonPropertyOrder({"mhz", "source", "device", "speedGrade", "requiredMHz", "seeds"})
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ClockReport(
    double mhz,
    Source source,
    String device,
    String speedGrade,
    Double requiredMHz,
    Integer seeds) {

  /** How a clock is known. */
  public enum Source {
    /** It is not: there is no device. */
    @JsonProperty("assumed")
    ASSUMED,
    /** Designs of about this size reached it. */
    @JsonProperty("estimated")
    ESTIMATED,
    /** This design reached it after place and route. */
    @JsonProperty("routed")
    ROUTED
  }

  public ClockReport {
    Objects.requireNonNull(source);
    if (!(mhz > 0) || Double.isInfinite(mhz)) {
      throw new IllegalArgumentException("clock of " + mhz + " MHz");
    }
  }

  /** No device, so that nobody knows. */
  public static ClockReport assumed(double mhz) {
    return new ClockReport(mhz, Source.ASSUMED, null, null, null, null);
  }

  /** What designs of this size reach. */
  public static ClockReport estimated(double mhz, String device, String grade, Double required) {
    return new ClockReport(atMost(required, mhz), Source.ESTIMATED, device, grade, required, null);
  }

  /** The same requirement, after place and route, to a tenth of a MHz. */
  ClockReport routed(double mhz, String on, String grade, int tried) {
    return new ClockReport(
        atMost(requiredMHz, Math.rint(mhz * 10) / 10),
        Source.ROUTED,
        on,
        grade,
        requiredMHz,
        tried);
  }

  private static double atMost(Double required, double reached) {
    return required == null ? reached : Math.min(required, reached);
  }

  /** How it is known, for a person. */
  public String words() {
    return switch (source) {
      case ASSUMED -> "assumed: without a device nobody knows";
      case ESTIMATED -> (isMet() ? "asked for, expected of " : "estimated for ") + place();
      case ROUTED -> (isMet() ? "asked for, reached on " : "routed on ") + place() + seedWords();
    };
  }

  private boolean isMet() {
    return requiredMHz != null && mhz >= requiredMHz;
  }

  private String seedWords() {
    return seeds == 1 ? "" : ", median of " + seeds + " seeds";
  }

  private String place() {
    return device + ", " + speedGrade;
  }
}
