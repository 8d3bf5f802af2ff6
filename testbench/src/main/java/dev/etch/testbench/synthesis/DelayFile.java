// SPDX-License-Identifier: Apache-2.0
package dev.etch.testbench.synthesis;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the delays that nextpnr writes with {@code --sdf}: the Standard Delay Format of IEEE 1497,
 * one entry a line, times in picoseconds as minimum, typical and maximum.
 */
final class DelayFile {
  private static final String TIME = "\\((-?\\d+):(-?\\d+):(-?\\d+)\\)";

  private static final Pattern WIRE =
      Pattern.compile("\\(INTERCONNECT (\\S+) (\\S+) " + TIME + ".*");
  private static final Pattern CELL = Pattern.compile("\\(INSTANCE (\\S+)\\)");
  private static final Pattern THROUGH =
      Pattern.compile("\\(IOPATH (?:\\(\\w+ (\\S+)\\)|(\\S+)) (\\S+) " + TIME + ".*");
  private static final Pattern SAMPLED =
      Pattern.compile("\\(SETUPHOLD \\(\\w+ (\\S+)\\) \\(\\w+ (\\S+)\\) " + TIME + ".*");

  private final TimingGraph graph = new TimingGraph();
  private String instance = "";

  private DelayFile() {}

  /** The graph of all delays, analyzed. */
  static TimingGraph read(Path file) throws IOException {
    DelayFile reader = new DelayFile();
    try (BufferedReader lines = Files.newBufferedReader(file)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        reader.line(line.strip());
      }
    }
    return reader.graph.analyze();
  }

  private void line(String line) {
    Matcher entry;
    if ((entry = WIRE.matcher(line)).matches()) {
      graph.edge(plain(entry.group(1)), plain(entry.group(2)), latest(entry, 3), true);
    } else if ((entry = THROUGH.matcher(line)).matches()) {
      String from = entry.group(1) == null ? entry.group(2) : entry.group(1);
      graph.edge(pin(from), pin(entry.group(3)), latest(entry, 4), false);
    } else if ((entry = SAMPLED.matcher(line)).matches()) {
      graph.sampled(pin(entry.group(1)), pin(entry.group(2)), latest(entry, 3));
    } else if ((entry = CELL.matcher(line)).matches()) {
      instance = plain(entry.group(1));
    }
  }

  private String pin(String port) {
    return instance + "/" + plain(port);
  }

  private static int latest(Matcher entry, int group) {
    return Integer.parseInt(entry.group(group + 2));
  }

  /** Names are written with a backslash in front of every special character. */
  private static String plain(String name) {
    return name.replace("\\", "");
  }
}
