// SPDX-License-Identifier: Apache-2.0
package dev.etch.testbench.synthesis;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Which register nextpnr-ice40 packs with a look-up table: it names the logic cell after the table,
 * whose name comes from a net that the table reads or gives, often of another unit. Other families
 * keep registers as cells of their own.
 */
final class PackedRegisters {
  private static final String TABLE = "SB_LUT4";
  private static final String REGISTER = "SB_DFF";

  /** What nextpnr appends to the name of a table. */
  private static final String LOGIC_CELL = "_LC";

  private final Map<String, String> registers;

  private PackedRegisters(Map<String, String> registers) {
    this.registers = Map.copyOf(registers);
  }

  /** Of a family whose registers are cells of their own. */
  static PackedRegisters none() {
    return new PackedRegisters(Map.of());
  }

  /** Of the flat netlist that Yosys wrote as JSON. */
  static PackedRegisters read(Path netlist) throws IOException {
    Map<String, String> registers = new HashMap<>();
    for (JsonNode module : new ObjectMapper().readTree(netlist.toFile()).path("modules")) {
      Map<String, String> tables = new HashMap<>();
      Map<String, JsonNode> cells = new LinkedHashMap<>();
      module.path("cells").properties().forEach(c -> cells.put(c.getKey(), c.getValue()));
      cells.forEach(
          (name, cell) -> {
            if (type(cell).equals(TABLE)) {
              tables.put(net(cell, "O"), name + LOGIC_CELL);
            }
          });
      cells.forEach(
          (name, cell) -> {
            String table = tables.get(net(cell, "D"));
            if (type(cell).startsWith(REGISTER) && table != null) {
              registers.put(table, name);
            }
          });
    }
    return new PackedRegisters(registers);
  }

  private static String type(JsonNode cell) {
    return cell.path("type").asText();
  }

  private static String net(JsonNode cell, String port) {
    return cell.path("connections").path(port).path(0).asText();
  }

  /** The register in a cell at which a path begins or ends, or the cell itself. */
  String name(String cell) {
    return registers.getOrDefault(cell, cell);
  }
}
