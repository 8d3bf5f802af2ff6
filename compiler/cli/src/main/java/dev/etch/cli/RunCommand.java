// SPDX-License-Identifier: Apache-2.0
package dev.etch.cli;

import dev.etch.diagnostic.Diagnostic;
import dev.etch.diagnostic.DiagnosticCollector;
import dev.etch.diagnostic.DiagnosticException;
import dev.etch.diagnostic.Location;
import dev.etch.graph.Graph;
import dev.etch.graph.PartitionedModel;
import dev.etch.hardware.RomContents;
import dev.etch.reference.Interpreter;
import dev.etch.reference.RawTensorFile;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.Tensor;
import dev.etch.tensor.TensorType;
import dev.etch.testbench.Verifier;
import dev.etch.testbench.VerifyOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code etch run}: frames through a model. */
@Command(
    name = "run",
    mixinStandardHelpOptions = true,
    description =
        "Runs frames through a model. Input and output are raw little-endian tensors in the "
            + "model's own element type and layout, frames one after another.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  etch run model.onnx --engine reference --input frames.bin --output scores.bin",
      "  etch run hdl-out/model --engine verilator --input frames.bin --output scores.bin"
    })
final class RunCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "MODEL|DIR", description = "Model file or compiled folder.")
  private Path model;

  @Mixin private ModelOptions reading;

  @Option(
      names = "--engine",
      paramLabel = "ENGINE",
      defaultValue = "reference",
      description = "${COMPLETION-CANDIDATES}; reference if not given.")
  private Engine engine;

  @Option(names = "--input", paramLabel = "FILE", required = true, description = "Frames to read.")
  private Path input;

  @Option(names = "--output", paramLabel = "FILE", required = true, description = "File to write.")
  private Path output;

  /** What computes. */
  enum Engine {
    reference,
    verilator
  }

  @Override
  public Integer call() throws IOException {
    OutputFile.requireWritable(output);
    List<Tensor> results = engine == Engine.reference ? reference() : verilator();
    OutputFile.write(output, file -> RawTensorFile.write(file, results));
    new Console(spec).say(results.size() + " frames written to " + output);
    return ExitCode.FINE;
  }

  private List<Tensor> reference() throws IOException {
    if (!CompiledFolder.is(model)) {
      DiagnosticCollector diagnostics = new DiagnosticCollector();
      Graph graph = Pipeline.read(model, reading, diagnostics);
      if (graph.isFloat()) {
        diagnostics.diagnostics().stream()
            .map(Diagnostic::toString)
            .forEach(new Console(spec)::warn);
        return floats(graph);
      }
    }
    HostedModel hosted = new HostedModel(partitioned());
    List<Tensor> frames = frames(hosted.inputType());
    Tensor[] results = new Tensor[frames.size()];
    IntStream.range(0, results.length)
        .parallel()
        .forEach(i -> results[i] = hosted.run(frames.get(i)));
    return List.of(results);
  }

  /** A model of floats has no part for an accelerator: the reference computes it as it is. */
  private List<Tensor> floats(Graph graph) {
    if (graph.inputs().size() != 1 || graph.outputs().size() != 1) {
      throw new DiagnosticException(
          Location.file(model.toString()),
          "has %d inputs and %d outputs".formatted(graph.inputs().size(), graph.outputs().size()),
          "cut it with --inputs and --outputs");
    }
    List<Tensor> frames = frames(graph.inputs().get(0).type());
    Interpreter interpreter = new Interpreter(graph);
    return frames.parallelStream().map(frame -> interpreter.run(List.of(frame)).get(0)).toList();
  }

  private List<Tensor> verilator() throws IOException {
    if (CompiledFolder.is(model)) {
      return simulate(CompiledFolder.load(model), model.resolve(CompiledFolder.RTL));
    }
    Compilation compilation = Pipeline.compile(model, new MappingOptions(), reading);
    Path folder = Files.createTempDirectory("etch-run-");
    try (OutputFolder target = new OutputFolder(folder, false)) {
      Pipeline.generate(compilation, RomContents.IN_VERILOG, target.folder());
      return simulate(compilation, target.folder().resolve(CompiledFolder.RTL));
    } finally {
      Files.deleteIfExists(folder);
    }
  }

  private List<Tensor> simulate(Compilation compilation, Path rtl) {
    HostedModel hosted = new HostedModel(compilation.scheduled().lowered().model());
    List<IntegerTensor> frames =
        frames(hosted.inputType()).stream().map(hosted::toAccelerator).toList();
    VerifyOptions options = VerifyOptions.standard(rtl.resolveSibling(".")).keepingOutputs();
    // The verifier also compares, but what counts here is what the hardware gives.
    return new Verifier(compilation.scheduled().lowered(), rtl, options)
        .verify(frames.size(), frames::get, (done, total) -> {}).outputs().stream()
            .map(hosted::fromAccelerator)
            .toList();
  }

  private List<Tensor> frames(TensorType type) {
    List<Tensor> frames = RawTensorFile.read(input, type);
    if (frames.isEmpty()) {
      throw new DiagnosticException(
          Location.file(input.toString()), "holds no frame", "a frame is " + type);
    }
    return frames;
  }

  private PartitionedModel partitioned() throws IOException {
    if (CompiledFolder.is(model)) {
      return CompiledFolder.load(model).scheduled().lowered().model();
    }
    return Pipeline.partition(model, reading);
  }
}
