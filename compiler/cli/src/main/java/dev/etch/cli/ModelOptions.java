// SPDX-License-Identifier: Apache-2.0
package dev.etch.cli;

import dev.etch.importer.Cut;
import dev.etch.importer.TfliteKernels;
import picocli.CommandLine.Mixin;

/** How a model is read: the options of every command that takes one. */
final class ModelOptions {
  @Mixin private CutOption cut = new CutOption();

  @Mixin private StrictOption strictness = new StrictOption();

  @Mixin private KernelOption kernels = KernelOption.current();

  Cut cut() {
    return cut.cut();
  }

  boolean strict() {
    return strictness.strict();
  }

  TfliteKernels kernels() {
    return kernels.kernels();
  }
}
