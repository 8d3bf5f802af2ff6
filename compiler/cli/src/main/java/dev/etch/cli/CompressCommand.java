// SPDX-License-Identifier: Apache-2.0
package dev.etch.cli;

import dev.etch.compress.data.Dataset;
import dev.etch.compress.network.Architecture;
import dev.etch.compress.network.Network;
import dev.etch.compress.recipe.Compression;
import dev.etch.compress.recipe.Recipe;
import dev.etch.compress.recipe.StepResult;
import dev.etch.compress.recipe.text.RecipeText;
import dev.etch.compress.training.CheckpointFolder;
import dev.etch.compress.training.Checkpoints;
import dev.etch.compress.training.Differentiator;
import dev.etch.compress.training.Items;
import dev.etch.compress.training.Labels;
import dev.etch.compress.training.Model;
import dev.etch.compress.training.Objective;
import dev.etch.compress.training.Trainer;
import dev.etch.compress.training.WithoutTraining;
import dev.etch.compress.training.pytorch.PyTorch;
import dev.etch.compress.training.pytorch.PyTorchInstallation;
import dev.etch.diagnostic.CompilerBug;
import dev.etch.diagnostic.Diagnostic;
import dev.etch.diagnostic.DiagnosticCollector;
import dev.etch.diagnostic.DiagnosticException;
import dev.etch.diagnostic.Location;
import dev.etch.graph.Graph;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code etch compress}: a float model and data to a compressed model. */
@Command(
    name = "compress",
    mixinStandardHelpOptions = true,
    description =
        "Compresses a float model: prunes and clusters its weights while it is trained, and "
            + "quantizes it. Behind each step the accuracy of the integers is measured by the "
            + "reference, and what the weights take in a file is counted from their code.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  etch compress --architecture lenet-300-100 --data train-images-idx3-ubyte.gz \\",
      "      --test t10k-images-idx3-ubyte.gz -o small.etch",
      "  etch compress float.onnx --data images.npz --test more.npz --preset safe -o safe.etch",
      "  etch compress float.onnx --data images.npz --preset fast --print-recipe > my.etch",
      "  etch compile small.etch --multipliers 32 -o hdl-out/small"
    })
