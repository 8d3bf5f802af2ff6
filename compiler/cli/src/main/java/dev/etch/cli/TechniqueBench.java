// SPDX-License-Identifier: Apache-2.0
package dev.etch.cli;

import dev.etch.area.Area;
import dev.etch.compress.data.Augmentation;
import dev.etch.compress.data.DataFiles;
import dev.etch.compress.data.Dataset;
import dev.etch.compress.data.Normalization;
import dev.etch.compress.network.Architecture;
import dev.etch.compress.network.Network;
import dev.etch.compress.recipe.Compression;
import dev.etch.compress.recipe.StepResult;
import dev.etch.compress.recipe.Technique;
import dev.etch.compress.recipe.Train;
import dev.etch.compress.training.Items;
import dev.etch.compress.training.Labels;
import dev.etch.compress.training.Model;
import dev.etch.compress.training.Trainer;
import dev.etch.compress.training.TrainingPlan;
import dev.etch.compress.training.pytorch.PyTorch;
import dev.etch.compress.training.pytorch.PyTorchInstallation;
import dev.etch.diagnostic.DiagnosticCollector;
import dev.etch.diagnostic.DiagnosticException;
import dev.etch.hardware.Target;
import dev.etch.schedule.Budget;
import dev.etch.schedule.Mapping;
import dev.etch.text.GraphParser;
import dev.etch.text.GraphPrinter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * {@code etch bench --techniques}: what each technique of compression alone makes of a LeNet-5, in
 * bytes, accuracy and hardware.
 */
final class TechniqueBench {
  private static final String TRAIN = "train-images-idx3-ubyte.gz";
  private static final String TEST = "t10k-images-idx3-ubyte.gz";

  private final Console console;
  private final Path data;
  private final int baseEpochs;
  private final int epochs;
  private final int multipliers;
  private final long seed;

  /**
   * A bench.
   *
   * @param data folder of IDX files with the names of MNIST's
   * @param baseEpochs of the training of the float model
   * @param epochs of the training of each technique
   * @param multipliers that designs are compiled for
   */
  TechniqueBench(
      Console console, Path data, int baseEpochs, int epochs, int multipliers, long seed) {
    this.console = console;
    this.data = data;
    this.baseEpochs = baseEpochs;
    this.epochs = epochs;
    this.multipliers = multipliers;
    this.seed = seed;
  }

  /**
   * A line of the table; its components are keys of the JSON.
   *
   * @param weights of all layers, zeros too
   * @param kept weights that are not zero
   * @param bytes of the coded model
   * @param ratio bytes of the base's parameters as float32, over these
   * @param floatAccuracy on the test set, 0 to 1, before what is left is quantized
   * @param accuracy of the integers, by the reference
   * @param points that accuracy is above the base's as float32
   * @param cycles of a frame, luts and blocks (of 36 kbit) as estimated for xc7; null if it does
   *     not compile
   */
  record Row(
      String technique,
      long weights,
      long kept,
      long bytes,
      double ratio,
      double floatAccuracy,
      double accuracy,
      double points,
      Long cycles,
      Long luts,
      Double blocks,
      double seconds) {}

  /**
   * Measures techniques.
   *
   * @param base file of the float model that they begin with; it is trained and written if it does
   *     not exist, and only trained if none is given
   */
  int run(List<Technique> techniques, Optional<Path> base, boolean json) throws IOException {
    PyTorchInstallation.require();
    Dataset training = DataFiles.read(data.resolve(TRAIN), Optional.empty());
    Dataset test = DataFiles.read(data.resolve(TEST), Optional.empty());
    Network untrained = Architecture.LENET_5.build(training.item(), training.classes(), seed);
    List<Row> rows = new ArrayList<>();
    try (PyTorch pytorch = PyTorch.open();
        TrainingProgress progress = new TrainingProgress(console)) {
      Trainer trainer =
          new Trainer(
              pytorch,
              items(training, untrained),
              Augmentation.NONE,
              new Labels(training.labels(), training.classes()),
              progress);
      Model trained = base(untrained, base, trainer);
      progress.finish();
      Items tested = items(test, untrained);
      double given = trainer.accuracy(trained, tested, 500);
      console.say(String.format(Locale.ROOT, "the float model is %.2f %% right", 100 * given));
      for (Technique technique : techniques) {
        rows.add(measure(technique, trained, untrained, given, trainer, tested, progress));
        console.say(line(rows.get(rows.size() - 1)));
      }
    }
    console.print(json ? Json.print(rows) : markdown(rows));
    return ExitCode.FINE;
  }

