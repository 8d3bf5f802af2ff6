// SPDX-License-Identifier: Apache-2.0
package dev.etch.testbench;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.etch.diagnostic.DiagnosticCollector;
import dev.etch.exact.Headroom;
import dev.etch.graph.PartitionedModel;
import dev.etch.hardware.Design;
import dev.etch.hardware.RegisterMap;
import dev.etch.hardware.RomContents;
import dev.etch.hardware.Target;
import dev.etch.hardware.WeightFile;
import dev.etch.hardware.WeightImage;
import dev.etch.hardware.WordSource;
import dev.etch.hardware.verilog.LoadableVerilog;
import dev.etch.hardware.verilog.VerilogGenerator;
import dev.etch.lower.Arithmetic;
import dev.etch.lower.Folding;
import dev.etch.lower.LoadedArithmetic;
import dev.etch.lower.LoweredModel;
import dev.etch.optimize.StandardPasses;
import dev.etch.schedule.Budget;
import dev.etch.schedule.Mapping;
import dev.etch.schedule.Reload;
import dev.etch.schedule.ScheduledDesign;
import dev.etch.schedule.Scheduler;
import dev.etch.templates.driver.CompiledDriver;
import dev.etch.templates.driver.DriverOptions;
import dev.etch.templates.driver.DriverProject;
import dev.etch.templates.driver.ReferenceVector;
import dev.etch.tensor.IntegerTensor;
import dev.etch.text.GraphParser;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/** Weights of other trainings in the same hardware. */
class ReloadTest {
  private static final int FRAMES = 40;
  private static final long SEED = 7;

  /** A network with other numbers for each seed, and the same structure. */
  private static PartitionedModel model(long seed) {
    Random random = new Random(seed);
    // The weights of some take fewer bits.
    int most = seed % 2 == 0 ? 12 : 100;
    String text =
        """
        graph "reloaded"
        input %%image : uint8[1, 1, 6, 6]
        %%w1 = constant() {weights = DenseWeights{tensor = int8[2, 1, 3, 3] %s}} : int8[2, 1, 3, 3]
        %%b1 = constant() {weights = DenseWeights{tensor = int32[2] %s}} : int32[2]
        %%sum1 = integerConv2d(%%image, %%w1, %%b1) {window = Window{kernelHeight = 3, kernelWidth = 3, strideHeight = 1, strideWidth = 1, dilationHeight = 1, dilationWidth = 1, padTop = 0, padLeft = 0, padBottom = 0, padRight = 0}, layout = NCHW, groups = 1, inputZeroPoint = 0} : int32[1, 2, 4, 4] named "convolution"
        %%map = requantize(%%sum1) {channels = [ScaleThenRound{scale = %s, zeroPoint = -128, low = -128, high = 127}], channelAxis = 1, output = int8} : int8[1, 2, 4, 4]
        %%pooled = maxPool2d(%%map) {window = Window{kernelHeight = 2, kernelWidth = 2, strideHeight = 2, strideWidth = 2, dilationHeight = 1, dilationWidth = 1, padTop = 0, padLeft = 0, padBottom = 0, padRight = 0}, layout = NCHW} : int8[1, 2, 2, 2] named "pool"
        %%flat = reshape(%%pooled) {shape = [1, 8]} : int8[1, 8]
        %%w2 = constant() {weights = DenseWeights{tensor = int8[3, 8] %s}} : int8[3, 8]
        %%sum2 = integerDense(%%flat, %%w2) {inputZeroPoint = -128} : int32[1, 3] named "dense"
        %%scores = requantize(%%sum2) {channels = [ScaleThenRound{scale = %s, zeroPoint = %d, low = -128, high = 127}], channelAxis = 1, output = int8} : int8[1, 3]
        output %%scores
        """
            .formatted(
                weights(random, 18, most),
                List.of(random.nextInt(101) - 50, random.nextInt(101) - 50),
                scale(random, 0.008),
                weights(random, 24, most),
                scale(random, 0.02),
                random.nextInt(21) - 10);
    DiagnosticCollector diagnostics = new DiagnosticCollector();
    return StandardPasses.prepare(GraphParser.parse("reloaded.etch", text), diagnostics);
  }