final class CompressCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @ArgGroup(multiplicity = "1")
  private Given given;

  /** Names of {@link Architecture}s, for the help and the shell. */
  static final class Architectures extends ArrayList<String> {
    private static final long serialVersionUID = 1;

    Architectures() {
      super(Arrays.stream(Architecture.values()).map(Architecture::toString).toList());
    }
  }

  /** What is compressed. */
  static final class Given {
    @Parameters(paramLabel = "MODEL", description = "Float model file.")
    private Path model;

    @Option(
        names = "--architecture",
        paramLabel = "NAME",
        description = "Train one of Etch's own: ${COMPLETION-CANDIDATES}.",
        completionCandidates = Architectures.class)
    private String architecture;
  }

  @Mixin private ModelOptions reading;

  @Mixin private DataOptions data;

  @Mixin private RecipeOptions recipe;

  @Mixin private CompressionReport report;

  @Option(
      names = "--seed",
      paramLabel = "S",
      defaultValue = "1",
      description = "Seed of all that is random; ${DEFAULT-VALUE} if not given.")
  private long seed;

  @ArgGroup(multiplicity = "1")
  private Wanted wanted;

  /** What comes of it. */
  static final class Wanted {
    @Option(
        names = {"-o", "--output"},
        paramLabel = "FILE",
        required = true,
        description =
            "Model to write: .etch, Etch's text form, .etchz, the same as few bytes, or .onnx.")
    private Path output;

    @Option(
        names = "--print-recipe",
        required = true,
        description = "Print the recipe that the options stand for, for --recipe, and do nothing.")
    private boolean recipe;
  }

  @Option(
      names = "--checkpoints",
      paramLabel = "FOLDER",
      description =
          "Keep the state of training there: if the run is stopped, the same command goes on from it "
              + "and gives the same bytes. Remove the folder when you have them.")
  private Path checkpoints;

  @Override
  public Integer call() throws IOException {
    Console console = new Console(spec);
    if (wanted.recipe) {
      console.print(printedRecipe(console));
      return ExitCode.FINE;
    }
    OutputFile.requireWritable(wanted.output);
    ModelOutput.Form form = ModelOutput.form(wanted.output);
    report.requireWritable();
    boolean isNew = given.architecture != null;
    Dataset training = data.training(recipe.trains(isNew));
    Optional<Dataset> test = data.test();
    boolean needsPyTorch = recipe.trains(isNew) || test.filter(Dataset::isLabelled).isPresent();
    if (needsPyTorch) {
      PyTorchInstallation.require();
    }
    Network network = network(training, console);
    Recipe steps = recipe.recipe(network, isNew, training.item());
    StepResult last;
    try (Differentiator differentiator = needsPyTorch ? pytorch(network) : new WithoutTraining()) {
      last = compress(network, steps, training, test, differentiator, console);
    }
    OutputFile.write(wanted.output, file -> Files.write(file, form.bytes(last.quantized())));
    report.write(
        given.architecture == null ? given.model.toString() : given.architecture,
        spec.commandLine().getParseResult().originalArgs(),
        seed,
        RecipeText.print(steps, network));
    console.print(CompressionTable.layers(last));
    console.say("written to " + wanted.output + ", " + Files.size(wanted.output) + " bytes");
    return ExitCode.FINE;
  }

  private String printedRecipe(Console console) {
    boolean isNew = given.architecture != null;
    Dataset training = data.training(false);
    Network network = network(training, console);
    Recipe steps = recipe.recipe(network, isNew, training.item());
    return RecipeText.print(steps, network).stripTrailing();
  }

  private Network network(Dataset training, Console console) {
    if (given.architecture != null) {
      return architecture().build(training.item(), training.classes(), seed);
    }
    DiagnosticCollector diagnostics = new DiagnosticCollector();
    Graph graph = Pipeline.read(given.model, reading, diagnostics);
    diagnostics.diagnostics().stream().map(Diagnostic::toString).forEach(console::warn);
    return new Network(graph);
  }

  private static Differentiator pytorch(Network network) {
    PyTorch.check(network);
    return PyTorch.open();
  }

  private Architecture architecture() {
    for (Architecture known : Architecture.values()) {
      if (known.toString().equals(given.architecture)) {
        return known;
      }
    }
    throw new DiagnosticException(
        Location.option("--architecture"),
        "there is no '" + given.architecture + "'",
        "one of " + Arrays.toString(Architecture.values()));
  }

  private StepResult compress(
      Network network,
      Recipe steps,
      Dataset training,
      Optional<Dataset> test,
      Differentiator differentiator,
      Console console)
      throws IOException {
    if (checkpoints == null) {
      return compress(network, steps, training, test, differentiator, console, Checkpoints.NONE);
    }
    try (CheckpointFolder folder =
        CheckpointFolder.open(checkpoints, RunIdentity.of(spec, network, training))) {
      return compress(
          network,
          steps,
          training,
          test,
          differentiator,
          console,
          Checkpoints.in(folder, console::say));
    }
  }

  private StepResult compress(
      Network network,
      Recipe steps,
      Dataset training,
      Optional<Dataset> test,
      Differentiator differentiator,
      Console console,
      Checkpoints kept) {
    Items items = data.items(training, steps.normalization(), network, "--data");
    Optional<Items> tested =
        test.map(set -> data.items(set, steps.normalization(), network, "--test"));
    StepResult[] last = new StepResult[1];
    try (TrainingProgress progress = new TrainingProgress(console)) {
      Trainer trainer =
          new Trainer(
              differentiator, items, steps.augmentation(), objective(training), progress, kept);
      int threads = Runtime.getRuntime().availableProcessors();
      new Compression(trainer, tested, steps.quantization(), threads, progress)
          .run(
              Model.of(network),
              steps.steps(),
              seed,
              result -> {
                progress.finish();
                console.print(CompressionTable.step(result));
                report.add(result);
                last[0] = result;
              });
      report.add(trainer.curves());
    }
    return last[0];
  }

  private static Objective objective(Dataset training) {
    return training.isLabelled()
        ? new Labels(training.labels(), training.classes())
        : (numbers, batch) -> {
          throw new CompilerBug("training without labels");
        };
  }
}
