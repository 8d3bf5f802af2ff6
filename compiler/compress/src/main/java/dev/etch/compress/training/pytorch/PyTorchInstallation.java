// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.training.pytorch;

import dev.etch.testbench.ToolMissingException;

/** Whether PyTorch is there: a class of its own, which loads without it. */
public final class PyTorchInstallation {
  private PyTorchInstallation() {}

  /**
   * Complains unless its classes are on the class path.
   *
   * @throws ToolMissingException if they are not
   */
  public static void require() {
    try {
      Class.forName("ai.djl.engine.Engine", false, PyTorchInstallation.class.getClassLoader());
    } catch (ClassNotFoundException e) {
      throw ToolMissingException.library("PyTorch (through the Deep Java Library)");
    }
  }
}