  private static String scale(Random random, double about) {
    return Float.toString((float) (about * (0.8 + 0.4 * random.nextDouble())));
  }

  /** A third of them 0, never the same third. */
  private static List<Integer> weights(Random random, int count, int most) {
    List<Integer> weights = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      weights.add(random.nextInt(3) == 0 ? 0 : random.nextInt(2 * most + 1) - most);
    }
    return weights;
  }

  @ParameterizedTest
  @EnumSource(names = {"ROM", "LOADED"})
  void takesOtherWeightsAndNothingElse(WordSource words, @TempDir Path folder) throws IOException {
    Trainings trainings = Trainings.of(4, words, folder);
    for (int i = 1; i < trainings.designs.size(); i++) {
      assertEquals(trainings.structure(0), trainings.structure(i));
      assertEquals(trainings.designs.get(0).prediction(), trainings.designs.get(i).prediction());
    }
    try (SimulatedAccelerator accelerator = trainings.started()) {
      assertEqualFrames(accelerator, trainings.designs.get(0));
      for (int i : List.of(1, 2, 3, 0)) {
        WeightImage image = trainings.images.get(i);
        assertTrue(new WeightLoader(accelerator).load(image), "image " + i);
        assertEquals(image.crc(), accelerator.readRegister(RegisterMap.LOAD_IMAGE.offset()));
        assertEqualFrames(accelerator, trainings.designs.get(i));
      }
    }
  }

  @Test
  void refusesDamagedAndForeignImagesAndKeepsTheOld(@TempDir Path folder) throws IOException {
    Trainings trainings = Trainings.of(2, WordSource.LOADED, folder);
    WeightImage image = trainings.images.get(1);
    Random random = new Random(5);
    try (SimulatedAccelerator accelerator = trainings.started()) {
      WeightLoader loader = new WeightLoader(accelerator);
      loader.hold();
      for (int i = 0; i < 200; i++) {
        WeightImage damaged = damaged(image, i, random);
        // A bit that flips on the way, or a file whose CRC was made to fit.
        int crc = damaged.words() == image.words() && i % 4 != 3 ? image.crc() : damaged.crc();
        assertFalse(loader.pass(damaged, crc, false), "damage " + i);
        assertFalse(loader.status("checked"), "damage " + i);
        assertFalse(loader.pass(damaged, crc, true), "damage " + i);
      }
      loader.release();
      assertEquals(0, accelerator.readRegister(RegisterMap.LOAD_IMAGE.offset()));
      assertEqualFrames(accelerator, trainings.designs.get(0));
      assertTrue(loader.load(image));
      assertEqualFrames(accelerator, trainings.designs.get(1));
    }
  }

  /** Weights come while frames do: those that have begun end with the old ones. */
  @Test
  void noFrameSeesWeightsOfTwoTrainings(@TempDir Path folder) throws IOException {
    Trainings trainings = Trainings.of(2, WordSource.LOADED, folder);
    ScheduledDesign first = trainings.designs.get(0);
    AcceleratorPorts ports = AcceleratorPorts.of(first.lowered());
    List<byte[]> fed = frames(first).stream().map(ports::pack).toList();
    List<byte[]> old = expected(first);
    List<byte[]> loaded = expected(trainings.designs.get(1));
    long idle = Limits.DEFAULT.idleCycles();
    long most = 3 * first.prediction().latencyCycles();
    for (long cycles = 0; cycles < most; cycles += 1 + most / 20) {
      try (SimulatedAccelerator accelerator = trainings.started()) {
        fed.forEach(frame -> accelerator.send(frame, true));
        accelerator.run(cycles);
        int hold = RegisterMap.LOAD_CONTROL.field("hold").mask();
        accelerator.writeRegister(RegisterMap.LOAD_CONTROL.offset(), hold);
        byte[] before = accelerator.receive(Long.MAX_VALUE, idle).beats();
        int begun = before.length / old.get(0).length;
        assertTrue(begun < FRAMES, "after " + cycles);
        assertFrames(old.subList(0, begun), before);
        assertTrue(new WeightLoader(accelerator).load(trainings.images.get(1)));
        byte[] behind = accelerator.receive(Long.MAX_VALUE, idle).beats();
        assertFrames(loaded.subList(begun, FRAMES), behind);
      }
    }
  }

  private static void assertFrames(List<byte[]> expected, byte[] got) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    expected.forEach(all::writeBytes);
    assertArrayEquals(all.toByteArray(), got);
  }

  private static List<byte[]> expected(ScheduledDesign design) {
    AcceleratorPorts ports = AcceleratorPorts.of(design.lowered());
    VerifiedDesign reference = verified(design, Path.of(""));
    return frames(design).stream()
        .map(frame -> ports.packOutput(reference.expected(frame)))
        .toList();
  }

  /** What was written in part is used by no frame. */
  @Test
  void runsNothingBehindAnImageThatWasWrittenInPart(@TempDir Path folder) throws IOException {
    Trainings trainings = Trainings.of(2, WordSource.LOADED, folder);
    WeightImage image = trainings.images.get(1);
    try (SimulatedAccelerator accelerator = trainings.started()) {
      WeightLoader loader = new WeightLoader(accelerator);
      loader.hold();
      assertTrue(loader.pass(image, image.crc(), false));
      assertFalse(loader.pass(damaged(image, 0, new Random(3)), image.crc(), true));
      loader.release();
      assertTrue(loader.status("broken"));
      AcceleratorPorts ports = AcceleratorPorts.of(trainings.designs.get(1).lowered());
      accelerator.send(ports.pack(frames(trainings.designs.get(1)).get(0)), true);
      assertEquals(0, accelerator.receive(1, 5000).last().length);
      assertEquals(0, accelerator.status().beatsIn());
    }
    try (SimulatedAccelerator accelerator = trainings.started()) {
      WeightLoader loader = new WeightLoader(accelerator);
      loader.hold();
      assertTrue(loader.pass(image, image.crc(), false));
      assertFalse(loader.pass(damaged(image, 0, new Random(3)), image.crc(), true));
      assertTrue(loader.load(image));
      assertEqualFrames(accelerator, trainings.designs.get(1));
    }
  }

  /** The driver of another training, on the hardware of the first. */
  @Test
  void theGeneratedDriverLoadsThem(@TempDir Path folder) throws Exception {
    Trainings trainings = Trainings.of(2, WordSource.LOADED, folder);
    LoweredModel lowered = trainings.designs.get(1).lowered();
    WeightFile weights =
        new WeightFile(trainings.images.get(1), DriverProject.hostHash(lowered.model()), "");
    DriverOptions options =
        new DriverOptions(
            TestCompiler.DESIGN_HASH,
            trainings.designs.get(1).prediction().latencyCycles(),
            List.of(),
            vectors(lowered),
            Optional.of(weights));
    CompiledDriver driver =
        CompiledDriver.compile(
            DriverProject.generate(lowered, options),
            DriverProject.modelClass(lowered.model().whole().name()),
            folder.resolve("driver"));
    System.setProperty("etch.simulator", trainings.first().build(FRAMES).toString());
    try {
      TestExecutionSummary summary = driver.test("LoadedWeightsTest");
      StringWriter failures = new StringWriter();
      summary.printFailuresTo(new PrintWriter(failures, true));
      assertEquals(2, summary.getTestsSucceededCount(), failures::toString);
    } finally {
      System.clearProperty("etch.simulator");
    }
  }

  private static List<ReferenceVector> vectors(LoweredModel lowered) {
    VerifiedDesign reference =
        new VerifiedDesign(lowered, Path.of(""), VerifyOptions.standard(Path.of("")));
    return RandomNetwork.frames(lowered.model(), FRAMES, SEED).stream()
        .map(
            frame -> {
              IntegerTensor result = reference.expected(frame);
              return new ReferenceVector(frame, frame, result, result);
            })
        .toList();
  }

  /** Another word, a segment too few, too many words, or the hash of another design. */
  static WeightImage damaged(WeightImage image, int kind, Random random) {
    List<WeightImage.Segment> segments = new ArrayList<>(image.segments());
    int at = random.nextInt(segments.size());
    WeightImage.Segment segment = segments.get(at);
    int[] words = segment.words().clone();
    switch (kind % 4) {
      case 0 -> {
        words[random.nextInt(words.length)] ^= 1 << random.nextInt(8);
        segments.set(at, new WeightImage.Segment(segment.address(), words));
      }
      case 1 -> segments.remove(at);
      case 2 -> segments.add(segment);
      default -> {
        return new WeightImage(image.designHash() ^ 1 << random.nextInt(32), segments);
      }
    }
    return new WeightImage(image.designHash(), segments);
  }

  /**
   * Networks of one structure, each with the hardware that is made of it alone and its image for
   * that of the first.
   */
  private static final class Trainings {
    private final List<ScheduledDesign> designs = new ArrayList<>();
    private final List<Path> folders = new ArrayList<>();
    private final List<WeightImage> images = new ArrayList<>();
    private final List<String> structures = new ArrayList<>();

    static Trainings of(int count, WordSource words, Path folder) {
      Headroom headroom = new Headroom(1);
      Trainings trainings = new Trainings();
      Mapping open =
          Mapping.of(Target.GENERIC, Optional.of(new Budget.Multipliers(3)))
              .withReload(new Reload(1));
      Arithmetic.Analysis any = LoadedArithmetic.within(new Headroom(1));
      Map<String, Folding> layers =
          new HashMap<>(
              Scheduler.schedule(model(1), any, open, new DiagnosticCollector())
                  .mapping()
                  .layers());
      layers.computeIfPresent("convolution", (layer, folding) -> folding.withWords(words));
      layers.computeIfPresent("dense", (layer, folding) -> folding.withWords(words));
      trainings.add(1, LoadedArithmetic.within(headroom), open.withLayers(layers), folder);
      for (int seed = 2; seed <= count; seed++) {
        Mapping mapping = trainings.designs.get(0).mapping();
        trainings.add(seed, LoadedArithmetic.within(headroom.limits()), mapping, folder);
      }
      return trainings;
    }

    private void add(long seed, Arithmetic.Analysis analysis, Mapping mapping, Path folder) {
      ScheduledDesign design =
          Scheduler.schedule(model(seed), analysis, mapping, new DiagnosticCollector());
      Path rtl = folder.resolve("rtl" + seed);
      Design built = design.lowered().design();
      VerilogGenerator.generate(
          built, "test", rtl, TestCompiler.DESIGN_HASH, RomContents.IN_VERILOG, mapping.target());
      assertEquals(BuiltMemories.counted(built), BuiltMemories.ofVerilog(rtl));
      designs.add(design);
      folders.add(rtl);
      LoadableVerilog loadable = LoadableVerilog.of(built, TestCompiler.DESIGN_HASH);
      images.add(loadable.image());
      structures.add(loadable.structure());
    }

    String structure(int number) {
      return structures.get(number);
    }

    /** The hardware of the first. */
    VerifiedDesign first() {
      return verified(designs.get(0), folders.get(0));
    }

    SimulatedAccelerator started() {
      return first().started(first().build(FRAMES));
    }
  }

  private static List<IntegerTensor> frames(ScheduledDesign design) {
    return RandomNetwork.frames(design.lowered().model(), FRAMES, SEED);
  }

  static void assertEqualFrames(SimulatedAccelerator accelerator, ScheduledDesign design) {
    AcceleratorPorts ports = AcceleratorPorts.of(design.lowered());
    VerifiedDesign reference = verified(design, Path.of(""));
    List<IntegerTensor> frames = frames(design);
    List<FrameResult> results =
        accelerator.runFrames(
            frames.stream().map(ports::pack).toList(),
            ports.outputLayout().beatsPerFrame(),
            Limits.DEFAULT);
    for (int i = 0; i < FRAMES; i++) {
      assertArrayEquals(
          reference.expected(frames.get(i)).data(), ports.unpack(results.get(i).output()), "" + i);
    }
  }

  private static VerifiedDesign verified(ScheduledDesign design, Path rtl) {
    VerifyOptions options =
        VerifyOptions.standard(rtl).withPredicted(TestCompiler.predicted(design));
    return new VerifiedDesign(design.lowered(), rtl, options);
  }
}
