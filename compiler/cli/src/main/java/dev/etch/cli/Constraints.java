// SPDX-License-Identifier: Apache-2.0
package dev.etch.cli;

import dev.etch.area.Device;
import dev.etch.area.SpeedGrade;
import dev.etch.diagnostic.DiagnosticException;
import dev.etch.diagnostic.Location;
import dev.etch.hardware.ExternalMemory;
import dev.etch.hardware.Target;
import dev.etch.schedule.Budget;
import dev.etch.schedule.Clock;
import dev.etch.schedule.Mapping;
import dev.etch.schedule.Reload;
import dev.etch.text.MappingParser;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Makes the constraints of a design from a mapping file and options; options win. */
final class Constraints {
  private Constraints() {}

  static Mapping of(MappingOptions options) {
    Optional<Mapping> file = Optional.ofNullable(options.mapping()).map(Constraints::read);
    Optional<Device> named = Optional.ofNullable(options.device()).map(Constraints::device);
    Optional<Target> wanted =
        Optional.ofNullable(options.target())
            .map(Constraints::target)
            .or(() -> named.map(Device::target));
    if (named.isPresent() && !named.map(Device::target).equals(wanted)) {
      throw new DiagnosticException(
          Location.option("--device"),
          "is not of the family " + options.target(),
          "leave out --target, or name another device");
    }
    Optional<Budget> budget =
        Optional.ofNullable(options.budget())
            .map(Constraints::budget)
            .or(() -> named.map(Budget.Resources::of));
    Target target = wanted.or(() -> file.map(Mapping::target)).orElse(Target.GENERIC);
    Optional<Device> device =
        named.or(() -> wanted.isPresent() ? Optional.empty() : file.flatMap(Mapping::device));
    Optional<Clock> stated =
        wanted.isPresent() ? Optional.empty() : file.map(Mapping::clock).filter(Clock::required);
    Optional<Reload> reload = reload(options, file.flatMap(Mapping::reload));
    // A budget on the command line asks for new foldings: those of the file were made for another.
    return valid(
        "--clock",
        () ->
            new Mapping(
                target,
                device,
                Optional.ofNullable(options.clock())
                    .map(Clock::required)
                    .or(() -> stated)
                    .orElseGet(() -> Clock.assumed(SpeedGrade.fastest(target, device))),
                budget.or(() -> file.flatMap(Mapping::budget)),
                reload,
                file.map(Mapping::memory).orElse(ExternalMemory.STANDARD),
                budget.isPresent() ? Map.of() : file.map(Mapping::layers).orElse(Map.of()),
                budget.isPresent() ? List.of() : file.map(Mapping::arrays).orElse(List.of())));
  }

  private static Optional<Reload> reload(MappingOptions options, Optional<Reload> file) {
    boolean loads =
        options.weights() == null
            ? file.isPresent()
            : options.weights() == MappingOptions.WeightsOption.reloadable;
    Optional<Double> headroom = share("--headroom", options.headroom(), loads);
    Optional<Double> ofSteps = share("--step-headroom", options.stepHeadroom(), loads);
    Optional<Integer> buffers = buffers(options.buffers(), loads);
    if (!loads) {
      return Optional.empty();
    }
    return Optional.of(
        new Reload(
            headroom.or(() -> file.map(Reload::headroom)).orElse(Reload.STANDARD_HEADROOM),
            ofSteps.or(() -> file.flatMap(Reload::stepHeadroom)),
            buffers.or(() -> file.flatMap(Reload::buffers))));
  }

  private static Optional<Integer> buffers(Integer count, boolean loads) {
    if (count == null) {
      return Optional.empty();
    }
    requireLoaded("--buffers", loads);
    Optional<Integer> buffers = Optional.of(count);
    return valid(
        "--buffers",
        () -> new Reload(Reload.STANDARD_HEADROOM, Optional.empty(), buffers).buffers());
  }

  /** A share of an option that may be absent; 20% or 20 is a fifth. */
  private static Optional<Double> share(String option, String percent, boolean loads) {
    if (percent == null) {
      return Optional.empty();
    }
    requireLoaded(option, loads);
    double share = share(option, percent);
    return Optional.of(valid(option, () -> new Reload(share)).headroom());
  }

  private static void requireLoaded(String option, boolean loads) {
    if (!loads) {
      throw new DiagnosticException(
          Location.option(option),
          "has a meaning for weights that are loaded only",
          "add --weights reloadable");
    }
  }

  private static double share(String option, String percent) {
    String number = percent.endsWith("%") ? percent.substring(0, percent.length() - 1) : percent;
    try {
      return new BigDecimal(number).movePointLeft(2).doubleValue();
    } catch (NumberFormatException e) {
      throw new DiagnosticException(
          Location.option(option), "no share: '" + percent + "'", "give one like 20%");
    }
  }

  private static Mapping read(Path file) {
    try {
      return MappingParser.parse(file.toString(), Files.readString(file));
    } catch (CharacterCodingException e) {
      throw new DiagnosticException(
          Location.file(file.toString()), "is not UTF-8 text", "give a mapping file");
    } catch (IOException e) {
      throw new DiagnosticException(
          Location.file(file.toString()), "cannot be read", "check the path");
    }
  }

  /** The target of that name, as {@code --target} gives it. */
  static Target target(String id) {
    return Target.byId(id)
        .orElseThrow(
            () ->
                new DiagnosticException(
                    Location.option("--target"),
                    "no target '" + id + "'",
                    "one of: " + Target.ids()));
  }

  /** The device of that name, as {@code --device} gives it. */
  static Device device(String id) {
    return Device.byId(id)
        .orElseThrow(
            () ->
                new DiagnosticException(
                    Location.option("--device"),
                    "no device '" + id + "'",
                    "one of: " + Device.ids()));
  }

  private static Budget budget(MappingOptions.BudgetOption option) {
    if (option.multipliers != null) {
      return valid("--multipliers", () -> new Budget.Multipliers(option.multipliers));
    }
    if (option.fps != null) {
      return valid("--fps", () -> new Budget.FramesPerSecond(option.fps));
    }
    if (option.resources != null) {
      return valid("--budget", () -> Budget.Resources.of(option.resources));
    }
    return valid("--cycles", () -> new Budget.CyclesPerFrame(option.cycles));
  }

  private static <T> T valid(String option, Supplier<T> value) {
    try {
      return value.get();
    } catch (IllegalArgumentException e) {
      throw new DiagnosticException(Location.option(option), e.getMessage(), "");
    }
  }
}
