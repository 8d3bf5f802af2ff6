// SPDX-License-Identifier: Apache-2.0
package dev.etch.testbench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.etch.lower.LoweredModel;
import dev.etch.schedule.Counting;
import dev.etch.tensor.IntegerTensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Verification of the hand-written design: it finds what is right and what is wrong. */
class VerifierTest {
  private static final Timing RIGHT = new Timing(5, 4, Counting.STANDARD);
  private static final int CYCLES = 1000;
  private final LoweredModel model = IncrementModel.lowered();
  @TempDir Path folder;

  @Test
  void aRightDesignPasses() {
    List<IntegerTensor> frames = IncrementModel.frames(100);
    List<Integer> progress = new ArrayList<>();
    VerifyOptions options =
        VerifyOptions.standard(folder).withJobs(3).withPredicted(RIGHT).keepingOutputs();
    VerifyResult result =
        new Verifier(model, TestDesigns.rtl("increment"), options)
            .verify(frames.size(), frames::get, (done, total) -> progress.add(done));
    assertTrue(result.passed(), result.toString());
    assertEquals(Optional.of(RIGHT), result.measured());
    assertEquals(800, result.outputsCompared());
    assertEquals(100, progress.size());
    for (int i = 0; i < 8; i++) {
      assertEquals(frames.get(42).data()[i] + 1, result.outputs().get(42).get(0).data()[i]);
    }
  }

  @Test
  void stallsChangeNothing() {
    List<IntegerTensor> frames = IncrementModel.frames(50);
    for (long seed = 0; seed < 3; seed++) {
      VerifyOptions options =
          VerifyOptions.standard(folder).withStalls(Stalls.both(0.5, seed)).withPredicted(RIGHT);
      VerifyResult result =
          new Verifier(model, TestDesigns.rtl("increment"), options)
              .verify(frames.size(), frames::get, (done, total) -> {});
      assertTrue(result.passed(), result.toString());
      assertTrue(result.simulatedCycles() > 50 * 6, result.toString());
    }
  }

  @Test
  void aWrongPredictionFails() {
    List<IntegerTensor> frames = IncrementModel.frames(1);
    VerifyOptions options =
        VerifyOptions.standard(folder).withPredicted(new Timing(5, 3, Counting.STANDARD));
    VerifyResult result =
        new Verifier(model, TestDesigns.rtl("increment"), options)
            .verify(1, frames::get, (done, total) -> {});
    assertTrue(result.bitsEqual());
    assertFalse(result.passed());
  }

  @Test
  void aDifferenceThatNoOutputShowsIsNamedToo() throws IOException {
    LoweredModel hiding =
        TestCompiler.compile(IncrementModel.thenRounded(), 4, folder.resolve("rtl")).lowered();
    Path top = folder.resolve("rtl").resolve(hiding.design().name() + ".v");
    Matcher pushed =
        Pattern.compile("\\((unit_\\w*plus_one_output_payload)\\[\\d+:0\\] *\\)")
            .matcher(Files.readString(top));
    assertTrue(pushed.find());
    String wrong = "(%1$s + (%1$s[7:0] == 8'd77))".formatted(pushed.group(1));
    Files.writeString(top, pushed.replaceFirst(Matcher.quoteReplacement(wrong)));

    List<IntegerTensor> frames = IncrementModel.frames(100);
    VerifyOptions options = VerifyOptions.standard(folder.resolve("waves"));
    assertTrue(
        new Verifier(hiding, folder.resolve("rtl"), options)
            .verify(100, frames::get, (done, total) -> {})
            .passed(),
        "the sum is rounded to hundreds");
    VerifyResult result =
        new Verifier(hiding, folder.resolve("rtl"), options.withDirected(frames))
            .verify(1, frames::get, (done, total) -> {});
    assertFalse(result.passed());
    assertTrue(result.bitsEqual(), result.toString());
    assertTrue(result.fault().orElseThrow().description().contains("takes other values"));
    Divergence divergence = result.divergence().orElseThrow();
    assertEquals("plus_one", divergence.layer());
    assertEquals(77, divergence.expected());
    assertEquals(Optional.of(78), divergence.actual());
    int first =
        IntStream.range(0, 100)
            .filter(f -> Arrays.stream(frames.get(f).data()).anyMatch(x -> x == 76))
            .findFirst()
            .orElseThrow();
    assertEquals(1 + first, divergence.frame());
    assertTrue(Files.exists(divergence.waveform()));
  }