  private Items items(Dataset set, Network network) {
    return new Items(set, Normalization.TO_ONE, network.input().type().shape(), data.toString());
  }

  private Model base(Network untrained, Optional<Path> file, Trainer trainer) throws IOException {
    if (file.isPresent() && Files.exists(file.get())) {
      return Model.of(
          new Network(GraphParser.parse(file.get().toString(), Files.readString(file.get()))));
    }
    Model trained =
        new Train(TrainingPlan.adam(baseEpochs, 1e-3f)).apply(Model.of(untrained), trainer, seed);
    if (file.isPresent()) {
      String text = GraphPrinter.print(trained.network().graph());
      OutputFile.write(file.get(), path -> Files.writeString(path, text));
    }
    return trained;
  }

  private Row measure(
      Technique technique,
      Model trained,
      Network untrained,
      double given,
      Trainer trainer,
      Items tested,
      TrainingProgress progress) {
    long start = System.nanoTime();
    Compression compression =
        new Compression(trainer, Optional.of(tested), technique.quantization(), 1, progress);
    StepResult result =
        compression.result(
            technique.toString(),
            technique.begin(trained, untrained),
            technique.steps(trained.network(), epochs),
            seed);
    progress.finish();
    Optional<Compilation> design = compile(result);
    double accuracy = result.accuracy().orElseThrow().share();
    return new Row(
        technique.toString(),
        result.size().weights(),
        result.size().kept(),
        result.size().bytes(),
        (double) Compression.floatBytes(trained) / result.size().bytes(),
        result.floatAccuracy().orElseThrow(),
        accuracy,
        100 * (accuracy - given),
        design.map(d -> d.scheduled().prediction().cyclesPerFrame()).orElse(null),
        design.map(d -> d.area().total().wholeLuts()).orElse(null),
        design.map(d -> d.area().total().blocks() / Area.partsOfBlock(Target.XC7)).orElse(null),
        (System.nanoTime() - start) / 1e9);
  }

  private Optional<Compilation> compile(StepResult result) {
    Mapping mapping = Mapping.of(Target.XC7, Optional.of(new Budget.Multipliers(multipliers)));
    try {
      return Optional.of(
          Pipeline.compile(result.quantized(), mapping, false, new DiagnosticCollector()));
    } catch (DiagnosticException refused) {
      refused.diagnostics().forEach(diagnostic -> console.warn(diagnostic.toString()));
      return Optional.empty();
    }
  }

  private static String markdown(List<Row> rows) {
    StringBuilder text = new StringBuilder();
    text.append("| technique | weights | kept | bytes | float32 / this | float | integers | ");
    text.append("points | cycles | LUT | BRAM36 | s |\n");
    text.append("|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|\n");
    rows.forEach(row -> text.append(line(row)).append('\n'));
    return text.toString().stripTrailing();
  }

  private static String line(Row row) {
    return String.format(
        Locale.ROOT,
        "| %s | %,d | %,d | %,d | %.1f | %.2f %% | %.2f %% | %+.2f | %s | %s | %s | %.0f |",
        row.technique(),
        row.weights(),
        row.kept(),
        row.bytes(),
        row.ratio(),
        100 * row.floatAccuracy(),
        100 * row.accuracy(),
        row.points(),
        row.cycles() == null ? "–" : number(row.cycles()),
        row.luts() == null ? "–" : number(row.luts()),
        row.blocks() == null ? "–" : String.format(Locale.ROOT, "%.1f", row.blocks()),
        row.seconds());
  }

  private static String number(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }
}
