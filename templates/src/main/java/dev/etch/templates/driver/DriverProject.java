// SPDX-License-Identifier: Apache-2.0
package dev.etch.templates.driver;

import dev.etch.graph.Graph;
import dev.etch.graph.PartitionedModel;
import dev.etch.graph.Value;
import dev.etch.hardware.ExternalMemory;
import dev.etch.hardware.FrameOrder;
import dev.etch.hardware.Identifiers;
import dev.etch.hardware.LoadMap;
import dev.etch.hardware.MemoryMap;
import dev.etch.hardware.RegisterMap;
import dev.etch.hardware.Stream;
import dev.etch.hardware.WeightFile;
import dev.etch.lower.LoweredModel;
import dev.etch.templates.GeneratedFiles;
import dev.etch.templates.SafeText;
import dev.etch.templates.SafeText.JavaName;
import dev.etch.templates.SafeText.JavaText;
import dev.etch.templates.SafeText.Markup;
import dev.etch.templates.SafeText.Remark;
import dev.etch.templates.Templates;
import dev.etch.templates.driver.HostStep.ArrayType;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.zip.CRC32;

/** Makes the Maven project of a model's host driver. */
public final class DriverProject {
  private static final String PACKAGE = "dev.etch.generated.";
  private static final List<String> MAIN_CLASSES =
      List.of(
          "Accelerator",
          "AcceleratorException",
          "AcceleratorTimeoutException",
          "DeviceErrorException",
          "DmaTransport",
          "FrameFormat",
          "HostMath",
          "MappedMemory",
          "MemoryAccess",
          "ReferenceTransport",
          "ShortTransferException",
          "SimulatedTransport",
          "Transport",
          "WrongBitstreamException");

  /** Those of designs whose weights the host loads. */
  private static final List<String> LOADING_CLASSES =
      List.of("WeightLoader", "WrongWeightsException");

  /** Those of designs that read words from a memory outside. */
  private static final List<String> READING_CLASSES =
      List.of("ExternalWords", "MemoryErrorException");

  private static final List<String> TEST_CLASSES =
      List.of("DriverTest", "FakeHardware", "ReferenceVectors", "SimulatedRtlTest");

  private final LoweredModel lowered;
  private final DriverOptions options;
  private final JavaName className;
  private final String artifact;
  private final JavaName packageName;

  private DriverProject(LoweredModel lowered, DriverOptions options) {
    this.lowered = lowered;
    this.options = options;
    String name = lowered.model().whole().name();
    className = SafeText.javaClass(name);
    artifact = Identifiers.make(name, "driver", Set.of());
    packageName = SafeText.javaPackage(PACKAGE + artifact);
  }

  /**
   * The project's files, below its own folder.
   *
   * @throws dev.etch.diagnostic.DiagnosticException if a host part has an operator that a driver
   *     cannot compute
   */
  public static GeneratedFiles generate(LoweredModel lowered, DriverOptions options) {
    return new DriverProject(lowered, options).files();
  }

  /**
   * Complains about layers of the host that a driver cannot compute.
   *
   * @param imported the model before all passes
   * @throws dev.etch.diagnostic.DiagnosticException if there are any
   */
  public static void check(PartitionedModel model, Graph imported) {
    HostProgram.check(model, imported);
  }

  /** The model's class in the generated project, with its package. */
  public static String modelClass(String modelName) {
    return PACKAGE
        + Identifiers.make(modelName, "driver", Set.of())
        + "."
        + SafeText.javaClass(modelName);
  }

  /**
   * Tells what the host computes before and behind the accelerator from what it computes for other
   * weights.
   */
  public static int hostHash(PartitionedModel model) {
    CRC32 crc = new CRC32();
    update(crc, HostProgram.of(model.before()));
    for (HostProgram.Tail tail : HostProgram.tails(model.after())) {
      if (model.after().outputs().size() > 1) {
        crc.update(tail.source());
      }
      update(crc, tail.steps());
    }
    return (int) crc.getValue();
  }

  private static void update(CRC32 crc, List<HostStep> steps) {
    crc.update(steps.toString().getBytes(StandardCharsets.UTF_8));
  }

