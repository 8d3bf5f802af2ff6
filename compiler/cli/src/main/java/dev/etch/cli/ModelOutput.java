// SPDX-License-Identifier: Apache-2.0
package dev.etch.cli;

import dev.etch.compressed.CompressedModel;
import dev.etch.diagnostic.DiagnosticException;
import dev.etch.diagnostic.Location;
import dev.etch.exporter.OnnxExporter;
import dev.etch.graph.Graph;
import dev.etch.text.GraphPrinter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** The forms in which models are written, told by the name of the file. */
final class ModelOutput {
  /** What a file of a model holds. */
  enum Form {
    /** Etch's text. */
    TEXT(".etch") {
      @Override
      byte[] bytes(Graph graph) {
        return GraphPrinter.print(graph).getBytes(StandardCharsets.UTF_8);
      }
    },

    /** The same as few bytes. */
    COMPRESSED(CompressedModel.EXTENSION) {
      @Override
      byte[] bytes(Graph graph) {
        return CompressedModel.write(graph);
      }
    },

    /** ONNX, for other tools. */
    ONNX(".onnx") {
      @Override
      byte[] bytes(Graph graph) {
        return OnnxExporter.export(graph);
      }
    };

    private final String extension;

    Form(String extension) {
      this.extension = extension;
    }

    abstract byte[] bytes(Graph graph);
  }

  private ModelOutput() {}

  /**
   * The form that a name asks for.
   *
   * @throws DiagnosticException if it asks for none
   */
  static Form form(Path file) {
    for (Form form : Form.values()) {
      if (file.toString().endsWith(form.extension)) {
        return form;
      }
    }
    throw new DiagnosticException(
        Location.option("--output"),
        "'" + file + "' is no name of a model",
        "end it in .etch, .etchz or .onnx");
  }
}
