// SPDX-License-Identifier: Apache-2.0
package dev.etch.lower;

import dev.etch.hardware.Program;

/** Where the lowering gets static schedules from; they come checked. */
public interface ProgramSource {
  /** A schedule that computes every output of {@code problem} exactly once a pixel. */
  Program program(MacProblem problem);
}
