// SPDX-License-Identifier: Apache-2.0
package dev.etch.cli;

/** Whether ONNX Runtime is there: a class of its own, which loads without it. */
final class OnnxRuntimeInstallation {
  private OnnxRuntimeInstallation() {}

  /** Whether its classes are on the class path; the launcher puts them there for the benchmark. */
  static boolean isPresent() {
    try {
      Class.forName(
          "ai.onnxruntime.OrtEnvironment", false, OnnxRuntimeInstallation.class.getClassLoader());
      return true;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }
}