  /** How fast the memory outside is in a simulation. */
  public record MemorySpeed(int latency, int cyclesPerBeat, int refreshBeats, int refreshCycles) {
    static MemorySpeed of(ExternalMemory memory) {
      return new MemorySpeed(
          memory.latency(), memory.cyclesPerBeat(), memory.refreshBeats(), memory.refreshCycles());
    }
  }

  /**
   * Variables of most classes.
   *
   * @param loads whether the host loads weights
   * @param buffered whether it does while frames run
   * @param reads whether words are read from a memory outside
   * @param outside whether these belong to the weights that are loaded
   * @param several whether the model has several outputs
   * @param ports names of the accelerator's outputs
   */
  public record ClassVariables(
      JavaName packageName,
      JavaName className,
      boolean loads,
      boolean buffered,
      boolean reads,
      boolean outside,
      MemorySpeed memory,
      boolean several,
      List<JavaText> ports) {}

  /** Variables of the reader of files of weights. */
  public record WeightVariables(JavaName packageName, JavaText magic, boolean outside) {}

  /** Variables of pom.xml. */
  public record PomVariables(SafeText.HardwareName artifact, Markup model) {}

  /** Variables of README.md. */
  public record ReadmeVariables(
      JavaName className,
      boolean loads,
      boolean buffered,
      boolean reads,
      boolean outside,
      boolean several,
      List<JavaText> ports) {}

  /** How the tests read one output of the model. */
  public record ReadOutput(JavaName reader, int elements) {}

  /** Variables of the tests. */
  public record TestVariables(
      JavaName packageName,
      JavaName className,
      ArrayType inputType,
      ArrayType outputType,
      JavaName inputReader,
      JavaName outputReader,
      boolean anyFloat,
      int inputElements,
      int acceleratorInputElements,
      int acceleratorOutputElements,
      int outputElements,
      int inputBeatBytes,
      long frameCycles,
      boolean buffered,
      boolean reads,
      boolean outside,
      boolean several,
      List<Integer> acceleratorOutputs,
      List<ReadOutput> modelOutputs) {}

  /** How frames of one stream travel. */
  public record Frame(int elements, int bits, boolean signed, boolean rowMajor) {}

  /**
   * One of several outputs of the model.
   *
   * @param number counted from 0
   * @param component its name in the record of all outputs
   * @param source the output of the accelerator that it is made of
   * @param steps that the host computes of it
   */
  public record Output(
      int number,
      JavaName component,
      ArrayType type,
      Remark element,
      Remark shapeText,
      JavaText shape,
      int source,
      List<HostStep> steps) {}

  /** Variables of the model's class. */
  public record ModelVariables(
      JavaName packageName,
      JavaName className,
      Remark model,
      JavaText modelText,
      Remark inputElement,
      Remark inputShapeText,
      Remark outputElement,
      Remark outputShapeText,
      JavaText designHash,
      boolean loads,
      boolean buffered,
      boolean outside,
      JavaText hostHash,
      JavaText inputShape,
      JavaText outputShape,
      List<JavaText> labels,
      Frame inputFrame,
      Frame outputFrame,
      List<HostStep> before,
      List<HostStep> after,
      ArrayType inputType,
      ArrayType outputType,
      int inputElements,
      int acceleratorOutputElements,
      boolean floatOutput,
      boolean several,
      List<Frame> outputFrames,
      List<Output> outputs) {}

  /** Variables of the register constants. */
  public record RegisterVariables(
      JavaName packageName,
      JavaText identityValue,
      JavaText versionValue,
      List<RegisterConstant> registers) {}

  /** One register. */
  public record RegisterConstant(
      JavaName name,
      JavaText offset,
      Remark description,
      RegisterMap.Access access,
      List<FieldConstant> fields) {}

  /** One field of a register. */
  public record FieldConstant(JavaName name, JavaText mask, Remark description) {}

