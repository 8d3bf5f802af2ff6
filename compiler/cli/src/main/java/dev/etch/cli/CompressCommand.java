// SPDX-License-Identifier: Apache-2.0
package dev.etch.cli;

import dev.etch.compress.data.Dataset;
import dev.etch.compress.network.Architecture;
import dev.etch.compress.network.Network;
import dev.etch.compress.recipe.Compression;
import dev.etch.compress.recipe.Recipe;
import dev.etch.compress.recipe.Step;
import dev.etch.compress.recipe.StepResult;
import dev.etch.compress.recipe.text.RecipeText;
import dev.etch.compress.search.HeldOut;
import dev.etch.compress.search.Limits;
import dev.etch.compress.search.Price;
import dev.etch.compress.search.SparsitySearch;
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
import dev.etch.text.MappingPrinter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
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

  @Mixin private SearchOptions search;

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
    Optional<CompiledPricing> pricing = search.mapping().map(CompiledPricing::new);
    search.frontier().ifPresent(OutputFile::requireWritable);
    search.mappingOutput().ifPresent(OutputFile::requireWritable);
    boolean isNew = given.architecture != null;
    Dataset training = data.training(recipe.trains(isNew));
    Optional<Dataset> test = data.test();
    boolean needsPyTorch = recipe.trains(isNew) || test.filter(Dataset::isLabelled).isPresent();
    if (needsPyTorch) {
      PyTorchInstallation.require();
    }
    Network network = network(training, console);
    Recipe steps = recipe.recipe(network, isNew, training.item());
    Outcome outcome;
    try (Differentiator differentiator = needsPyTorch ? pytorch(network) : new WithoutTraining()) {
      outcome = compress(network, steps, training, test, differentiator, console);
    }
    StepResult last = outcome.last();
    printPrices(pricing, outcome, console);
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

  /** What hardware takes before and after, and the mapping of what there is now. */
  private void printPrices(Optional<CompiledPricing> pricing, Outcome outcome, Console console)
      throws IOException {
    if (pricing.isEmpty()) {
      return;
    }
    console.print("before: " + words(pricing.get().of(outcome.before().quantized())));
    Optional<Compilation> design = pricing.get().design(outcome.last().quantized());
    console.print("now:    " + words(design.map(CompiledPricing::price)));
    if (search.mappingOutput().isPresent() && design.isPresent()) {
      String text = MappingPrinter.print(design.get().scheduled().mapping());
      OutputFile.write(search.mappingOutput().get(), file -> Files.writeString(file, text));
    }
  }

  private static String words(Optional<Price> price) {
    return price.map(FrontierTable::words).orElse("does not fit");
  }

  private static DiagnosticException tooMuch() {
    return new DiagnosticException(
        Location.option("a search"),
        "no model was found that keeps all limits; those that came nearest are in the table above",
        "allow more cycles, bytes or loss, or train for more epochs");
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

  /**
   * What came of it.
   *
   * @param before the given model, quantized
   * @param last the compressed one
   * @param model the same in float, with its teacher
   */
  private record Outcome(StepResult before, StepResult last, Model model) {}

  /** What is done, and what with. */
  private record Task(
      Network network,
      Recipe recipe,
      Dataset training,
      Optional<Dataset> test,
      Differentiator differentiator,
      Checkpoints checkpoints) {}

  private Outcome compress(
      Network network,
      Recipe steps,
      Dataset training,
      Optional<Dataset> test,
      Differentiator differentiator,
      Console console)
      throws IOException {
    if (checkpoints == null) {
      return run(
          new Task(network, steps, training, test, differentiator, Checkpoints.NONE), console);
    }
    try (CheckpointFolder folder =
        CheckpointFolder.open(checkpoints, RunIdentity.of(spec, network, training))) {
      Checkpoints kept = Checkpoints.in(folder, console::say);
      return run(new Task(network, steps, training, test, differentiator, kept), console);
    }
  }

  private Outcome run(Task task, Console console) throws IOException {
    try (TrainingProgress progress = new TrainingProgress(console)) {
      Optional<Limits> limits = search.limits();
      return limits.isPresent()
          ? search(task, limits.get(), progress, console)
          : compress(task, progress, console);
    }
  }

  private Outcome compress(Task task, TrainingProgress progress, Console console) {
    Trainer trainer = trainer(task, task.training(), progress);
    Outcome outcome = steps(task, trainer, task.recipe().steps(), progress, console);
    report.add(trainer.curves());
    return outcome;
  }

  private Outcome steps(
      Task task, Trainer trainer, List<Step> steps, TrainingProgress progress, Console console) {
    List<StepResult> results = new ArrayList<>();
    Model model =
        compression(task, trainer, progress)
            .run(
                Model.of(task.network()),
                steps,
                seed,
                result -> {
                  progress.finish();
                  console.print(CompressionTable.step(result));
                  report.add(result);
                  results.add(result);
                });
    return new Outcome(results.get(0), results.get(results.size() - 1), model);
  }

  private Trainer trainer(Task task, Dataset set, TrainingProgress progress) {
    Items items = data.items(set, task.recipe().normalization(), task.network(), "--data");
    return new Trainer(
        task.differentiator(),
        items,
        task.recipe().augmentation(),
        objective(set),
        progress,
        task.checkpoints());
  }

  private Compression compression(Task task, Trainer trainer, TrainingProgress progress) {
    Optional<Items> tested =
        task.test()
            .map(set -> data.items(set, task.recipe().normalization(), task.network(), "--test"));
    return new Compression(trainer, tested, task.recipe().quantization(), threads(), progress);
  }

  private static int threads() {
    return Runtime.getRuntime().availableProcessors();
  }

  /** A search in place of the step that prunes. */
  private Outcome search(Task task, Limits limits, TrainingProgress progress, Console console)
      throws IOException {
    PruningRecipe parts = PruningRecipe.of(task.recipe());
    HeldOut sets = data.heldOut(task.training());
    Trainer trainer = trainer(task, sets.training(), progress);
    Items chosenBy =
        data.items(sets.chosenBy(), task.recipe().normalization(), task.network(), "--validation");
    Outcome before = steps(task, trainer, parts.before(), progress, console);
    SparsitySearch.Result result =
        new SparsitySearch(
                trainer,
                chosenBy,
                task.recipe().quantization(),
                threads(),
                progress,
                new SparsitySearch.Settings(
                    limits,
                    new CompiledPricing(search.mapping().orElseThrow()),
                    parts.plan(),
                    parts.behind(),
                    seed),
                point -> {
                  progress.finish();
                  console.say("trained: " + FrontierTable.words(point.price()));
                })
            .run(before.model());
    console.print(FrontierTable.text(result));
    if (search.frontier().isPresent()) {
      String drawing = FrontierTable.svg(result);
      OutputFile.write(search.frontier().get(), file -> Files.writeString(file, drawing));
    }
    StepResult chosen =
        result.chosen().orElseThrow(CompressCommand::tooMuch).trained().orElseThrow();
    StepResult last =
        compression(task, trainer, progress).result("pruned", chosen.model(), List.of(), seed);
    progress.finish();
    console.print(CompressionTable.step(last));
    report.add(last);
    report.add(trainer.curves());
    return new Outcome(before.before(), last, chosen.model());
  }

  private static Objective objective(Dataset training) {
    return training.isLabelled()
        ? new Labels(training.labels(), training.classes())
        : (numbers, batch) -> {
          throw new CompilerBug("training without labels");
        };
  }
}
