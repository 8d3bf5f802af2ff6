// SPDX-License-Identifier: Apache-2.0
package dev.etch.templates.script;

import dev.etch.hardware.Design;
import dev.etch.hardware.Stream;
import dev.etch.templates.GeneratedFiles;
import dev.etch.templates.SafeText;
import dev.etch.templates.SafeText.Decimal;
import dev.etch.templates.SafeText.HardwareName;
import dev.etch.templates.Templates;

/** The scripts and constraints of a design for one device family. */
public final class ScriptFiles {
  private ScriptFiles() {}

  /** Variables of every script and constraint file. */
  public record Variables(
      HardwareName top,
      SynthesisFlow target,
      SafeText.YosysCommand command,
      Decimal clock,
      Decimal period,
      int inputBits,
      int outputBits) {}

  /**
   * The files of {@code scripts/}: {@code synth.ys} always, constraints and place-and-route where
   * the family has them. The Verilog is expected in {@code ../rtl}.
   *
   * @param design whose top module is synthesized
   * @param flow of the family
   * @param clockMegahertz above 0
   */
  public static GeneratedFiles generate(Design design, SynthesisFlow flow, double clockMegahertz) {
    if (!(clockMegahertz > 0)) {
      throw new IllegalArgumentException("clock of " + clockMegahertz + " MHz");
    }
    Files files = new Files(design, flow, clockMegahertz);
    files.add("synth.ys", design.name());
    switch (flow) {
      case GENERIC -> files.add("clock.sdc", design.name());
      case XC7 -> {
        files.add("clock.xdc", design.name());
        files.add("vivado.tcl", design.name());
      }
      case ICE40 -> files.addPlacement("pins.pcf");
      case ECP5 -> files.addPlacement("pins.lpf");
      case GOWIN -> files.addPlacement("clock.sdc");
    }
    return files.builder.build();
  }

  /** Verilog that holds the design behind four pins, for place and route. */
  public static String pins(Design design, SynthesisFlow flow, double clockMegahertz) {
    return new Files(design, flow, clockMegahertz).render("place_pins.v", design.name() + "_pins");
  }

  private static final class Files {
    private final GeneratedFiles.Builder builder = new GeneratedFiles.Builder();
    private final Design design;
    private final SynthesisFlow flow;
    private final double clock;

    Files(Design design, SynthesisFlow flow, double clock) {
      this.design = design;
      this.flow = flow;
      this.clock = clock;
    }

    void add(String name, String synthesizedTop) {
      builder.add(name, render(name, synthesizedTop));
    }

    /** A wrapper with few pins, its synthesis, the tool's call and its constraints. */
    void addPlacement(String constraints) {
      String wrapper = design.name() + "_pins";
      add("place_pins.v", wrapper);
      add("place.ys", wrapper);
      builder.add("place.sh", render("place_" + flow.id() + ".sh", wrapper));
      add(constraints, wrapper);
    }

    private String render(String template, String synthesizedTop) {
      return Templates.render(
          "script/" + template + ".vm",
          new Variables(
              SafeText.hardwareName(design.name()),
              flow,
              SafeText.yosysCommand(flow.command(synthesizedTop)),
              SafeText.decimal(clock, 6),
              SafeText.decimal(1000 / clock, 6),
              beatBits(design.input()),
              beatBits(design.output())));
    }

    private static int beatBits(Stream stream) {
      return stream.type().elements() * stream.type().element().storageBytes() * 8;
    }
  }
}