  private GeneratedFiles files() {
    GeneratedFiles.Builder files = new GeneratedFiles.Builder();
    files.add(
        "pom.xml",
        render(
            "pom.xml",
            new PomVariables(
                SafeText.hardwareName(artifact),
                SafeText.markup(
                    SafeText.remark(lowered.model().whole().name())
                        .toString()
                        .replace("--", "-_")))));
    files.add(
        "README.md",
        render(
            "README.md",
            new ReadmeVariables(
                className, loads(), buffered(), reads(), outside(), several(), ports())));
    for (String name : MAIN_CLASSES) {
      add(files, "main", name, variables());
    }
    MemoryMap.of(lowered.design()).ifPresent(memory -> addMemory(files, memory));
    options.weights().ifPresent(weights -> addWeights(files, weights));
    add(files, "main", "Registers", registers());
    files.add(source("main", className.toString()), render("Model.java", model()));
    TestVariables tests = tests();
    for (String name : TEST_CLASSES) {
      add(files, "test", name, name.equals("FakeHardware") ? variables() : tests);
    }
    addOrder(files, "input_order.bin", lowered.input().order());
    for (int output = 0; output < lowered.outputs().size(); output++) {
      String name = several() ? "output_order_" + output + ".bin" : "output_order.bin";
      addOrder(files, name, lowered.outputs().get(output).order());
    }
    files.add(resource("test", "vectors.bin"), VectorFile.bytes(options.vectors()));
    return files.build();
  }

  private ClassVariables variables() {
    ExternalMemory memory = lowered.design().memory().orElse(ExternalMemory.STANDARD);
    return new ClassVariables(
        packageName,
        className,
        loads(),
        buffered(),
        reads(),
        outside(),
        MemorySpeed.of(memory),
        several(),
        ports());
  }

  private boolean several() {
    return modelOutputs().size() > 1;
  }

  private List<JavaText> ports() {
    return lowered.design().outputs().stream()
        .map(output -> SafeText.javaText(output.name()))
        .toList();
  }

  private boolean reads() {
    return lowered.design().memory().isPresent();
  }

  private void addMemory(GeneratedFiles.Builder files, MemoryMap memory) {
    for (String name : READING_CLASSES) {
      add(files, "main", name, variables());
    }
    if (!outside()) {
      files.add(resource("main", "memory.bin"), memory.image());
    }
  }

  private boolean loads() {
    return options.weights().isPresent();
  }

  /** Whether words from outside belong to the weights that are loaded. */
  private boolean outside() {
    return options.weights().flatMap(WeightFile::outside).isPresent();
  }

  private boolean buffered() {
    return loads() && LoadMap.of(lowered.design()).isDoubled();
  }

  private void addWeights(GeneratedFiles.Builder files, WeightFile weights) {
    for (String name : LOADING_CLASSES) {
      add(files, "main", name, variables());
    }
    JavaText magic =
        SafeText.javaHexadecimal(outside() ? WeightFile.MAGIC_OUTSIDE : WeightFile.MAGIC);
    add(files, "main", "WeightFile", new WeightVariables(packageName, magic, outside()));
    add(files, "test", "LoadedWeightsTest", tests());
    files.add(resource(outside() ? "main" : "test", "weights.bin"), weights.bytes());
  }

  private void add(GeneratedFiles.Builder files, String part, String name, Record variables) {
    files.add(source(part, name), render(name + ".java", variables));
  }

  private String source(String part, String name) {
    return "src/" + part + "/java/" + packagePath() + "/" + name + ".java";
  }

  private String resource(String part, String name) {
    return "src/" + part + "/resources/" + packagePath() + "/" + name;
  }

  private String packagePath() {
    return packageName.toString().replace('.', '/');
  }

  private static String render(String template, Record variables) {
    return Templates.render("driver/" + template + ".vm", variables);
  }

  private void addOrder(GeneratedFiles.Builder files, String name, FrameOrder order) {
    if (!isRowMajor(order)) {
      files.add(resource("main", name), VectorFile.bytes(order.indexes()));
    }
  }

  private static boolean isRowMajor(FrameOrder order) {
    return order.equals(FrameOrder.rowMajor(order.size()));
  }

  private Value modelInput() {
    return lowered.model().before().inputs().get(0);
  }

  private Value modelOutput() {
    return modelOutputs().get(0);
  }

