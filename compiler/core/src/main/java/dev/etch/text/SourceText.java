// SPDX-License-Identifier: Apache-2.0
package dev.etch.text;

import dev.etch.diagnostic.DiagnosticCollector;
import dev.etch.diagnostic.DiagnosticException;
import dev.etch.diagnostic.Location;
import dev.etch.text.antlr.EtchLexer;
import dev.etch.text.antlr.EtchParser;
import java.util.List;
import java.util.function.Function;
import org.antlr.v4.runtime.BaseErrorListener;
import org.antlr.v4.runtime.CharStreams;
import org.antlr.v4.runtime.CommonTokenStream;
import org.antlr.v4.runtime.RecognitionException;
import org.antlr.v4.runtime.Recognizer;
import org.antlr.v4.runtime.Token;

/** A text to parse: reports syntax errors with line, column and caret, and locates later ones. */
final class SourceText {
  private final String file;
  private final String text;
  private final List<String> lines;
  private final DiagnosticCollector diagnostics = new DiagnosticCollector();

  SourceText(String file, String text) {
    this.file = file;
    this.text = text;
    this.lines = text.lines().toList();
  }

  /**
   * Parses with one of the grammar's entry rules.
   *
   * @throws DiagnosticException with every syntax error
   */
  <T> T parse(Function<EtchParser, T> rule) {
    EtchLexer lexer = new EtchLexer(CharStreams.fromString(text));
    lexer.removeErrorListeners();
    EtchParser parser = new EtchParser(new CommonTokenStream(lexer));
    parser.removeErrorListeners();
    parser.addErrorListener(new Listener());
    T tree = rule.apply(parser);
    diagnostics.throwIfErrors();
    return tree;
  }

  /** Where a token stands. */
  Location at(Token token) {
    return at(token.getLine(), token.getCharPositionInLine());
  }

  /** An error at a token. */
  DiagnosticException error(Token token, String message, String help) {
    return new DiagnosticException(at(token), message, help);
  }

  private Location at(int line, int column) {
    String source = line >= 1 && line <= lines.size() ? lines.get(line - 1) : "";
    // A line of weights is too long to show; the caret's neighbourhood says as much.
    int from = Math.max(0, Math.min(column, source.length()) - 60);
    int to = Math.min(source.length(), from + 100);
    if (source.length() <= 100) {
      return Location.text(file, line, column + 1, source);
    }
    return new Location.OfText(
        file, line, column + 1, source.substring(from, to), column - from + 1);
  }

  private final class Listener extends BaseErrorListener {
    @Override
    public void syntaxError(
        Recognizer<?, ?> recognizer,
        Object symbol,
        int line,
        int column,
        String message,
        RecognitionException e) {
      diagnostics.error(at(line, column), message, "");
    }
  }
}
