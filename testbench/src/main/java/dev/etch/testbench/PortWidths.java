// SPDX-License-Identifier: Apache-2.0
package dev.etch.testbench;

import dev.etch.hardware.OutputPort;
import dev.etch.hardware.RegisterMap;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The ports that Verilator found on the top module, from the header that it wrote. */
final class PortWidths {
  private static final Pattern PORT =
      Pattern.compile("VL_(?:IN|OUT)(?:8|16|64|W)?\\(&(\\w+),(\\d+),(\\d+)(?:,\\d+)?\\)");
  private static final List<String> REQUIRED =
      List.of(
          "aclk",
          "aresetn",
          "s_axis_tdata",
          "s_axis_tvalid",
          "s_axis_tready",
          "s_axis_tlast",
          "s_axi_awaddr",
          "s_axi_awvalid",
          "s_axi_awready",
          "s_axi_wdata",
          "s_axi_wstrb",
          "s_axi_wvalid",
          "s_axi_wready",
          "s_axi_bresp",
          "s_axi_bvalid",
          "s_axi_bready",
          "s_axi_araddr",
          "s_axi_arvalid",
          "s_axi_arready",
          "s_axi_rdata",
          "s_axi_rresp",
          "s_axi_rvalid",
          "s_axi_rready");
  private static final List<String> OPTIONAL =
      List.of(
          "interrupt",
          "s_axi_awprot",
          "s_axi_arprot",
          "s_axis_tkeep",
          "m_axis_tkeep",
          "s_axis_tstrb",
          "m_axis_tstrb");

  /** Those of an accelerator that reads words from a memory outside. */
  private static final List<String> OF_MEMORY =
      List.of(
          "m_axi_araddr",
          "m_axi_arlen",
          "m_axi_arsize",
          "m_axi_arburst",
          "m_axi_arcache",
          "m_axi_arprot",
          "m_axi_arvalid",
          "m_axi_arready",
          "m_axi_rdata",
          "m_axi_rresp",
          "m_axi_rlast",
          "m_axi_rvalid",
          "m_axi_rready");

  /** Pins of each output. */
  private static final List<String> OF_OUTPUT = List.of("tdata", "tvalid", "tready", "tlast");

  private static final Pattern OUTPUT =
      Pattern.compile("(" + OutputPort.ONLY + "(?:_[a-z0-9_]+)?)_tvalid");

  private static final String MANGLED = "__SYM__";

  /** In the order of the Verilog, as far as they are equally wide. */
  private final Map<String, Integer> widths = new LinkedHashMap<>();

  private final Map<String, String> members = new LinkedHashMap<>();

  private PortWidths() {}

  /** Reads the text of {@code Vdut.h}. */
  static PortWidths parse(String header, String top) {
    PortWidths ports = new PortWidths();
    Matcher matcher = PORT.matcher(header);
    while (matcher.find()) {
      int high = Integer.parseInt(matcher.group(2));
      int low = Integer.parseInt(matcher.group(3));
      String name = matcher.group(1);
      // Verilator marks names that C++ or a system header may have taken.
      String plain = name.startsWith(MANGLED) ? name.substring(MANGLED.length()) : name;
      ports.widths.put(plain, high - low + 1);
      ports.members.put(plain, name);
    }
    ports.check(top);
    return ports;
  }

  private void check(String top) {
    List<String> required = new ArrayList<>(REQUIRED);
    List<String> outputs = outputs().isEmpty() ? List.of(OutputPort.ONLY) : outputs();
    outputs.forEach(output -> OF_OUTPUT.forEach(pin -> required.add(output + "_" + pin)));
    List<String> missing = new ArrayList<>(required);
    missing.removeAll(widths.keySet());
    List<String> unknown = new ArrayList<>(widths.keySet());
    unknown.removeAll(required);
    unknown.removeAll(OPTIONAL);
    if (widths.keySet().containsAll(OF_MEMORY)) {
      unknown.removeAll(OF_MEMORY);
    }
    if (!missing.isEmpty() || !unknown.isEmpty()) {
      throw new SimulationException(
          SimulationException.Kind.BUILD,
          "module "
              + top
              + " does not have an accelerator's ports: missing "
              + missing
              + ", unknown "
              + unknown);
    }
    requireBytes("s_axis_tdata");
    outputs.forEach(output -> requireBytes(output + "_tdata"));
  }

  /** Names of the output ports, in the order of the Verilog. */
  private List<String> outputs() {
    return widths.keySet().stream()
        .map(OUTPUT::matcher)
        .filter(Matcher::matches)
        .map(matcher -> matcher.group(1))
        .toList();
  }

  private void requireBytes(String port) {
    if (widths.get(port) % 8 != 0) {
      throw new SimulationException(
          SimulationException.Kind.BUILD, port + " is not a whole number of bytes wide");
    }
  }

  /** The generated part of the simulator's C++. */
  String header() {
    StringBuilder text = new StringBuilder();
    text.append("#define IN_BYTES ").append(widths.get("s_axis_tdata") / 8).append('\n');
    text.append("#define OUTPUT_COUNT ").append(outputs().size()).append('\n');
    text.append("#define OUTPUTS(dut)");
    for (String output : outputs()) {
      text.append(
          " {\"%1$s\", %2$d, &(dut)->%1$s_tdata, &(dut)->%1$s_tvalid, &(dut)->%1$s_tready, &(dut)->%1$s_tlast},"
              .formatted(output, widths.get(output + "_tdata") / 8));
    }
    text.append('\n');
    for (String port : OPTIONAL) {
      if (widths.containsKey(port)) {
        text.append("#define HAS_").append(port.toUpperCase(Locale.ROOT));
        text.append(' ').append(members.get(port)).append('\n');
      }
    }
    if (widths.containsKey("m_axi_arvalid")) {
      text.append("#define HAS_M_AXI_ARVALID\n");
      text.append("#define BEAT_BYTES ").append(widths.get("m_axi_rdata") / 8).append('\n');
    }
    return text + registers();
  }

  /** The registers' addresses, so that the C++ repeats no number. */
  private static String registers() {
    StringBuilder text = new StringBuilder();
    text.append("#define IDENTITY_VALUE %du%n".formatted(RegisterMap.IDENTITY_VALUE));
    text.append("#define VERSION_VALUE %du%n".formatted(RegisterMap.VERSION_VALUE));
    list(text, "REGISTERS", RegisterMap.registers());
    list(text, "LOAD_REGISTERS", RegisterMap.loading());
    list(text, "MEMORY_REGISTERS", RegisterMap.reading());
    text.append("#define OTHER_OUTPUTS %du%n".formatted(RegisterMap.OTHER_OUTPUTS));
    text.append("#define BYTES_OF_OUTPUT %du%n".formatted(RegisterMap.BYTES_OF_OUTPUT));
    return text.toString();
  }

  private static void list(StringBuilder text, String name, List<RegisterMap.Register> registers) {
    StringBuilder list = new StringBuilder("#define " + name + "(X)");
    for (RegisterMap.Register register : registers) {
      text.append("#define REGISTER_%s %du%n".formatted(register.name(), register.offset()));
      list.append(" X(%s, %du)".formatted(register.name(), register.offset()));
    }
    text.append(list).append('\n');
  }
}