  private ModelVariables model() {
    PartitionedModel model = lowered.model();
    Value input = modelInput();
    Value output = modelOutput();
    return new ModelVariables(
        packageName,
        className,
        SafeText.remark(model.whole().name()),
        SafeText.javaText(model.whole().name()),
        SafeText.remark(input.type().element().toString()),
        SafeText.remark(input.type().shape().toString()),
        SafeText.remark(output.type().element().toString()),
        SafeText.remark(output.type().shape().toString()),
        SafeText.javaHexadecimal(options.designHash()),
        loads(),
        buffered(),
        outside(),
        SafeText.javaHexadecimal(hostHash(model)),
        SafeText.javaList(input.type().shape().dimensions()),
        SafeText.javaList(output.type().shape().dimensions()),
        options.labels().stream().map(SafeText::javaText).toList(),
        frame(lowered.design().input(), lowered.input().order()),
        frame(lowered.design().outputs().get(0).stream(), lowered.outputs().get(0).order()),
        HostProgram.of(model.before()),
        several() ? List.of() : HostProgram.of(model.after()),
        HostProgram.arrayType(input.type()),
        HostProgram.arrayType(output.type()),
        input.type().shape().elements(),
        lowered.outputs().get(0).order().size(),
        output.type().isFloat(),
        several(),
        outputFrames(),
        several() ? outputs() : List.of());
  }

  private List<Frame> outputFrames() {
    List<Frame> frames = new ArrayList<>();
    for (int output = 0; output < lowered.outputs().size(); output++) {
      Stream stream = lowered.design().outputs().get(output).stream();
      frames.add(frame(stream, lowered.outputs().get(output).order()));
    }
    return frames;
  }

  private List<Output> outputs() {
    List<HostProgram.Tail> tails = HostProgram.tails(lowered.model().after());
    List<Output> outputs = new ArrayList<>();
    Set<String> taken = new HashSet<>();
    for (int number = 0; number < tails.size(); number++) {
      Value value = modelOutputs().get(number);
      JavaName component = SafeText.javaComponent(value.name(), taken);
      taken.add(component.toString());
      outputs.add(
          new Output(
              number,
              component,
              HostProgram.arrayType(value.type()),
              SafeText.remark(value.type().element().toString()),
              SafeText.remark(value.type().shape().toString()),
              SafeText.javaList(value.type().shape().dimensions()),
              tails.get(number).source(),
              tails.get(number).steps()));
    }
    return outputs;
  }

  private static Frame frame(Stream stream, FrameOrder order) {
    return new Frame(
        order.size(),
        stream.type().element().bits(),
        stream.type().element().signed(),
        isRowMajor(order));
  }

  private TestVariables tests() {
    ArrayType inputType = HostProgram.arrayType(modelInput().type());
    ArrayType outputType = HostProgram.arrayType(modelOutput().type());
    Stream input = lowered.design().input();
    return new TestVariables(
        packageName,
        className,
        inputType,
        outputType,
        SafeText.javaPackage(inputType.reader()),
        SafeText.javaPackage(outputType.reader()),
        inputType == ArrayType.FLOATS
            || modelOutputs().stream().anyMatch(output -> output.type().isFloat()),
        modelInput().type().shape().elements(),
        lowered.input().order().size(),
        lowered.outputs().get(0).order().size(),
        modelOutput().type().shape().elements(),
        input.type().elements() * input.type().element().storageBytes(),
        options.frameCycles(),
        buffered(),
        reads(),
        outside(),
        several(),
        lowered.outputs().stream().map(output -> output.order().size()).toList(),
        modelOutputs().stream().map(DriverProject::read).toList());
  }

  private List<Value> modelOutputs() {
    return lowered.model().after().outputs();
  }

  private static ReadOutput read(Value output) {
    ArrayType type = HostProgram.arrayType(output.type());
    return new ReadOutput(SafeText.javaPackage(type.reader()), output.type().shape().elements());
  }

  private RegisterVariables registers() {
    return new RegisterVariables(
        packageName,
        SafeText.javaHexadecimal(RegisterMap.IDENTITY_VALUE),
        SafeText.javaHexadecimal(RegisterMap.VERSION_VALUE),
        RegisterMap.of(lowered.design()).stream().map(DriverProject::constant).toList());
  }

  private static RegisterConstant constant(RegisterMap.Register register) {
    return new RegisterConstant(
        SafeText.javaConstant(register.name()),
        SafeText.javaHexadecimal(register.offset()),
        SafeText.remark(register.description()),
        register.access(),
        register.fields().stream().map(DriverProject::constant).toList());
  }

  private static FieldConstant constant(RegisterMap.Field field) {
    return new FieldConstant(
        SafeText.javaConstant(field.name()),
        SafeText.javaHexadecimal(field.mask()),
        SafeText.remark(field.description()));
  }
}
