// SPDX-License-Identifier: Apache-2.0
package dev.etch.templates.driver;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.etch.diagnostic.DiagnosticException;
import dev.etch.diagnostic.Location;
import dev.etch.graph.GraphBuilder;
import dev.etch.hardware.RegisterMap;
import dev.etch.lower.LoweredModel;
import dev.etch.op.BatchNormalization;
import dev.etch.op.Relu;
import dev.etch.templates.GeneratedFiles;
import dev.etch.tensor.FloatType;
import dev.etch.tensor.Shape;
import dev.etch.tensor.TensorType;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

class DriverProjectTest {
  private static final int TESTS_WITHOUT_HARDWARE = 14;
  private static final int TESTS_WITH_RTL = 5;

  private static GeneratedFiles generate(LoweredModel lowered, List<String> labels) {
    return DriverProject.generate(
        lowered,
        new DriverOptions(
            0x8badf00d, 100, labels, SampleModels.vectors(lowered, 3), Optional.empty()));
  }

  private static CompiledDriver compile(LoweredModel lowered, List<String> labels, Path folder)
      throws Exception {
    String modelClass = DriverProject.modelClass(lowered.model().whole().name());
    return CompiledDriver.compile(generate(lowered, labels), modelClass, folder);
  }

  private static void assertPasses(CompiledDriver driver) throws Exception {
    TestExecutionSummary summary = driver.test("DriverTest");
    StringWriter failures = new StringWriter();
    summary.printFailuresTo(new PrintWriter(failures, true));
    assertEquals(TESTS_WITHOUT_HARDWARE, summary.getTestsSucceededCount(), failures::toString);
    assertEquals(0, summary.getTestsFailedCount(), failures::toString);
  }

  @Test
  void driverOfAFloatModelPassesItsOwnTests(@TempDir Path folder) throws Exception {
    assertPasses(compile(SampleModels.floats("lenet5"), List.of("T-shirt", "Bag"), folder));
  }

  @Test
  void driverOfAnIntegerModelPassesItsOwnTests(@TempDir Path folder) throws Exception {
    assertPasses(compile(SampleModels.integers("flat"), List.of(), folder));
  }

  @Test
  void modelWithSeveralOutputsPasses(@TempDir Path folder) throws Exception {
    assertPasses(compile(SampleModels.several("several"), List.of(), folder));
  }

  @Test
  void eachOutputHasItsNameAndPort() {
    GeneratedFiles files = generate(SampleModels.several("several"), List.of());
    String model = find(files, "SeveralModel.java");
    assertTrue(model.contains("public record Outputs("), model);
    assertTrue(model.contains("      float[] real,\n"), model);
    assertTrue(model.contains("      float[] share,\n"), model);
    assertTrue(model.contains("      int[] classOutput) {\n"), model);
    String transport = find(files, "SimulatedTransport.java");
    assertTrue(transport.contains("List.of(\"m_axis_flat\", \"m_axis_copy\")"), transport);
  }

  private static String find(GeneratedFiles files, String name) {
    return files.contents().entrySet().stream()
        .filter(entry -> entry.getKey().endsWith("/" + name))
        .map(entry -> new String(entry.getValue(), StandardCharsets.UTF_8))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void modelWithTheQuantizersOfQonnxPasses(@TempDir Path folder) throws Exception {
    assertPasses(compile(SampleModels.reals("reals"), List.of(), folder));
  }

  @Test
  void fixedPointModelPasses(@TempDir Path folder) throws Exception {
    assertPasses(compile(SampleModels.fixedPoint("fixed"), List.of(), folder));
  }

  @Test
  void fixedPointLogarithmPasses(@TempDir Path folder) throws Exception {
    assertPasses(compile(SampleModels.fixedPointLogarithm("logarithm"), List.of(), folder));
  }

  @Test
  void functionsBehindTheLastLayerPass(@TempDir Path folder) throws Exception {
    assertPasses(compile(SampleModels.functions("functions"), List.of(), folder));
  }

  @Test
  void softmaxByTablePasses(@TempDir Path folder) throws Exception {
    assertPasses(compile(SampleModels.tableSoftmax("table"), List.of(), folder));
  }

  @Test
  void wideModelPasses(@TempDir Path folder) throws Exception {
    assertPasses(compile(SampleModels.wide("wide"), List.of(), folder));
  }

  @Test
  void withoutASimulatorTheTestsAgainstRtlAreAborted(@TempDir Path folder) throws Exception {
    CompiledDriver driver = compile(SampleModels.floats("lenet5"), List.of(), folder);
    TestExecutionSummary summary = driver.test("SimulatedRtlTest");
    assertEquals(TESTS_WITH_RTL, summary.getTestsFoundCount());
    assertEquals(TESTS_WITH_RTL, summary.getTestsAbortedCount());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"; rm -rf /",
        "class",
        "",
        "\u00fcbergro\u00df \u6a21\u578b",
        "*/ int x; /*",
        "\\u002a/ \\",
        "Registers",
        "123",
        "a\nb\u0000c\u202e",
        "$model #set($a = 1) ${className} <!-- -- -->",
        "a name that is far too long for anything that has to become an identifier of any kind"
      })
  void hostileNamesCompile(String name, @TempDir Path folder) throws Exception {
    assertPasses(compile(SampleModels.floats(name), List.of(name, "\"", "\\"), folder));
  }

  @Test
  void outputIsDeterministic() {
    GeneratedFiles first = generate(SampleModels.floats("lenet5"), List.of("a"));
    GeneratedFiles second = generate(SampleModels.floats("lenet5"), List.of("a"));
    assertEquals(first.contents().keySet(), second.contents().keySet());
    first
        .contents()
        .forEach((path, bytes) -> assertArrayEquals(bytes, second.contents().get(path), path));
  }

  @Test
  void everyRegisterHasItsConstant() {
    GeneratedFiles files = generate(SampleModels.floats("lenet5"), List.of());
    String path =
        files.contents().keySet().stream()
            .filter(p -> p.endsWith("/Registers.java"))
            .findFirst()
            .orElseThrow();
    String source = files.text(path);
    assertTrue(source.contains("int DESIGN_HASH = 0x08;"), source);
    assertTrue(source.contains("int CONTROL_SOFT_RESET = 0x02;"), source);
    for (RegisterMap.Register register : RegisterMap.registers()) {
      assertTrue(source.contains(String.format(" = 0x%02x;", register.offset())), register.name());
    }
  }

  @Test
  void anOperatorThatTheHostCannotComputeIsADiagnostic() {
    GraphBuilder builder = new GraphBuilder("odd");
    var input = builder.input("x", new TensorType(FloatType.FLOAT32, Shape.of(1, 4)));
    var one = builder.add("one", new Relu(), Location.node("m.onnx", "one", "Relu"), input);
    builder.add("two", new Relu(), Location.node("m.onnx", "two", "Relu"), input);
    builder.output(one);
    DiagnosticException e =
        assertThrows(DiagnosticException.class, () -> HostProgram.of(builder.build()));
    assertTrue(e.getMessage().contains("'two'"), e.getMessage());
    assertTrue(!HostProgram.supported().contains(BatchNormalization.class));
  }
}
