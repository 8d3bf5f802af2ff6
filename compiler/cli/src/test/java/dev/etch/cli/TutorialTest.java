// SPDX-License-Identifier: Apache-2.0
package dev.etch.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.etch.compress.network.Architecture;
import dev.etch.exporter.OnnxExporter;
import dev.etch.tensor.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands of docs/tutorial-compress.md, on the hundred images beside the sample model. */
class TutorialTest {
  private static final Path ROOT = Path.of(System.getProperty("etch.root"));
  private static final Pattern BLOCK = Pattern.compile("(?ms)^```(\\w*)$(.*?)^```$");

  @TempDir private Path folder;

  @BeforeEach
  void putData() throws IOException {
    Path sample = ROOT.resolve("testbench/models/lenet5-fashion");
    for (String set : List.of("train", "t10k")) {
      Files.copy(
          sample.resolve("test-images.idx3-ubyte.gz"),
          folder.resolve(set + "-images-idx3-ubyte.gz"));
      Files.copy(
          sample.resolve("test-labels.idx1-ubyte.gz"),
          folder.resolve(set + "-labels-idx1-ubyte.gz"));
    }
    Files.write(
        folder.resolve("float.onnx"),
        OnnxExporter.export(Architecture.LENET_300_100.build(Shape.of(1, 28, 28), 10, 1).graph()));
  }

  /** To build a simulator takes longer than all else. */
  @Test
  void commandsWithoutASimulatorRun() throws IOException {
    run(command -> !command.startsWith("verify "));
    assertTrue(Files.size(folder.resolve("small.onnx")) > 0);
  }

  @Test
  @Tag("slow")
  void everyCommandRuns() throws IOException {
    String verified = run(command -> true);
    assertTrue(verified.contains(" 0 differ"), verified);
    assertTrue(verified.contains("cycles per frame"), verified);
  }

  /**
   * In the order of the page: each takes what those before it wrote. Returns all that is printed.
   */
  private String run(Predicate<String> wanted) throws IOException {
    String page = Files.readString(ROOT.resolve("docs/tutorial-compress.md"));
    List<String> commands = commands(page);
    assertEquals(8, commands.size(), commands.toString());
    StringBuilder printed = new StringBuilder();
    for (String command : commands.stream().filter(wanted).toList()) {
      CapturedRun run = run(command);
      assertEquals(ExitCode.FINE, run.code(), command + "\n" + run.err());
      printed.append(run.out());
    }
    for (String file : List.of("report/report.html", "report/report.json", "out/report.html")) {
      assertTrue(Files.size(folder.resolve(file)) > 0, file);
    }
    return printed.toString();
  }

  /** A command, and the file behind an arrow for what it prints. */
  private CapturedRun run(String command) throws IOException {
    String[] parts = command.split(" > ");
    List<String> words = new ArrayList<>();
    for (String word : parts[0].split(" +")) {
      words.add(placed(word));
    }
    CapturedRun run = CapturedRun.of(words.toArray(String[]::new));
    if (parts.length > 1) {
      Files.writeString(Path.of(placed(parts[1].strip())), run.out());
    }
    return run;
  }

  private String placed(String word) {
    return word.startsWith("tutorial/")
        ? folder.resolve(word.substring("tutorial/".length())).toString()
        : word;
  }

  private static List<String> commands(String page) {
    return BLOCK
        .matcher(page)
        .results()
        .filter(block -> block.group(1).isEmpty())
        .map(block -> block.group(2))
        .flatMap(block -> block.replaceAll("\\\\\n *", " ").lines())
        .filter(line -> line.startsWith("./etch "))
        .map(line -> line.substring("./etch ".length()).replaceAll(" +", " "))
        .toList();
  }
}
