// SPDX-License-Identifier: Apache-2.0
package dev.etch.cli;

import dev.etch.testbench.Accuracy;
import dev.etch.testbench.Timing;
import dev.etch.testbench.VerifyResult;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Says what a verification found, to a person or to a script. */
final class VerifyReport {
  private VerifyReport() {}

  static String text(VerifyResult result, Optional<Accuracy> accuracy) {
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            Locale.ROOT,
            "%s: %,d frames%s, %,d outputs compared, %,d differ%n",
            result.passed() ? "PASS" : "FAIL",
            result.frames(),
            result.directedFrames() == 0
                ? ""
                : " and %,d made to reach extremes".formatted(result.directedFrames()),
            result.outputsCompared(),
            result.mismatches()));
    result.fault().ifPresent(f -> text.append("  fault: ").append(f).append('\n'));
    result.firstMismatch().ifPresent(m -> text.append("  first: ").append(m).append('\n'));
    result.divergence().ifPresent(d -> text.append("  cause: ").append(d).append('\n'));
    result.measured().ifPresent(m -> text.append(timing(result, m)));
    accuracy.ifPresent(
        a -> text.append("accuracy of the hardware's outputs: ").append(a).append('\n'));
    if (result.simulatedCycles() > 0) {
      text.append(
          String.format(
              Locale.ROOT,
              "simulated %,d cycles in %.1f s (%,.0f frames/s)",
              result.simulatedCycles(),
              result.seconds(),
              result.frames() / result.seconds()));
    }
    return text.toString().stripTrailing();
  }

  private static String timing(VerifyResult result, Timing measured) {
    return String.format(
        Locale.ROOT,
        "cycles per frame %,d%s, latency %,d%s%n",
        measured.cyclesPerFrame(),
        predicted(result, measured.cyclesPerFrame(), Timing::cyclesPerFrame),
        measured.latencyCycles(),
        predicted(result, measured.latencyCycles(), Timing::latencyCycles));
  }

  private static String predicted(
      VerifyResult result, long measured, java.util.function.ToLongFunction<Timing> which) {
    return result
        .predicted()
        .map(which::applyAsLong)
        .map(p -> p == measured ? " as predicted" : " but " + p + " were predicted")
        .orElse("");
  }

  static String json(VerifyResult result, Optional<Accuracy> accuracy) {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("passed", result.passed());
    all.put("frames", result.frames());
    all.put("directedFrames", result.directedFrames());
    all.put("outputsCompared", result.outputsCompared());
    all.put("mismatches", result.mismatches());
    result.firstMismatch().ifPresent(m -> all.put("firstMismatch", m.toString()));
    result.divergence().ifPresent(d -> all.put("divergence", d.toString()));
    result.fault().ifPresent(f -> all.put("fault", f.toString()));
    result.measured().ifPresent(m -> all.put("measured", cycles(m)));
    result.predicted().ifPresent(p -> all.put("predicted", cycles(p)));
    accuracy.ifPresent(a -> all.put("accuracy", a.share()));
    all.put("simulatedCycles", result.simulatedCycles());
    all.put("seconds", result.seconds());
    return Json.print(all);
  }

  private static Map<String, Object> cycles(Timing timing) {
    Map<String, Object> cycles = new LinkedHashMap<>();
    cycles.put("cyclesPerFrame", timing.cyclesPerFrame());
    cycles.put("latencyCycles", timing.latencyCycles());
    return cycles;
  }
}
