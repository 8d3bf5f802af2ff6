// SPDX-License-Identifier: Apache-2.0
package dev.etch.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.etch.area.Device;
import dev.etch.diagnostic.DiagnosticException;
import dev.etch.hardware.ExternalMemory;
import dev.etch.hardware.WordSource;
import dev.etch.lower.Buffering;
import dev.etch.lower.Folding;
import dev.etch.lower.LaneLayout;
import dev.etch.schedule.Budget;
import dev.etch.schedule.Mapping;
import dev.etch.schedule.Reload;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MappingTextTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "multipliers 32",
        "fps 30.5",
        "cycles 1000",
        "dsp 211 lut 47000 bram 140",
        "lut 5280",
        "dsp 0 bram 30"
      })
  void budgetsAreReadAndPrinted(String budget) {
    String text = "mapping\ntarget xc7\nclock 150 MHz\nbudget " + budget + "\n";
    assertEquals(text, MappingPrinter.print(MappingParser.parse("m.etch", text)));
  }

  /** Printed only where some layer reads from it. */
  @Test
  void memoryIsReadAndPrinted() {
    String memory =
        "memory {dataBits = 128, latency = 9, cyclesPerBeat = 2, refreshBeats = 7, refreshCycles = 3}\n";
    Mapping mapping = MappingParser.parse("m.etch", "mapping\ntarget xc7\n" + memory);
    assertEquals(new ExternalMemory(128, 9, 2, 7, 3), mapping.memory());
    assertEquals(
        ExternalMemory.STANDARD, MappingParser.parse("m.etch", "mapping target xc7").memory());
    Folding folding =
        Folding.plain(LaneLayout.SINGLE, Buffering.LEAST).withWords(WordSource.EXTERNAL);
    String printed = MappingPrinter.print(mapping.withLayers(Map.of("fc", folding)));
    assertTrue(printed.contains(memory), printed);
    assertFalse(MappingPrinter.print(mapping).contains("memory"));
    assertEquals(printed, MappingPrinter.print(MappingParser.parse("m.etch", printed)));
    for (String wrong : List.of("dataBits = 96", "latency = 0", "latency = 2")) {
      String name = wrong.substring(0, wrong.indexOf(' '));
      String text = "mapping " + memory.replaceFirst(name + " = \\d+", wrong);
      assertThrows(DiagnosticException.class, () -> MappingParser.parse("m.etch", text), text);
    }
  }

  @Test
  void reloadIsReadAndPrinted() {
    String text = "mapping\ntarget xc7\nreload {headroom = 0.25}\n";
    Mapping mapping = MappingParser.parse("m.etch", text);
    assertEquals(Optional.of(new Reload(0.25)), mapping.reload());
    assertEquals(text, MappingPrinter.print(mapping));
    String steps = "mapping\ntarget xc7\nreload {headroom = 0.25, stepHeadroom = 0.02}\n";
    assertEquals(steps, MappingPrinter.print(MappingParser.parse("m.etch", steps)));
    String buffers = "mapping\ntarget xc7\nreload {headroom = 0.25, buffers = 2}\n";
    assertEquals(buffers, MappingPrinter.print(MappingParser.parse("m.etch", buffers)));
    assertThrows(
        DiagnosticException.class,
        () -> MappingParser.parse("m.etch", "mapping reload {headroom = 1.0, buffers = 3}"));
    for (String headroom : List.of("-0.1", "101", "Infinity")) {
      String wrong = "mapping reload {headroom = " + headroom + "}";
      assertThrows(DiagnosticException.class, () -> MappingParser.parse("m.etch", wrong));
      String wrongSteps = "mapping reload {headroom = 1.0, stepHeadroom = " + headroom + "}";
      assertThrows(DiagnosticException.class, () -> MappingParser.parse("m.etch", wrongSteps));
    }
  }

  @Test
  void aDeviceIsATargetWithABudget() {
    String text = "mapping\ntarget ecp5-25k\nbudget dsp 28 lut 24288 bram 56\n";
    Mapping mapping = MappingParser.parse("m.etch", "mapping target ecp5-25k");
    assertEquals(Optional.of(Device.ECP5_25K), mapping.device());
    assertFalse(mapping.clock().required());
    assertEquals(text, MappingPrinter.print(mapping));
  }

  @Test
  void resourcesMayStandInAnyOrder() {
    Budget budget =
        MappingParser.parse("m.etch", "mapping budget bram 3 dsp 1").budget().orElseThrow();
    assertEquals(Budget.Resources.of(Map.of("dsp", 1, "bram", 3)), budget);
  }

  @ParameterizedTest
  @CsvSource({
    "dsp 1 lut 2 dsp 3, 1:28, given twice",
    "dsp 1 cycles 5, 1:22, no resource cycles",
    "cycles 5 dsp 1, 1:25, a second budget",
    "dsp 1.5, 1:20, not a whole number",
    "slices 4, 1:16, no budget slices",
  })
  void wrongBudgetsAreRefusedAtTheirPlace(String budget, String place, String message) {
    DiagnosticException refusal =
        assertThrows(
            DiagnosticException.class,
            () -> MappingParser.parse("m.etch", "mapping budget " + budget));
    assertTrue(refusal.getMessage().contains(place), refusal.getMessage());
    assertTrue(refusal.getMessage().contains(message), refusal.getMessage());
  }
}
