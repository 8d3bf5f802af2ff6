// SPDX-License-Identifier: Apache-2.0
package dev.etch.schedule;

import dev.etch.area.Device;
import dev.etch.area.SpeedGrade;
import dev.etch.hardware.ExternalMemory;
import dev.etch.hardware.Target;
import dev.etch.lower.Folding;
import dev.etch.lower.SharedLayers;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What a hardware engineer decides. As an input everything that is absent is chosen; as a result it
 * is complete and reproduces the design.
 *
 * @param target device family
 * @param device one of the family, if it matters which
 * @param clock that it has to run at, or is taken to
 * @param budget what the foldings that are not given have to meet
 * @param reload if the host loads weights
 * @param memory outside, for layers that read their words from there
 * @param layers foldings by layer
 * @param arrays layers that use the same multipliers; a layer with a folding that is in none of
 *     them has its own
 */
public record Mapping(
    Target target,
    Optional<Device> device,
    Clock clock,
    Optional<Budget> budget,
    Optional<Reload> reload,
    ExternalMemory memory,
    Map<String, Folding> layers,
    List<SharedLayers> arrays) {
  public Mapping {
    Objects.requireNonNull(target);
    Objects.requireNonNull(clock);
    Objects.requireNonNull(budget);
    Objects.requireNonNull(reload);
    Objects.requireNonNull(memory);
    if (device.isPresent() && device.get().target() != target) {
      throw new IllegalArgumentException(device.get().id() + " is not of the family " + target);
    }
    layers = Collections.unmodifiableMap(new LinkedHashMap<>(layers));
    arrays = List.copyOf(arrays);
  }

  /** Everything is left to the search, except the budget. */
  public static Mapping of(Target target, Optional<Budget> budget) {
    Clock clock = Clock.assumed(SpeedGrade.fastest(target));
    return of(target, Optional.empty(), clock, budget);
  }

  /** The same for a device. */
  public static Mapping of(Device device, Optional<Budget> budget) {
    Optional<Device> on = Optional.of(device);
    Clock clock = Clock.assumed(SpeedGrade.fastest(device.target(), on));
    return of(device.target(), on, clock, budget);
  }

  private static Mapping of(
      Target target, Optional<Device> device, Clock clock, Optional<Budget> budget) {
    return new Mapping(
        target,
        device,
        clock,
        budget,
        Optional.empty(),
        ExternalMemory.STANDARD,
        Map.of(),
        List.of());
  }

  /** The same decisions with other foldings. */
  public Mapping withLayers(Map<String, Folding> foldings) {
    return new Mapping(target, device, clock, budget, reload, memory, foldings, arrays);
  }

  /** The same decisions with other arrays. */
  public Mapping withArrays(List<SharedLayers> shared) {
    return new Mapping(target, device, clock, budget, reload, memory, layers, shared);
  }

  /** The same decisions for weights that the host loads. */
  public Mapping withReload(Reload loaded) {
    return new Mapping(target, device, clock, budget, Optional.of(loaded), memory, layers, arrays);
  }

  /** The same decisions for another memory outside. */
  public Mapping withMemory(ExternalMemory outside) {
    return new Mapping(target, device, clock, budget, reload, outside, layers, arrays);
  }

  /** The same decisions with another clock. */
  public Mapping withClock(Clock other) {
    return new Mapping(target, device, other, budget, reload, memory, layers, arrays);
  }

  /** The clock in MHz. */
  public double clockMegahertz() {
    return clock.megahertz();
  }
}
