// SPDX-License-Identifier: Apache-2.0
package dev.etch.testbench;

import dev.etch.lower.LoweredModel;
import dev.etch.tensor.IntegerTensor;
import java.nio.file.Path;
import java.util.List;
import java.util.function.IntFunction;

/**
 * Simulates the Verilog of a lowered model and compares every output bit with the reference, and
 * the cycles with the prediction; if asked for, registers, interrupt and resets too. Frames are
 * dealt to several simulator processes in contiguous runs; each feeds its run back to back.
 */
public final class Verifier {
  private final VerifiedDesign design;

  /** Prepares to verify the {@code .v} files in a folder. */
  public Verifier(LoweredModel model, Path rtl, VerifyOptions options) {
    this.design = new VerifiedDesign(model, rtl, options);
  }

  /** Told how many frames are done; from any thread, one at a time. */
  public interface Progress {
    /** {@code done} of {@code total} frames are compared. */
    void frames(int done, int total);
  }

  /**
   * Verifies. Whatever is wrong with the Verilog is in the result.
   *
   * @param count frames, at least 1
   * @param frames the accelerator's input for frame i; called from several threads
   * @throws ToolMissingException if Verilator or g++ is not installed
   */
  public VerifyResult verify(int count, IntFunction<IntegerTensor> frames, Progress progress) {
    if (count < 1) {
      throw new IllegalArgumentException("at least one frame");
    }
    List<IntegerTensor> directed = design.options().directed();
    IntFunction<IntegerTensor> all = i -> i < count ? frames.apply(i) : directed.get(i - count);
    Verification verification =
        new Verification(design, count, count + directed.size(), all, progress);
    verification.run();
    return verification.result();
  }
}
