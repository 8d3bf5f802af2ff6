// SPDX-License-Identifier: Apache-2.0
package dev.etch.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The example in the repository is what the compiler writes today. After a change that is meant,
 * renew it with {@code mvn test -pl compiler/cli -am -Dtest=ExampleTest -Detch.bless=true}.
 */
class ExampleTest {
  private static final Path ROOT = Path.of(System.getProperty("etch.root"));
  private static final Path EXAMPLE = ROOT.resolve("hdl-out/example");

  @TempDir private Path folder;

  @Test
  void theExampleIsUpToDate() throws IOException {
    Path target = Boolean.getBoolean("etch.bless") ? EXAMPLE : folder.resolve("example");
    String model = ROOT.resolve("testbench/models/tiny/tiny.etch").toString();
    assertEquals(
        0,
        Main.execute("compile", model, "--multipliers", "4", "--force", "-o", target.toString()));
    assertEquals(files(EXAMPLE), files(target));
    for (Path file : files(EXAMPLE)) {
      assertArrayEquals(
          Files.readAllBytes(EXAMPLE.resolve(file)),
          Files.readAllBytes(target.resolve(file)),
          file.toString());
    }
  }

  /**
   * Values have names. The few that have none are conditions inside SpinalHDL's library of bus
   * interfaces.
   */
  @Test
  void fewValuesOfTheVerilogHaveNoName() throws IOException {
    List<String> lines = Files.readAllLines(EXAMPLE.resolve("rtl/etch_example.v"));
    assertEquals(8, lines.stream().filter(line -> line.contains("_zz_")).count());
    assertEquals(0, lines.stream().filter(line -> line.contains("_spinal_port")).count());
  }

  private static List<Path> files(Path root) throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      return files.filter(Files::isRegularFile).map(root::relativize).sorted().toList();
    }
  }
}
