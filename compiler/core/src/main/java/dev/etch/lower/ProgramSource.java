// SPDX-License-Identifier: Apache-2.0
package dev.etch.lower;

import dev.etch.hardware.MatrixProgram;
import dev.etch.hardware.Program;

/** Where the lowering gets static schedules from; they come checked. */
public interface ProgramSource {
  /** A schedule that computes every output of {@code problem} exactly once a pixel. */
  Program program(MacProblem problem);

  /**
   * The schedule of a matrix that computes every output of {@code problem} exactly once a frame.
   *
   * @param problem of one pixel; the addresses of its terms are elements of the frame
   * @param frame how it arrives
   */
  MatrixProgram matrix(MacProblem problem, FrameBeats frame);

  /**
   * The same of a matrix that consists of circulant blocks, with a {@linkplain
   * MatrixProgram#rotation rotation}.
   *
   * @param size rows and columns of a block
   */
  MatrixProgram rotated(MacProblem problem, FrameBeats frame, int size);
}
