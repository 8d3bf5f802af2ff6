// SPDX-License-Identifier: Apache-2.0
package dev.etch.templates.script;

import dev.etch.area.Device;
import dev.etch.hardware.Design;
import dev.etch.hardware.ExternalMemory;
import dev.etch.hardware.OutputPort;
import dev.etch.hardware.Stream;
import dev.etch.templates.GeneratedFiles;
import dev.etch.templates.SafeText;
import dev.etch.templates.SafeText.Decimal;
import dev.etch.templates.SafeText.HardwareName;
import dev.etch.templates.SafeText.ShellWords;
import dev.etch.templates.SafeText.YosysCommand;
import dev.etch.templates.Templates;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

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
      HardwareName output,
      int outputBits,
      List<OtherOutput> others,
      int memoryBits) {}

  /**
   * An output besides the first, between the registers of {@code place_pins.v}.
   *
   * @param port prefix of its pins
   * @param ready the bit in front of its TREADY
   * @param low the lowest bit behind it, of TVALID; TLAST and TDATA follow
   * @param pins behind it
   */
  public record OtherOutput(HardwareName port, int ready, int low, int pins) {
    /** The bit of TLAST. */
    public int last() {
      return low + 1;
    }

    /** The lowest bit of TDATA. */
    public int data() {
      return low + 2;
    }

    /** The highest bit of TDATA. */
    public int high() {
      return low + pins - 1;
    }
  }

  /** Variables of {@code place.sh}. */
  public record PlaceVariables(
      HardwareName top, ShellWords tool, ShellWords device, List<Choice> choices, Decimal clock) {}

  /** A device that {@code place.sh} can place. */
  public record Choice(
      ShellWords device,
      ShellWords arguments,
      ShellWords outputs,
      YosysCommand synthesis,
      ShellWords pack) {}

  /**
   * The files of {@code scripts/}: {@code synth.ys} always, constraints and place-and-route where
   * the family has them. The Verilog is expected in {@code ../rtl}.
   *
   * @param design whose top module is synthesized
   * @param flow of the family
   * @param device that {@code place.sh} places if it is told none; the smallest of the family if
   *     empty or not placed by any open tool
   * @param clockMegahertz above 0
   */
  public static GeneratedFiles generate(
      Design design, SynthesisFlow flow, Optional<Device> device, double clockMegahertz) {
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
      case ICE40 -> files.addPlacement("pins.pcf", device);
      case ECP5 -> files.addPlacement("pins.lpf", device);
      case GOWIN, NEXUS -> files.addPlacement("clock.sdc", device);
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

    /** A wrapper with few pins, the tools' calls and their constraints. */
    void addPlacement(String constraints, Optional<Device> device) {
      String wrapper = design.name() + "_pins";
      add("place_pins.v", wrapper);
      builder.add("place.sh", placeScript(wrapper, device));
      add(constraints, wrapper);
      for (Device each : Placement.devices(flow)) {
        List<String> pins = Placement.of(each).orElseThrow().pins();
        if (!pins.isEmpty()) {
          builder.add(Placement.pinFile(each), String.join("\n", pins) + "\n");
        }
      }
    }

    private String placeScript(String wrapper, Optional<Device> device) {
      List<Device> devices = Placement.devices(flow);
      Device standard = device.filter(devices::contains).orElse(devices.get(0));
      return Templates.render(
          "script/place.sh.vm",
          new PlaceVariables(
              SafeText.hardwareName(design.name()),
              SafeText.shellWords(Placement.of(standard).orElseThrow().tool()),
              SafeText.shellWords(standard.id()),
              devices.stream().map(each -> choice(each, wrapper)).toList(),
              SafeText.decimal(clock, 6)));
    }

    private static Choice choice(Device device, String wrapper) {
      Placement placement = Placement.of(device).orElseThrow();
      return new Choice(
          SafeText.shellWords(device.id()),
          SafeText.shellWords(String.join(" ", placement.arguments())),
          SafeText.shellWords(String.format(placement.outputs(), wrapper)),
          SafeText.yosysCommand(String.format(placement.synthesis(), wrapper)),
          SafeText.shellWords(String.format(placement.pack(), wrapper)));
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
              SafeText.hardwareName(design.outputs().get(0).name()),
              beatBits(design.outputs().get(0).stream()),
              others(),
              design.memory().map(ExternalMemory::dataBits).orElse(0)));
    }

    /** Their pins are behind all others. */
    private List<OtherOutput> others() {
      OptionalInt memory = design.memory().stream().mapToInt(ExternalMemory::dataBits).findFirst();
      int from = beatBits(design.input()) + (memory.isPresent() ? memory.getAsInt() + 71 : 66);
      int to = beatBits(design.outputs().get(0).stream()) + (memory.isPresent() ? 131 : 45);
      List<OtherOutput> others = new ArrayList<>();
      for (OutputPort output : design.outputs().subList(1, design.outputs().size())) {
        int pins = 2 + beatBits(output.stream());
        others.add(new OtherOutput(SafeText.hardwareName(output.name()), from++, to, pins));
        to += pins;
      }
      return others;
    }

    private static int beatBits(Stream stream) {
      return stream.type().elements() * stream.type().element().storageBytes() * 8;
    }
  }
}
