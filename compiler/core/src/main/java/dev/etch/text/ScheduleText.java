// SPDX-License-Identifier: Apache-2.0
package dev.etch.text;

import dev.etch.hardware.Program;
import dev.etch.hardware.Program.Drain;
import dev.etch.hardware.Program.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Compact text of schedules, one word a cycle. A step is {@code address.element*weight}, with a
 * semicolon behind the last of a part and {@code -} for nothing; a drain is {@code lane>output},
 * with {@code <} in front of the first and {@code ;} behind the last of an output and {@code '}
 * when it belongs to the previous pixel.
 */
final class ScheduleText {
  private ScheduleText() {}

  static String printLane(Program.Lane lane) {
    return lane.steps().stream().map(ScheduleText::printStep).collect(Collectors.joining(" "));
  }

  private static String printStep(Step step) {
    if (step.isIdle()) {
      return "-";
    }
    String text = step.address() + "." + step.element() + "*" + step.weight();
    return step.last() ? text + ";" : text;
  }

  static Program.Lane parseLane(String text) {
    List<Step> steps = new ArrayList<>();
    for (String word : text.split(" ", -1)) {
      steps.add(parseStep(word));
    }
    return new Program.Lane(steps);
  }

  private static Step parseStep(String word) {
    if (word.equals("-")) {
      return Step.IDLE;
    }
    boolean last = word.endsWith(";");
    int dot = word.indexOf('.');
    int star = word.indexOf('*');
    if (dot < 0 || star < dot) {
      throw new IllegalArgumentException("not a step: " + word);
    }
    return new Step(
        Integer.parseInt(word.substring(0, dot)),
        Integer.parseInt(word.substring(dot + 1, star)),
        Integer.parseInt(word.substring(star + 1, word.length() - (last ? 1 : 0))),
        last);
  }

  static String printDrain(Drain drain) {
    if (drain.idle()) {
      return "-";
    }
    return (drain.first() ? "<" : "")
        + drain.lane()
        + ">"
        + drain.output()
        + (drain.last() ? ";" : "")
        + (drain.previousPixel() ? "'" : "");
  }

  static Drain parseDrain(String word) {
    if (word.equals("-")) {
      return Drain.IDLE;
    }
    boolean first = word.startsWith("<");
    boolean previous = word.endsWith("'");
    String rest = word.substring(first ? 1 : 0, word.length() - (previous ? 1 : 0));
    boolean last = rest.endsWith(";");
    int arrow = rest.indexOf('>');
    if (arrow < 0) {
      throw new IllegalArgumentException("not a drain: " + word);
    }
    return Drain.of(
        Integer.parseInt(rest.substring(0, arrow)),
        first,
        last,
        Integer.parseInt(rest.substring(arrow + 1, rest.length() - (last ? 1 : 0))),
        previous);
  }
}
