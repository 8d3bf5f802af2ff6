// SPDX-License-Identifier: Apache-2.0
package dev.etch.testbench.synthesis;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The memories in the Verilog that Etch writes: everything declared as {@code reg [width-1:0] name
 * [0:words-1];}, whether the module writes it or only reads it. Single registers are not among
 * them.
 */
public final class VerilogMemories {
  private static final Pattern DECLARATION =
      Pattern.compile("\\breg\\s+\\[(\\d+):0\\]\\s+(\\w+)\\s+\\[0:(\\d+)\\];");

  private VerilogMemories() {}

  /** Bits of each memory of each module in a folder; a module without memories has an empty map. */
  public static Map<String, Map<String, Long>> bits(Path rtl) throws IOException {
    Map<String, Map<String, Long>> modules = new TreeMap<>();
    VerilogModules.read(rtl).texts().forEach((name, text) -> modules.put(name, memories(text)));
    return modules;
  }

  private static Map<String, Long> memories(String module) {
    Map<String, Long> memories = new TreeMap<>();
    Matcher declaration = DECLARATION.matcher(module);
    while (declaration.find()) {
      long width = 1 + Long.parseLong(declaration.group(1));
      memories.put(declaration.group(2), width * (1 + Long.parseLong(declaration.group(3))));
    }
    return memories;
  }
}
