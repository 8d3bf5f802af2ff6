// SPDX-License-Identifier: Apache-2.0
package dev.etch.testbench.synthesis;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The modules in the Verilog that Etch writes: one {@code module ... endmodule} after another. */
final class VerilogModules {
  /** The first line of an instance. */
  private static final Pattern INSTANCE = Pattern.compile("^  (\\w+) \\w+ \\($", Pattern.MULTILINE);

  private final Map<String, String> texts = new LinkedHashMap<>();

  private VerilogModules() {}

  /** The modules of all {@code .v} files of a folder. */
  static VerilogModules read(Path folder) throws IOException {
    VerilogModules modules = new VerilogModules();
    List<Path> files;
    try (Stream<Path> all = Files.list(folder)) {
      files = all.filter(f -> f.toString().endsWith(".v")).sorted().toList();
    }
    for (Path file : files) {
      modules.split(Files.readAllLines(file));
    }
    return modules;
  }

  private void split(List<String> lines) {
    List<String> module = new ArrayList<>();
    for (String line : lines) {
      if (!module.isEmpty() || line.startsWith("module ")) {
        module.add(line);
      }
      if (line.startsWith("endmodule")) {
        texts.put(name(module.get(0)), String.join("\n", module) + "\n");
        module.clear();
      }
    }
  }

  private static String name(String header) {
    return header.substring("module ".length()).replaceAll("[^A-Za-z0-9_$].*", "");
  }

  /** All texts by name. */
  Map<String, String> texts() {
    return texts;
  }

  /** How often a module has each other one, if it has it. */
  Map<String, Integer> instances(String name) {
    Map<String, Integer> instances = new LinkedHashMap<>();
    Matcher instance = INSTANCE.matcher(texts.get(name));
    while (instance.find()) {
      if (texts.containsKey(instance.group(1))) {
        instances.merge(instance.group(1), 1, Integer::sum);
      }
    }
    return instances;
  }

  /** The ports of a module, for a black box. */
  String header(String name) {
    String text = texts.get(name);
    return text.substring(0, text.indexOf(");") + 2) + "\nendmodule\n";
  }

  /** The text with the module's own name taken out: modules with equal ones are equal. */
  String anonymous(String name) {
    return texts.get(name).replaceFirst(java.util.regex.Pattern.quote(name), "module");
  }
}