  @Test
  void aWrongUnitIsNamedWithFrameIndexAndWaveform() throws IOException {
    Path rtl = altered("high_sum, low_sum}", "high_sum, low_sum == 8'd77 ? 8'd78 : low_sum}");
    List<IntegerTensor> frames = IncrementModel.frames(100);
    int wrong = firstWith(frames, 76, 1);
    for (Stalls stalls : List.of(Stalls.NONE, Stalls.both(0.4, 9))) {
      VerifyOptions options = VerifyOptions.standard(folder.resolve("waves")).withStalls(stalls);
      VerifyResult result =
          new Verifier(model, rtl, options).verify(100, frames::get, (done, total) -> {});
      assertFalse(result.passed());
      Mismatch mismatch = result.firstMismatch().orElseThrow();
      assertEquals(wrong, mismatch.frame());
      assertEquals(77, mismatch.expected());
      assertEquals(78, mismatch.actual());
      Divergence divergence = result.divergence().orElseThrow();
      assertEquals("map", divergence.unit());
      assertEquals("plus_one", divergence.layer());
      assertEquals("sums", divergence.stream());
      assertEquals(wrong, divergence.frame());
      assertEquals(77, divergence.expected());
      assertEquals(Optional.of(78), divergence.actual());
      int index = 0;
      for (int c : divergence.coordinates()) {
        index = 2 * index + c;
      }
      assertEquals(76, frames.get(wrong).data()[index], divergence.toString());
      assertTrue(Files.readString(divergence.waveform()).contains("queue_sums"));
    }
  }

  @Test
  void aWrongInputPortIsNamed() throws IOException {
    Path rtl = altered(".push_payload(s_axis_tdata)", ".push_payload(s_axis_tdata | 16'd1)");
    List<IntegerTensor> frames = IncrementModel.frames(10);
    VerifyResult result =
        new Verifier(model, rtl, VerifyOptions.standard(folder))
            .verify(10, frames::get, (done, total) -> {});
    assertEquals("pixels", result.divergence().orElseThrow().stream());
    assertEquals("the input port", result.divergence().orElseThrow().unit());
  }

  @Test
  void resetInTheMiddleOfAFrame() {
    ResetCheck check =
        new ResetCheck(
            model,
            TestDesigns.rtl("increment"),
            Stalls.both(0.3, 2),
            SimulatorCache.standard(),
            CYCLES);
    List<IntegerTensor> frames = IncrementModel.frames(8);
    for (ResetCheck.Kind kind : ResetCheck.Kind.values()) {
      for (int beats = 1; beats < 4; beats++) {
        assertEquals(0, check.mismatches(frames, 3, beats, kind));
      }
    }
  }

  @Test
  void aResetThatForgetsNothingIsFound() throws IOException {
    Path rtl = altered("wire       clear = !aresetn || soft_reset;", "wire clear = !aresetn;");
    ResetCheck check = new ResetCheck(model, rtl, Stalls.NONE, SimulatorCache.standard(), CYCLES);
    List<IntegerTensor> frames = IncrementModel.frames(8);
    assertTrue(check.mismatches(frames, 3, 2, ResetCheck.Kind.REGISTER) > 0);
  }

  @Test
  void aDesignThatDoesNotBuildIsReported() throws IOException {
    Path rtl = altered("endmodule", "endmodul");
    VerifyResult result =
        new Verifier(model, rtl, VerifyOptions.standard(folder))
            .verify(1, i -> IncrementModel.frames(1).get(0), (done, total) -> {});
    assertFalse(result.passed());
    assertTrue(result.fault().orElseThrow().description().contains("does not build"));
  }

  @Test
  void aDesignThatHangsLateIsAFaultWithAPlace() throws IOException {
    Path rtl =
        altered("wire        has_space;", "wire has_space; wire hangs = frames == 32'd20;\n")
            .getParent()
            .resolve("rtl");
    String text = Files.readString(rtl.resolve("increment.v"));
    Files.writeString(
        rtl.resolve("increment.v"),
        text.replace("head_valid && !fault[3]", "head_valid && !hangs && !fault[3]"));
    List<IntegerTensor> frames = IncrementModel.frames(100);
    VerifyResult result =
        new Verifier(model, rtl, VerifyOptions.standard(folder).withPredicted(RIGHT).withJobs(2))
            .verify(100, frames::get, (done, total) -> {});
    assertFalse(result.passed());
    assertTrue(result.fault().orElseThrow().description().contains("cycle"), result.toString());
  }

  @Test
  void directedFramesAreComparedToo() throws IOException {
    Path rtl = altered("high_sum, low_sum}", "high_sum, low_sum == 8'd77 ? 8'd78 : low_sum}");
    List<IntegerTensor> frames = IncrementModel.frames(100);
    int wrong = firstWith(frames, 76, 1);
    VerifyResult result =
        new Verifier(
                model,
                rtl,
                VerifyOptions.standard(folder).withDirected(frames.subList(wrong, wrong + 1)))
            .verify(1, i -> frames.get(wrong == 0 ? 1 : 0), (done, total) -> {});
    assertEquals(1, result.directedFrames());
    assertEquals("map", result.divergence().orElseThrow().unit());
  }

  private Path altered(String from, String to) throws IOException {
    String text = Files.readString(TestDesigns.rtl("increment").resolve("increment.v"));
    assertTrue(text.contains(from));
    Path rtl = Files.createDirectories(folder.resolve("rtl"));
    Files.writeString(rtl.resolve("increment.v"), text.replace(from, to));
    return rtl;
  }

  /** First frame with the value at an even stream position, which travels in the low byte. */
  private static int firstWith(List<IntegerTensor> frames, int value, int odd) {
    for (int f = 0; f < frames.size(); f++) {
      int[] data = frames.get(f).data();
      for (int i = odd; i < data.length; i += 2) {
        if (data[i] == value) {
          return f;
        }
      }
    }
    throw new AssertionError("choose another value");
  }
}
