// SPDX-License-Identifier: Apache-2.0
package dev.etch.cli;

import dev.etch.diagnostic.DiagnosticCollector;
import dev.etch.diagnostic.DiagnosticException;
import dev.etch.diagnostic.Location;
import dev.etch.graph.Graph;
import dev.etch.graph.Value;
import dev.etch.hardware.RomContents;
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
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code etch run}: frames through a model. */
@Command(
    name = "run",
    mixinStandardHelpOptions = true,
    description =
        "Runs frames through a model. Input and output are raw little-endian tensors in the "
            + "model's own element type and layout, frames one after another. Of several outputs, each "
            + "has a file: scores.bin becomes scores.NAME.bin.",
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

  @Option(
      names = "--frames-per-sequence",
      paramLabel = "N",
      description =
          "Begin a recurrent model's states anew after every N frames; all frames are one sequence "
              + "if not given.")
  private Integer framesPerSequence;

  /** What computes. */
  enum Engine {
    reference,
    verilator
  }

  @Override
  public Integer call() throws IOException {
    OutputFile.requireWritable(output);
    if (engine == Engine.reference) {
      reference();
    } else {
      requireNoSequences();
      verilator();
    }
    return ExitCode.FINE;
  }

  private void write(List<Value> outputs, List<List<Tensor>> results) throws IOException {
    ResultFiles files = ResultFiles.of(output, outputs);
    files.requireWritable();
    files.write(results);
    new Console(spec).say(results.size() + " frames written to " + files);
  }

  private void reference() throws IOException {
    ReferenceModel reference = referenceModel();
    List<Tensor> frames = frames(reference.input());
    write(reference.outputs(), reference.runAll(frames, sequenceLength(reference, frames.size())));
  }

  private int sequenceLength(ReferenceModel reference, int frames) {
    if (!reference.isRecurrent()) {
      requireNoSequences();
      return 1;
    }
    if (framesPerSequence != null && framesPerSequence < 1) {
      throw new ParameterException(
          spec.commandLine(), "--frames-per-sequence " + framesPerSequence + ": at least 1");
    }
    return framesPerSequence == null ? frames : framesPerSequence;
  }

  private void requireNoSequences() {
    if (framesPerSequence != null) {
      throw new ParameterException(
          spec.commandLine(),
          "--frames-per-sequence is for recurrent models, and this one has no recurrent layer");
    }
  }

  private void verilator() throws IOException {
    if (CompiledFolder.is(model)) {
      simulate(CompiledFolder.load(model), model.resolve(CompiledFolder.RTL));
      return;
    }
    Compilation compilation = Pipeline.compile(model, new MappingOptions(), reading);
    Path folder = Files.createTempDirectory("etch-run-");
    try (OutputFolder target = new OutputFolder(folder, false)) {
      Pipeline.generate(compilation, RomContents.IN_VERILOG, target.folder());
      simulate(compilation, target.folder().resolve(CompiledFolder.RTL));
    } finally {
      Files.deleteIfExists(folder);
    }
  }

  private void simulate(Compilation compilation, Path rtl) throws IOException {
    HostedModel hosted = new HostedModel(compilation.scheduled().lowered().model());
    List<IntegerTensor> frames =
        frames(hosted.inputType()).stream().map(hosted::toAccelerator).toList();
    VerifyOptions options = VerifyOptions.standard(rtl.resolveSibling(".")).keepingOutputs();
    // The verifier also compares, but what counts here is what the hardware gives.
    List<List<Tensor>> results =
        new Verifier(compilation.scheduled().lowered(), rtl, options)
            .verify(frames.size(), frames::get, (done, total) -> {}).outputs().stream()
                .map(hosted::fromAccelerator)
                .toList();
    write(hosted.outputs(), results);
  }

  private List<Tensor> frames(TensorType type) {
    List<Tensor> frames = RawTensorFile.read(input, type);
    if (frames.isEmpty()) {
      throw new DiagnosticException(
          Location.file(input.toString()), "holds no frame", "a frame is " + type);
    }
    return frames;
  }

  private ReferenceModel referenceModel() throws IOException {
    if (CompiledFolder.is(model)) {
      return ReferenceModel.of(
          new HostedModel(CompiledFolder.load(model).scheduled().lowered().model()));
    }
    DiagnosticCollector diagnostics = new DiagnosticCollector();
    Graph graph = Pipeline.read(model, reading, diagnostics);
    return ReferenceModel.isFloat(graph)
        ? ReferenceModel.ofFloats(graph)
        : ReferenceModel.of(
            new HostedModel(Pipeline.partition(graph, reading.strict(), diagnostics)));
  }
}
