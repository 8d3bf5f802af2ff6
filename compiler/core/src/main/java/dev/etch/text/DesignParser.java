// SPDX-License-Identifier: Apache-2.0
package dev.etch.text;

import dev.etch.diagnostic.DiagnosticException;
import dev.etch.hardware.Design;
import dev.etch.hardware.OutputPort;
import dev.etch.hardware.SharedArray;
import dev.etch.hardware.Stream;
import dev.etch.hardware.StreamType;
import dev.etch.hardware.Unit;
import dev.etch.tensor.IntegerType;
import dev.etch.text.antlr.EtchParser;
import dev.etch.text.antlr.EtchParser.DesignFileContext;
import dev.etch.text.antlr.EtchParser.OutputPortContext;
import dev.etch.text.antlr.EtchParser.SharedArrayContext;
import dev.etch.text.antlr.EtchParser.StreamDeclarationContext;
import dev.etch.text.antlr.EtchParser.UnitContext;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.antlr.v4.runtime.Token;

/** Reads what {@link DesignPrinter} writes. */
public final class DesignParser {
  private final SourceText source;
  private final Map<String, Stream> streams = new LinkedHashMap<>();
  private final Map<Stream, Integer> depths = new LinkedHashMap<>();
  private final RecordReader records;

  private DesignParser(SourceText source) {
    this.source = source;
    this.records = new RecordReader(source, streams);
  }

  /**
   * Parses a design.
   *
   * @param file name for diagnostics
   * @throws DiagnosticException with line and column if the text is not a valid design
   */
  public static Design parse(String file, String text) {
    SourceText source = new SourceText(file, text);
    return new DesignParser(source).design(source.parse(EtchParser::designFile));
  }

  private Design design(DesignFileContext context) {
    context.streamDeclaration().forEach(this::declare);
    List<Unit> units = context.unit().stream().map(this::unit).toList();
    try {
      return new Design(
          Quoting.unquote(context.name.getText()),
          units,
          depths,
          resolve(context.in),
          context.outputPort().stream().map(this::output).toList(),
          context.sharedArray().stream().map(this::array).toList(),
          context.buffers == null ? 1 : Integer.parseInt(context.buffers.getText()));
    } catch (IllegalArgumentException e) {
      throw source.error(context.getStart(), String.valueOf(e.getMessage()), "");
    }
  }

  private void declare(StreamDeclarationContext context) {
    try {
      String name = Quoting.unvalue(context.value.getText());
      StreamType type =
          new StreamType(
              Integer.parseInt(context.elements.getText()),
              IntegerType.parse(context.element.getText()));
      Stream stream = new Stream(name, type, Integer.parseInt(context.beats.getText()));
      streams.put(name, stream);
      depths.put(stream, Integer.valueOf(context.depth.getText()));
    } catch (IllegalArgumentException e) {
      throw source.error(context.getStart(), String.valueOf(e.getMessage()), "");
    }
  }

  private Unit unit(UnitContext context) {
    Class<?> kind =
        RecordReader.permitted(Unit.class, context.kind.getText())
            .orElseThrow(() -> source.error(context.kind, "no such unit", ""));
    return (Unit) records.record(kind, context.attributes(), context.kind);
  }

  private OutputPort output(OutputPortContext context) {
    String name = context.name == null ? OutputPort.ONLY : Quoting.unquote(context.name.getText());
    try {
      return new OutputPort(name, resolve(context.out));
    } catch (IllegalArgumentException e) {
      throw source.error(context.getStart(), String.valueOf(e.getMessage()), "");
    }
  }

  private SharedArray array(SharedArrayContext context) {
    return records.record(SharedArray.class, context.attributes(), context.getStart());
  }

  private Stream resolve(Token token) {
    Stream stream = streams.get(Quoting.unvalue(token.getText()));
    if (stream == null) {
      throw source.error(token, "no stream " + token.getText(), "declare it above");
    }
    return stream;
  }
}
